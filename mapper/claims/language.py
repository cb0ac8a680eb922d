"""Whether a text is English: enough English function words, or too short to say."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from mapper.claims.lexicon import words

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH: Final = words(
    "the of and to in a is was for on that by with from at as are were has had have been it its his their he they be an"
    " or which who not but after this will said"
)
_OTHER: Final = words(
    "el la los las de del y que en por con una un se su les des et du le dans pour une est sur au aux der die das und den von"
    " mit im zu auf ist dem ein eine il di che della dei gli nel al da do os em para uma het een van dat te zijn och att som"
    " det er og til på bir ve bu için ile w na się nie jest z do je se v ve da su"
) - {"die", "do", "al", "la", "de", "er", "se", "el", "van", "is", "te"}
_SAMPLE: Final = 400  # words looked at: enough for a stable share


def is_english(text: str) -> bool:
    """True for English running text and for texts too short to tell (headlines, table cells).

    English news has 35-50 % of these words; French, Spanish, German, Dutch below 12 %; other scripts none.
    """
    written = [match[0] for match in islice(_WORD.finditer(text), _SAMPLE)]
    found = list(map(str.lower, written))
    letters = "".join(found)
    if not letters.isascii() and sum(ch < "ɐ" for ch in letters) < 0.5 * len(letters):
        return False
    english = sum(map(_ENGLISH.__contains__, found))
    other = sum(map(_OTHER.__contains__, found))
    if len(found) < 40:
        return english >= other
    running = sum(word[0].islower() for word in written)  # a sentence full of names is no other language
    return english >= 0.15 * running and english > other
