"""Words have the forms they need: no verb of a rule or of a role is one that no sentence can contain."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from test_claims import read, said
from test_claims_rules import extract

from mapper.claims import RULES, Rule
from mapper.claims.forms import plurals, third_person, verb_forms
from mapper.claims.lexicon import VERB_FORMS
from mapper.claims.rules import VERB_FRAMES

CLAIMS = Path(__file__).resolve().parent.parent / "mapper" / "claims"
LEMMAS = {lemma for lemma, _ in VERB_FORMS.values()} | {"be", "have", "do"}


def by_code() -> dict[str, dict[str, str]]:
    """Lemma → code → form."""
    found = {"have": {"b": "have", "s": "has", "d": "had", "n": "had", "g": "having"}}
    for form, (lemma, codes) in VERB_FORMS.items():
        for code in codes:
            found.setdefault(lemma, {}).setdefault(code, form)
    return found


FORMS = by_code()


# -- forms are derived -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("seize", "seize seizes seized seizing"),
        ("deny", "deny denies denied denying"),
        ("deploy", "deploy deploys deployed deploying"),
        ("vie", "vie vies vied vying"),
        ("agree", "agree agrees agreed agreeing"),
        ("storm", "storm storms stormed storming"),
        ("bar", "bar bars barred barring"),
        ("reach", "reach reaches reached reaching"),
        ("deter", "deter deters deterred deterring"),
        ("travel", "travel travels travelled traveled travelling traveling"),
        ("claw", "claw claws clawed clawing"),
        ("retake", "retake retakes retook retaken retaking"),
        ("quit", "quit quits quitting"),
        ("dream", "dream dreams dreamed dreamt dreaming"),
        ("undo", "undo undoes undid undone undoing"),
    ],
)
def test_a_verbs_forms_follow_from_its_principal_parts(lemma: str, forms: str) -> None:
    irregular = (
        "retake retook retaken",
        "quit quit quit",
        "dream dreamed dreamed",
        "dream dreamt dreamt",
        "undo undid undone",
    )
    table = verb_forms([lemma], irregular, {"deter"}, {"travel"})
    assert {form for form, (of, _) in table.items() if of == lemma} == set(forms.split())


def test_a_form_says_what_it_can_be() -> None:
    table = verb_forms(["seize"], ["take took taken", "cut cut cut"], (), ())
    assert {form: table[form][1] for form in ("seize", "seizes", "seized", "seizing")} == {
        "seize": "b", "seizes": "s", "seized": "dn", "seizing": "g",
    }  # fmt: skip
    assert {form: table[form][1] for form in ("took", "taken", "cut")} == {"took": "d", "taken": "n", "cut": "bdn"}


def test_a_form_of_two_verbs_is_the_irregular_ones() -> None:
    assert verb_forms(["found"], ["find found found"], (), ())["found"] == ("find", "dn")
    assert verb_forms([], ["lay laid laid", "lie lay lain"], (), ())["lay"] == ("lay", "bd")


def test_nouns_have_their_plurals() -> None:
    assert plurals(["battle", "push", "factory", "convoy"]) == {
        "battle", "battles", "push", "pushes", "factory", "factories", "convoy", "convoys",
    }  # fmt: skip
    assert third_person("embargo") == "embargoes"


# -- every word a decision asks for is one that the reader can find -----------------------------------------------------


def asked_lemmas() -> list[tuple[str, str]]:
    """``(where, word)`` of each lemma that a module of the stage compares a verb with."""
    found = []
    for path in sorted(CLAIMS.glob("*.py")):
        if path.stem == "__init__":
            continue
        names = vars(importlib.import_module(f"mapper.claims.{path.stem}"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Compare):
                continue
            left = node.left
            name = left.attr if isinstance(left, ast.Attribute) else left.id if isinstance(left, ast.Name) else ""
            if name != "lemma":
                continue
            right = node.comparators[0]
            if isinstance(right, ast.Call):  # a table of word lists: "_ALLYING.get(word, …)"
                table = eval(ast.unparse(right.func.value), names)  # noqa: S307 our own source
                words = {word for row in table.values() for word in row}
            else:
                value = eval(ast.unparse(right), names)  # noqa: S307
                words = {value} if isinstance(value, str) else set(value)
            found += [(f"{path.name}:{node.lineno}", word) for word in words]
    return found


def test_every_verb_a_decision_asks_for_has_forms() -> None:
    asked = asked_lemmas()
    assert len(asked) > 500  # the search itself works
    assert not sorted({(where, word) for where, word in asked if word not in LEMMAS})


def test_every_verb_of_a_rule_has_forms() -> None:
    assert not [(rule.name, word) for rule in RULES if rule.frame in VERB_FRAMES for word in rule.words - LEMMAS]


# -- and each word of a rule fires ----------------------------------------------------------------------------------------

# what the row's own example cannot say with every verb of the row: (rule, words) → sentence, «c» standing for the form
SHAPES = {
    ("withdraw", "evacuate"): "The army «d» its troops out of {Velmar} on Sunday.",
    ("withdraw", "pull stream slip"): "Government troops «d» out of {Velmar} on Sunday.",
    ("withdraw", "fall"): "Government troops «d» back from {Velmar} on Sunday.",
    ("abandon", "leave"): "The rebels «d» {Velmar} on Sunday.",
    ("hold", "dominate"): "The Taliban «b» {Velmar} and the road to it.",
    ("cling", "hang cling hold"): "The militants «d» on to {Velmar}.",
    ("keep-control", "be"): "The junta is in control of {Velmar}.",
    ("under-control", "hands"): "{Velmar} is in the hands of the rebels.",
    ("offensive-noun", "campaign operation operations campaigns"): "A soldier died in the {Velmar} ground «».",
    ("enter", "reach"): "The Syrian army «d» {Velmar} on Thursday.",
    ("deploy", "arrive"): "Government troops «d» in {Velmar} on Thursday.",
    ("build-up", "take"): "The army «d» up positions in {Velmar}.",
    ("build-up", "keep maintain send dispatch concentrate"): "The army «d» its troops in {Velmar}.",
    ("turned-into-base", "turn convert make"): "The rebels «d» {Velmar} into their base.",
    ("turned-into-base", "use regard"): "The rebels «d» {Velmar} as their base.",
    ("cut-off", "close block sever cut"): "The army «d» all routes into {Velmar}.",
    ("expel", "clean throw kick boot"): "Iraqi forces «d» the militants out of {Velmar}.",
    ("move-into", "drive"): "Army columns «d» into {Velmar}.",
}


def sentences_of(rule: Rule) -> list[tuple[str, str]]:
    """``(word, sentence)`` for each word of a rule: the row's example with the word in the place of its own."""
    verbal = rule.frame in VERB_FRAMES
    found = []
    shaped = {(word): text for (name, words), text in SHAPES.items() if name == rule.name for word in words.split()}
    for word in sorted(rule.words):
        if word in shaped:
            text = re.sub("«(.?)»", lambda m: FORMS[word][m.group(1)] if m.group(1) else word, shaped[word])  # noqa: B023
            found.append((word, text))
            continue
        for match in re.finditer(r"[\w-]+", rule.positive):
            low = match.group().lower()
            own = (
                VERB_FORMS.get(low, ("", ""))[0]
                if verbal
                else max((w for w in rule.words if low.endswith(w)), key=len, default="")
            )
            if own not in rule.words:
                continue
            form = word
            if verbal:
                before = rule.positive[: match.start()].split()[-1:]
                code = VERB_FORMS[low][1]
                code = (
                    "n"
                    if "n" in code and before and before[0] in ("was", "were", "have", "has", "had", "been")
                    else code
                )
                form = FORMS[word][code[-2] if code.endswith("dn") else code[0]]
            elif low != own:
                form = low.removesuffix(own) + word
            found.append((word, rule.positive[: match.start()] + form + rule.positive[match.end() :]))
            break
        else:
            message = f"{rule.name}: no word of the rule in its example"
            raise AssertionError(message)
    return found


