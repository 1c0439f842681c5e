"""Scripts and languages of what was read: which of them the readers can be trusted with, and signs of a wrong one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TRUSTED", "distrust", "script_of", "scripts_of"]

TRUSTED: Final = frozenset({"Latin", "Han", "Kana"})
"""Scripts that were measured to be read well enough; of others the models of the wheel know no letters or few."""
FOREIGN_SHARE: Final = 0.02
"""From this share of letters of a script on that is not trusted, a page is not transcribed."""
ODD_WORDS: Final = 0.06
"""From this share of oddly cased words on, Latin letters stand for those of another script."""
LEAST_WORDS: Final = 8
"""Fewer words prove nothing."""
RUN_ON_SHARE: Final = 0.1
"""From this share of letters in words of 26 and more on, the spaces between words were lost."""
VIETNAMESE_SHARE: Final = 0.02
"""From this share of letters that Vietnamese alone uses on; the models know few of its letters with two marks."""
_VIETNAMESE: Final = frozenset("ơưđƠƯĐạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_CROATIAN: Final = frozenset("čćšž")
LEAST_LONG_S: Final = 3
"""From this number of words on in which an f stands for a long s, a page is of old type."""
_C_NAMES: Final = r"(?!f(?:printf|put[cs]|close|tell|cntl|tp|type|ps|mt)\b)"
_LONG_S: Final = re.compile(rf"\b{_C_NAMES}f[ptmqc][a-zà-ÿ]|[aeiou]f[cpq][a-zà-ÿ]|ſ")
"""What an s begins in Latin, English, French and Italian, and an f does not: `fpectat`, `hifce`, `abfque`."""
_ROUND_S: Final = re.compile(r"\bs[ptmqc][a-zà-ÿ]|[aeiou]s[cpq][a-zà-ÿ]")
_ODD: Final = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]|[A-Za-z][0-9][a-z]|[a-z][0-9](?=[A-Z])")
_RUN_ON: Final = re.compile(r"[A-Za-z]{26,}")
_IDENTIFIER: Final = re.compile(r"[_./\\(){}\[\]=<>:@#$]|^[a-z]+(?:[A-Z][a-z]+)+\d*$|^(?:[A-Z]+[a-z]+){2,}\d*$")
_WORD: Final = re.compile(r"\S{4,}")


def scripts_of(text: str) -> Counter[str]:
    """Count the letters of each script, by the first word of their Unicode names; kana are counted together."""
    return Counter(_script(letter) for letter in text if letter.isalpha())


def script_of(text: str) -> str:
    """The script of most letters, e.g. `Latin`; ideographs with any kana are `Kana`. Without letters `Latin`."""
    counted = scripts_of(text)
    if not counted:
        return "Latin"
    if counted["Kana"] and counted["Kana"] + counted["Han"] > sum(counted.values()) / 2:
        return "Kana"
    return min(counted, key=lambda name: (-counted[name], name))


def distrust(lines: Iterable[str]) -> str | None:
    """Why the script or language of what was read is not to be trusted, or None."""
    text = "\n".join(lines)
    counted = scripts_of(text)
    letters = max(1, sum(counted.values()))
    for name in sorted(counted, key=lambda name: (-counted[name], name)):
        if name not in TRUSTED and counted[name] >= max(2, FOREIGN_SHARE * letters):
            return f"text in a script that the reader fails on ({name})"
    if _vietnamese(text, letters):
        return "text in a language whose accents the reader loses (Vietnamese)"
    if (
        counted["Latin"]
        and 0.02 < (counted["Han"] + counted["Kana"]) / letters < 0.3
        and _odd_share(text) > ODD_WORDS / 2
    ):
        return "a mixture of scripts that the reader may have confused"
    if sum(map(len, _RUN_ON.findall(text))) > RUN_ON_SHARE * letters:
        return "words without the spaces between them"
    if (long := len(_LONG_S.findall(text))) >= LEAST_LONG_S and long > len(_ROUND_S.findall(text)):
        return "old print, whose long s is read as f"
    if _odd_share(text) > ODD_WORDS:
        return "words that look like another script read as Latin letters"
    return None


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "?").split()[0]
    if first in ("LATIN", "FULLWIDTH", "FEMININE", "MASCULINE"):
        return "Latin"
    if first in ("HIRAGANA", "KATAKANA", "HALFWIDTH", "KATAKANA-HIRAGANA"):
        return "Kana"
    return "Han" if first in ("CJK", "IDEOGRAPHIC") else first.capitalize()


def _vietnamese(text: str, letters: int) -> bool:
    only = sum(letter in _VIETNAMESE for letter in text)
    croatian = sum(letter in _CROATIAN for letter in text.lower())
    return only >= 3 and only >= VIETNAMESE_SHARE * letters and only > croatian


def _odd_share(text: str) -> float:
    words = [word.strip("\"'“”‘’.,;:!?()") for word in _WORD.findall(text)]
    if len(words) < LEAST_WORDS:
        return 0.0
    odd = sum(bool(_ODD.search(word)) and not _IDENTIFIER.search(word) for word in words)
    return odd / len(words) if odd > 2 else 0.0
