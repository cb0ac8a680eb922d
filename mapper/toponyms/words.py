"""Word tables of the recogniser and resolver: demonyms, state abbreviations, type words and other cues.

These are facts about English news prose, kept as source. What is counted or weighted lives in ``data/models``.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text; a table of words is easier to read and to extend as running text than as a list."""
    return frozenset(text.split())


# Demonym or adjective → ISO 3166-1 alpha-2 country, or a name the gazetteer knows when it is no country.
_DEMONYM_TABLE = """
AF Afghan Afghani; AL Albanian; DZ Algerian; AD Andorran; AO Angolan; AR Argentine Argentinian Argentinean; AM Armenian
AU Australian Aussie; AT Austrian; AZ Azerbaijani Azeri; BS Bahamian; BH Bahraini; BD Bangladeshi; BB Barbadian
BY Belarusian Belarussian; BE Belgian; BZ Belizean; BJ Beninese; BT Bhutanese; BO Bolivian; BA Bosnian; BW Batswana
BR Brazilian; BN Bruneian; BG Bulgarian; BF Burkinabe Burkinabé; MM Burmese Myanma; BI Burundian; KH Cambodian
CM Cameroonian; CA Canadian; CV Cape-Verdean; TD Chadian; CL Chilean; CN Chinese; CO Colombian; KM Comoran Comorian
CD Congolese; CR Costa-Rican; HR Croatian Croat; CU Cuban; CY Cypriot; CZ Czech; DK Danish Dane; DJ Djiboutian
DO Dominican; NL Dutch; TL Timorese; EC Ecuadorian Ecuadorean; EG Egyptian; SV Salvadoran Salvadorean; ER Eritrean
EE Estonian; ET Ethiopian; FJ Fijian; PH Filipino Philippine; FI Finnish Finn; FR French; GA Gabonese; GM Gambian
GE Georgian; DE German; GH Ghanaian; GR Greek; GL Greenlandic; GD Grenadian; GT Guatemalan; GN Guinean; GY Guyanese
HT Haitian; HN Honduran; HU Hungarian; IS Icelandic Icelander; IN Indian; ID Indonesian; IR Iranian; IQ Iraqi
IE Irish; IL Israeli; IT Italian; CI Ivorian; JM Jamaican; JP Japanese; JO Jordanian; KZ Kazakh Kazakhstani; KE Kenyan
KW Kuwaiti; KG Kyrgyz; LA Laotian; LV Latvian; LB Lebanese; LR Liberian; LY Libyan; LT Lithuanian; LU Luxembourgish
MK Macedonian; MG Malagasy; MW Malawian; MY Malaysian; MV Maldivian; ML Malian; MT Maltese; MR Mauritanian
MU Mauritian; MX Mexican; MD Moldovan; MN Mongolian; ME Montenegrin; MA Moroccan; MZ Mozambican; NA Namibian
NP Nepalese Nepali; NZ New-Zealander Kiwi; NI Nicaraguan; NE Nigerien; NG Nigerian; KP North-Korean; NO Norwegian
OM Omani; PK Pakistani; PS Palestinian; PA Panamanian; PG Papua-New-Guinean; PY Paraguayan; PE Peruvian; PL Polish
PT Portuguese; PR Puerto-Rican; QA Qatari; RO Romanian; RU Russian; RW Rwandan; WS Samoan; SA Saudi Saudi-Arabian
SN Senegalese; RS Serbian Serb; SC Seychellois; SL Sierra-Leonean; SG Singaporean; SK Slovak Slovakian; SI Slovenian Slovene
SO Somali Somalian; ZA South-African; KR South-Korean; SS South-Sudanese; ES Spanish Spaniard; LK Sri-Lankan; SD Sudanese
SR Surinamese; SZ Swazi; SE Swedish Swede; CH Swiss; SY Syrian; TW Taiwanese; TJ Tajik; TZ Tanzanian; TH Thai
TG Togolese; TO Tongan; TT Trinidadian; TN Tunisian; TR Turkish Turk; TM Turkmen; UG Ugandan; UA Ukrainian
AE Emirati; GB British Briton Brit English Scottish Welsh; US American; UY Uruguayan; UZ Uzbek; VU Vanuatuan; VE Venezuelan
VN Vietnamese; YE Yemeni Yemenite; ZM Zambian; ZW Zimbabwean; XK Kosovar Kosovan; EH Sahrawi
"""
_REGION_DEMONYMS = {
    "european": "Europe",
    "african": "Africa",
    "asian": "Asia",
    "north american": "North America",
    "south american": "South America",
    "latin american": "Latin America",
    "texan": "Texas",
    "californian": "California",
    "ohioan": "Ohio",
    "floridian": "Florida",
    "new yorker": "New York",
    "londoner": "London",
    "parisian": "Paris",
    "muscovite": "Moscow",
    "gazan": "Gaza Strip",
    "darfuri": "Darfur",
    "chechen": "Chechnya",
    "abkhaz": "Abkhazia",
    "abkhazian": "Abkhazia",
    "ossetian": "South Ossetia",
    "south ossetian": "South Ossetia",
    "north ossetian": "North Ossetia",
    "crimean": "Crimea",
    "catalan": "Catalonia",
    "dagestani": "Dagestan",
    "kashmiri": "Kashmir",
    "quebecois": "Quebec",
    "caribbean": "Caribbean",
}
# Demonyms that are no evidence enough to be marked as a place: languages and everyday adjectives more often than nations.
#: Keys of gazetteer names that news prose means otherwise all but always.
NEVER_PLACES = frozenset(
    (
        "jewish",
        "jews",
        "arab",
        "arabs",
        "christian",
        "muslim",
        "white house",
        "christmas",
        "god",
        "allah",
        "obama",
        "jesus",
        "nato",
        "un",
        "mr",
        "mrs",
        # armed groups and statesmen that some table has as an old name of a town
        "hamas",
        "hezbollah",
        "taliban",
        "stalin",
        "lenin",
    )
)
#: Keys of what a page has in capitals and some table as a village's name. Training has not seen them left out.
OF_A_PAGE = frozenset(
    (
        "islamic state",
        "white helmets",
        *(
            "town",
            "towns",
            "city",
            "cities",
            "village",
            "villages",
            "state",
            "states",
            "district",
            "districts",
            "province",
        ),
        *(
            "provinces",
            "capital",
            "airport",
            "border",
            "front",
            "region",
            "governorate",
            "government",
            "army",
            "forces",
        ),
        *(
            "council",
            "ministry",
            "opposition",
            "rebels",
            "coalition",
            "troops",
            "security",
            "home",
            "world",
            "news",
            "menu",
        ),
        *(
            "contents",
            "total",
            "category",
            "tags",
            "archive",
            "comments",
            "contact",
            "share",
            "print",
            "search",
            "subscribe",
        ),
    )
)
#: Capitalised words before a town's name that make a team or a dish of it: "Real Madrid", "Baked Alaska".
NOT_THE_TOWN = word_set(
    "real inter fc cf atletico atlético sporting bayern dynamo dinamo spartak borussia lokomotiv baked roast roasted fried chicken beef"
)
_WEAK_DEMONYMS = frozenset({"kiwi", "brit", "english", "latin american", "caribbean"})