@pytest.mark.parametrize(("rule", "word", "text"), [(r.name, w, t) for r in RULES for w, t in sentences_of(r)])
def test_every_word_of_a_rule_can_fire(rule: str, word: str, text: str) -> None:
    claims = extract(text).claims
    assert any(claim.rule == rule for claim in claims), (text, word, [c.rule for c in claims])


# -- what those words say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army was deterred from capturing {Velmar}.", {"captured Velmar by army (negated)"}),
        ("The army was discouraged from taking {Velmar}.", {"captured Velmar by army (negated)"}),
        ("The rebels were barred from entering {Velmar}.", {"presence Velmar by rebels (negated)"}),
        ("The rebels were prohibited from entering {Velmar}.", {"presence Velmar by rebels (negated)"}),
        ("Heavy snow kept the army from capturing {Velmar}.", {"captured Velmar by army (negated)"}),
        ("The rebels avoided losing {Velmar}.", {"lost Velmar from rebels (negated)"}),
        ("The rebels dreamed of retaking {Velmar}.", {"captured Velmar by rebels (planned)"}),
        ("The rebels counted on retaking {Velmar}.", {"captured Velmar by rebels (planned)"}),
        ("The rebels contemplated abandoning {Velmar}.", {"withdrew Velmar from rebels (planned)"}),
        ("The rebels postponed entering {Velmar}.", {"presence Velmar by rebels (planned)"}),
        ("The army declined to enter {Velmar}.", {"presence Velmar by army (negated)"}),
        ("The army was compelled to abandon {Velmar}.", {"withdrew Velmar from army"}),
        ("The rebels are estimated to control {Velmar}.", {"holds Velmar by rebels (attributed)"}),
        ("The army awaits the recapture of {Velmar}.", {"captured Velmar (planned)"}),
        ("The rebels feared the loss of {Velmar}.", {"lost Velmar (planned)"}),
        ("Fighting ensued in {Velmar}.", {"contested Velmar"}),
        ("Iraqi forces kicked the militants out of {Velmar}.", {"captured Velmar by Iraqi forces from militants"}),
        ("Rebels threw the soldiers out of {Velmar}.", {"captured Velmar by Rebels from soldiers"}),
        ("The army purged {Velmar} of militants.", {"captured Velmar by army from militants"}),
        ("Control of {Velmar} reverted to the rebels.", {"transferred Velmar by rebels"}),
        ("The army yielded {Velmar} to the rebels.", {"transferred Velmar by rebels from army"}),
        ("The army reasserted control over {Velmar}.", {"captured Velmar by army"}),
        ("The militants hung on to {Velmar}.", {"holds Velmar by militants"}),
        ("The retaking of {Velmar} by the army took two months.", {"captured Velmar by army"}),
        ("{Velmar} and {Hit} are redoubts of the Taliban.", {"holds Velmar by Taliban", "holds Hit by Taliban"}),
        ("The rebels stayed in {Velmar}.", {"presence Velmar by rebels"}),
        ("The army dispatched troops to {Velmar}.", {"presence Velmar by army"}),
        ("Government troops arrived in {Velmar} on Thursday.", {"presence Velmar by Government troops"}),
        ("Villagers arrived in {Velmar} on Thursday.", set()),
        ("The army is to share a prize with a club from {Velmar}.", set()),
        ("The player kicked the ball out of {Velmar} Park.", set()),
    ],
)
def test_each_form_of_a_word_says_what_the_word_says(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected


@pytest.mark.parametrize("verb", ["prevented", "averted", "avoided", "stopped", "thwarted"])
def test_a_fall_that_was_prevented_is_no_fall(verb: str) -> None:
    assert said(read(f"The rebels {verb} the fall of {{Velmar}}.").claims) == {"lost Velmar (negated)"}


def test_a_fall_that_could_not_be_prevented_and_one_that_stopped_something_happened() -> None:
    failed = "The rebels failed to prevent the fall of {Velmar}."
    assert said(read(failed).claims) == {"lost Velmar from rebels"}
    assert said(read("The fall of {Velmar} stopped the rebels.").claims) == {"lost Velmar"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army retreated without capturing {Velmar}.", {"captured Velmar by army (negated)"}),
        ("The army called for the liberation of {Velmar}.", {"captured Velmar (planned)"}),
        ("The army denied losing {Velmar}.", {"denied Velmar from army (attributed)"}),
        (
            "The army failed to retake {Velmar}.",
            {"captured Velmar by army (negated)", "contested Velmar by army"},
        ),
        ("The army refused to retake {Velmar}.", {"captured Velmar by army (negated)"}),
    ],
)
def test_what_was_not_done_is_not_told_as_done(text: str, expected: set[str]) -> None:
    assert said(read(text).claims) == expected