def _demonyms() -> dict[str, str]:
    table: dict[str, str] = {}
    for entry in _DEMONYM_TABLE.replace("\n", ";").split(";"):
        code, *words = entry.split() or [""]
        for word in words:
            name = word.replace("-", " ").casefold()
            table[name] = code
            if not name.endswith(("ese", "ish", "ch", "ss", "x", "z")) or name in ("czech", "uzbek", "kyrgyz"):
                table[name + "s"] = code
    del table["philippines"]  # the country itself, not several demonyms
    table |= {"englishman": "GB", "frenchman": "FR", "dutchman": "NL", "irishman": "IE", "scots": "GB", "aussies": "AU"}
    return table


#: Folded demonym (singular and plural) → alpha-2 code of its country.
DEMONYMS: dict[str, str] = _demonyms()
#: Folded demonym → name of the region or town it belongs to, for those that are no country's.
REGION_DEMONYMS: dict[str, str] = _REGION_DEMONYMS | {name + "s": place for name, place in _REGION_DEMONYMS.items()}
WEAK_DEMONYMS: frozenset[str] = _WEAK_DEMONYMS

# Written form → "US.LA"-like code. News style (AP) forms need their full stop; postal forms count after a comma only.
_AP_STATES = """
Ala AL;Ariz AZ;Ark AR;Calif CA;Cal CA;Colo CO;Conn CT;Del DE;Fla FL;Ga GA;Ill IL;Ind IN;Kan KS;Kans KS;Ky KY;La LA;Md MD;Mass MA
Mich MI;Minn MN;Miss MS;Mo MO;Mont MT;Neb NE;Nebr NE;Nev NV;N.H NH;N.J NJ;N.M NM;N.Y NY;N.C NC;N.D ND;Okla OK;Ore OR;Pa PA
Penn PA;R.I RI;S.C SC;S.D SD;Tenn TN;Tex TX;Vt VT;Va VA;Wash WA;W.Va WV;W. Va WV;Wis WI;Wyo WY;D.C DC
"""
AP_STATES: dict[str, str] = {
    part.rsplit(" ", 1)[0] + ".": part.rsplit(" ", 1)[1]
    for part in _AP_STATES.replace("\n", ";").split(";")
    if part.strip()
}
_STATES = """
AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;FL Florida;GA Georgia
HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;LA Louisiana;ME Maine;MD Maryland
MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;NE Nebraska;NV Nevada
NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon
PA Pennsylvania;RI Rhode Island;SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia
WA Washington;WV West Virginia;WI Wisconsin;WY Wyoming;DC District of Columbia
"""
#: Postal code of a state → its name.
STATE_NAMES: dict[str, str] = {part[:2]: part[3:] for part in _STATES.strip().replace("\n", ";").split(";")}
POSTAL_STATES: frozenset[str] = frozenset(STATE_NAMES)
#: Other short forms of regions and countries: as written (case matters) → (name to look up, country code or "").
SHORT_FORMS: dict[str, tuple[str, str]] = {
    "U.S.": ("", "US"),
    "U.S": ("", "US"),
    "US": ("", "US"),
    "USA": ("", "US"),
    "U.S.A.": ("", "US"),
    "U.K.": ("", "GB"),
    "UK": ("", "GB"),
    "UAE": ("", "AE"),
    "U.A.E.": ("", "AE"),
    "DRC": ("", "CD"),
    "DPRK": ("", "KP"),
    "PRC": ("", "CN"),
    "KRG": ("Kurdistan", "IQ"),
    "NSW": ("New South Wales", "AU"),
    "B.C.": ("British Columbia", "CA"),
    "Ont.": ("Ontario", "CA"),
    "Que.": ("Quebec", "CA"),
    "Alta.": ("Alberta", "CA"),
    "Sask.": ("Saskatchewan", "CA"),
    "Man.": ("Manitoba", "CA"),
    "N.S.": ("Nova Scotia", "CA"),
    "N.B.": ("New Brunswick", "CA"),
    "Qld": ("Queensland", "AU"),
    "NYC": ("New York City", "US"),
    "L.A.": ("Los Angeles", "US"),
}
#: Short forms that are words or initials of much else: taken for a place only after a comma ("Hull, Que.").
AFTER_COMMA_ONLY: frozenset[str] = frozenset({"Man.", "Que.", "N.S.", "N.B."})


MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun")
TITLES = word_set(
    "mr mrs ms miss dr prof sir lord lady dame rev pastor bishop archbishop pope saint cardinal father sister brother judge justice sen senator rep congressman "
    "congresswoman gov governor president vice premier minister secretary ambassador mayor councilman councilwoman councilor councillor "
    "commissioner chairman chairwoman director coach capt captain sgt sergeant lt lieutenant col colonel maj major gen general adm admiral cmdr "
    "commander officer detective det trooper deputy sheriff chief constable inspector agent attorney spokesman spokeswoman spokesperson "
    "king queen prince princess sheikh sheik imam ayatollah mullah emir sultan king's trustee principal superintendent professor doctor "
    "private pvt cpl corporal pfc coroner alderman author actor actress singer reverend honorable hon msgr bro"
)
STREETS = word_set(
    "street st road rd avenue ave av boulevard blvd drive dr lane ln highway hwy freeway parkway pkwy turnpike pike trail court ct place "
    "plaza square circle terrace way crescent expressway bypass crossing alley row streets roads avenues interstate route trafficway mall loop"
)
#: Heads of organisations and buildings that commonly carry the name of the place they serve.
CIVIC_HEADS = word_set(
    "police fire department sheriff sheriff's city county town township village state high school schools community public board council court "
    "courthouse superior regional area mayor district municipal international airport hospital jail central attorney chamber parish "
    "borough circuit medical center centre senior junior middle elementary volunteer national university college army government library "
    "detention water health coroner commission commissioners prosecutor university's rescue ambulance ems authority port zoo museum "
    "embassy parliament consulate ministry"
)
#: Heads that make the name before them a brand, a team, a paper or a person's memorial rather than a place.
BRAND_HEADS = word_set(
    "times post herald tribune journal news gazette observer star sun globe chronicle daily register press inc corp corporation co company ltd llc "
    "bank group foundation magazine records motors airlines airways insurance industries hotel inn casino restaurant cafe pub bar theatre theater "
    "award awards prize cup trophy bowl stakes act bill treaty accord agreement conference convention institute memorial field stadium arena "
    "united rovers wanderers athletic braves bulldogs tigers bears lions eagles hawks wildcats panthers giants dodgers cowboys lakers celtics yankees "
    "jets reds cubs saints falcons dolphins vikings packers raiders rams chiefs broncos steelers ravens browns bengals colts titans jaguars "
    "rangers knicks nets bulls cavaliers pistons pacers hornets heat magic wizards spurs mavericks rockets suns kings warriors clippers trojans "
    "bruins longhorns aggies sooners huskers gators seminoles hurricanes volunteers crimson pirates phillies mets orioles nationals marlins astros "
    "royals twins brewers cardinals padres mariners rockies diamondbacks bluejays canadiens senators sabres penguins flyers devils islanders "
    "capitals blackhawks avalanche sharks ducks oilers flames canucks thrashers predators fever flu virus disease syndrome terrier shepherd dressing "
    "toast fries cheese pepper sprouts muffin muffins"
)
PLACE_HEADS = word_set(
    "county parish province governorate state region district city town village township municipality borough oblast raion prefecture canton "
    "island islands river lake sea bay gulf mountains mountain valley desert peninsula coast camp suburb neighborhood neighbourhood countryside "
    "airport airbase airfield area metro border crossing pocket enclave plains plain hills strait delta forest creek canyon beach harbor harbour "
    "valley's axis front sub-district subdistrict mohafazah muhafazat emirate republic territory junction hospital base checkpoint refinery dam"
)
#: "the town of X": nouns whose of-complement is a place.
OF_HEADS = word_set(
    "city town village hamlet suburb province governorate state region district county parish island islands capital outskirts countryside port camp "
    "borough municipality township republic kingdom border coast area neighborhood neighbourhood north south east west northeast northwest "
    "southeast southwest northern southern eastern western streets people residents villages towns cities districts provinces stronghold bastion "
    "siege battle control capture liberation fall recapture seizure bombing bombardment shelling occupation invasion mayor university part parts "
    "half most airport enclave suburbs gates centre center settlement subdistrict sub-district oblast emirate gulf bay university mouth "
    "mayor bishop archbishop bank university's county's emirate metropolis community hills plains valley"
)
LOCATIVES = word_set(
    "in at near from to into around outside through across toward towards via inside beyond throughout within between off onto over entering leaving"
)
DIRECTIONS = word_set(
    "north south east west northern southern eastern western central northeast northwest southeast southwest northeastern northwestern southeastern "
    "southwestern upper lower downtown uptown rural suburban greater midtown inner outer mid metro metropolitan"
)
CAPTURE_VERBS = word_set(
    "captured recaptured retook retaken seized overran stormed liberated entered besieged shelled bombed attacked took capture recapture retake seize "
    "storm liberate enter attack conquer conquered regained lost evacuated reached approached left visited hit struck invaded occupied encircled "
    "captures recaptures retakes seizes storms liberates enters besieges shells bombs attacks takes strikes regains loses reaches overruns"
)
SPEECH_VERBS = word_set(
    "said says say told announced accused accuses warned denied insisted insists claimed claims hopes wants rejected refused agreed demanded called "
    "criticised criticized condemned urged vowed pledged threatened fears believes recalled responded replied signalled signaled expressed blamed blames "
    "considers sees imposed backs backed supports supported argues argued welcomed decided severed summoned expelled protested"
)
#: What a commander's name stands before in the possessive: "Sherman's army", "Lee's Confederates".
COMMANDED = word_set(
    "army armies forces force troops men soldiers column columns cavalry infantry corps division divisions brigade brigades fleet "
    "regiment regiments fighters militia militiamen confederates federals rebels guerrillas"
)
#: Type word (alone before "of X", or after X) → feature codes it asks for.
TYPE_CODES: dict[str, tuple[str, ...]] = {
    "county": ("ADM2",),
    "counties": ("ADM2",),
    "parish": ("ADM2",),
    "parishes": ("ADM2",),
    "province": ("ADM1",),
    "provinces": ("ADM1",),
    "governorate": ("ADM1",),
    "governorates": ("ADM1",),
    "state": ("ADM1", "PCLI"),
    "states": ("ADM1", "PCLI"),
    "oblast": ("ADM1",),
    "region": ("ADM1", "RGN"),
    "prefecture": ("ADM1", "ADM2"),
    "district": ("ADM2", "ADM3", "PPLX", "PPL"),
    "city": ("P",),
    "town": ("P",),
    "village": ("P",),
    "villages": ("P",),
    "cities": ("P",),
    "towns": ("P",),
    "hamlet": ("P",),
    "township": ("P", "ADM3"),
    "suburb": ("P",),
    "suburbs": ("P",),
    "neighborhood": ("P",),
    "neighbourhood": ("P",),
    "camp": ("CMP", "P"),
    "river": ("STM",),
    "lake": ("LK",),
    "sea": ("SEA",),
    "island": ("ISL",),
    "islands": ("ISL", "PCLI", "PCLD"),
    "country": ("PCLI",),
    "republic": ("PCLI", "ADM1"),
    "countryside": ("ADM1",),
    "capital": ("P",),
}

#: Armed groups by the countries they fight in: weak evidence of what a text is about. Folded first word or words.
GROUP_COUNTRIES: dict[str, tuple[str, ...]] = {
    "isis": ("SY", "IQ"),
    "isil": ("SY", "IQ"),
    "daesh": ("SY", "IQ"),
    "peshmerga": ("IQ",),
    "ypg": ("SY",),
    "sdf": ("SY",),
    "saa": ("SY",),
    "fsa": ("SY",),
    "nusra": ("SY",),
    "assad": ("SY",),
    "taliban": ("AF",),
    "mujahideen": ("AF",),
    "houthi": ("YE",),
    "houthis": ("YE",),
    "hezbollah": ("LB",),
    "hamas": ("PS",),
    "boko": ("NG",),
    "shabab": ("SO",),
    "shabaab": ("SO",),
    "rsf": ("SD",),
    "janjaweed": ("SD",),
    "haftar": ("LY",),
    "wagner": ("UA",),
    "m23": ("CD",),
    "tatmadaw": ("MM",),
    "tigray": ("ET",),
    "tplf": ("ET",),
    "fano": ("ET",),
    "mndaa": ("MM",),
    "tnla": ("MM",),
    "jnim": ("ML", "BF"),
    "ansarullah": ("YE",),
    "fardc": ("CD",),
    "codeco": ("CD",),
    "ltte": ("LK",),
    "iswap": ("NG",),
    "splm": ("SD", "SS"),
    "ypj": ("SY",),
}

#: Words of wars: a text that has some and names no country is likelier about a country at war than about a namesake in peace.
WAR_WORDS = word_set(
    "airstrike airstrikes artillery barrage barrel besieged besieging ceasefire drones fighters frontline garrison gunships howitzers "
    "insurgents jihadists mercenaries militants militia militias militiamen missiles mortars paramilitaries paramilitary rebels "
    "recaptured retook rockets separatists shelled shelling shells siege troops warplanes jets forces"
)
#: Countries with wars of many battles since 2001.
WAR_COUNTRIES = word_set("AF BF CD CF ET IQ LB LY ML MM NE NG PS SD SO SS SY UA YE")
