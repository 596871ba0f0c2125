"""Text from before Unicode, and Unicode read wrongly: put right, or flagged. Pure.

Three kinds are met on old portals and in what was pasted from old files: TCVN3 ('ABC', the
.VnTime fonts), VNI (the VNI-Times fonts), and UTF-8 that something on the way took for
windows-1252 or windows-1258, once or several times. What speaks for a reading is that words
which cannot be Vietnamese become syllables; healthy text has none to mend and is never touched.

ftfy is not used: it knows neither TCVN3 nor VNI, and mends 5 % of what went through windows-1258
(measured: benchmarks/repair.py).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Characters by which a text is judged.
_SAMPLE = 10_000
# How often text may have been taken for something else on its way.
_ROUNDS = 3
# Of the words beyond ASCII so many must be syllables after a repair, and no more before it
# (unless signs stand inside words); names and units are none either way.
# measured: of 370 000 words of 1391 real articles 99.6 % are syllables, and none was changed.
_GOOD_AFTER, _GOOD_BEFORE = 0.75, 0.5
# Hardly anything but UTF-8 has UTF-8's sequences of bytes.
_GOOD_AFTER_UTF_8 = 0.4
_ONE_BYTE = frozenset({"TCVN3", "VNI"})
# So many words must have become syllables; one is enough if a sign stood between its letters.
_EVIDENCE = 2
# These stand for one byte in no old encoding: the text is Unicode as it is.
_SURELY_UNICODE = re.compile("[\u1ea0-\u1ef9]")
# A question mark or replacement character in place of a letter: nothing brings it back.
_LOST = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])(?!\w+=)|\N{REPLACEMENT CHARACTER}")
_LOST_LETTERS, _LOST_SHARE = 2, 0.1
# UTF-8's quotation marks and dashes, read as windows-1252; healthy text never has them.
_MARKS = re.compile("â€[\x80-\xff\u0152-\u2122]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text, and what was wrong with it."""

    text: str
    note: str | None
    """In English, e.g. 'TCVN3', 'UTF-8 read as cp1252', 'letters lost'; None: healthy."""


def repair(text: str) -> Repaired:
    """Give the text as it was meant; healthy text comes back unchanged. Never raises.

    Soft hyphens must still be in it: TCVN3 writes 'ư' with them.

    >>> repair("Céng hoµ x· héi chñ nghÜa ViÖt Nam")
    Repaired(text='Cộng hoà xã hội chủ nghĩa Việt Nam', note='TCVN3')
    """
    if text.isascii() and "?" not in text:
        return Repaired(text, None)
    if not text.isascii():
        marked = text
        if "â€" in text:  # seldom, and told far faster
            marked = _MARKS.sub(lambda match: _utf8_again(match[0], page="cp1252"), text)
        mended = None if _SURELY_UNICODE.search(marked) else _best(marked)
        if mended is not None:
            return mended
        if marked != text:
            return Repaired(marked, "UTF-8 read as cp1252")
    return Repaired(text, "letters lost" if _has_lost_letters(text) else None)


def _best(text: str) -> Repaired | None:
    """Give the reading with most syllables; None when none is better than the text itself.

    Judged by the beginning of a long text, so that a hostile one costs no more than another.
    """
    sample = text[:_SAMPLE]
    words = list(_words(sample))
    own, has_signs = set(words), any(map(_has_sign_inside, words))
    if not words or (_share(words) > _GOOD_BEFORE and not has_signs):
        return None
    found: list[tuple[float, _Reading]] = []
    for reading in _READINGS:
        now = list(_words(reading.read(sample)))
        won = [word for word in now if word not in own and is_syllable(word)]
        is_certain = len(won) >= _EVIDENCE or (won and has_signs)
        needed = _GOOD_AFTER if reading.note in _ONE_BYTE else _GOOD_AFTER_UTF_8
        if is_certain and _share(now) >= max(needed, _share(words)):
            found.append((_share(now), reading))
    if not found:
        return None
    best = max(found, key=lambda one: one[0])[1]
    return Repaired(best.read(text), best.note)


def _has_lost_letters(text: str) -> bool:
    lost = len(_LOST.findall(text)) if "?" in text or "\N{REPLACEMENT CHARACTER}" in text else 0
    return lost >= _LOST_LETTERS and lost >= _LOST_SHARE * len(text.split())


# --------------------------------------------------------------------------- syllables

# 'k', 'gh', 'ngh' stand before e, ê, i, y only, and 'c', 'g', 'ng' never do (but for 'gì').
_ONSET = (
    "(?:(?:ngh|gh|k)(?=[eêiy])|(?:c|ng)(?![eêiyh])|g(?![eêyh])"
    "|nh|gi|kh|ph|th|tr|ch|qu?|[bdđhlmnprstvx])?"
)
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ăk ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi
    om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ
    uy uya uych uyên uyêt uyn uynh uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_SYLLABLE = re.compile(rf"{_ONSET}(?:{'|'.join(sorted(_RHYMES.split(), key=len, reverse=True))})")
_CLOSED = ("c", "ch", "p", "t")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONES_OF_CLOSED = "\u0301\u0323"
# What separates words; signs such as « and the soft hyphen are letters in old encodings.
_SEPARATORS = re.compile("[\\s\x00-\x40\x5b-\x60\x7b-\x7f–—“”‘’…]+")
_SIGN_INSIDE = re.compile(r"[^\W\d_][^\w\s\u0300-\u036f]+(?:[^\W\d_]|$)")


def is_syllable(word: str) -> bool:
    """Tell whether a word can be a Vietnamese syllable: onset, rhyme, a tone that it allows.

    >>> is_syllable("nghĩa"), is_syllable("nghÜa"), is_syllable("Céng")
    (True, False, False)
    """
    if word not in {word.lower(), word.upper(), word.capitalize()}:
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in decomposed if char in _TONES]
    toneless = "".join(char for char in decomposed if char not in _TONES)
    is_closed = toneless.endswith(_CLOSED)
    if len(tones) > 1 or (is_closed and not set(tones) <= set(_TONES_OF_CLOSED)):
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None


def _words(text: str) -> Iterator[str]:
    """Give the words with a character beyond ASCII: only those can be misread."""
    for word in _SEPARATORS.split(text):
        if not word.isascii() and any(map(str.isalpha, word)):
            yield word


def _share(words: list[str]) -> float:
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def _has_sign_inside(word: str) -> bool:
    return _SIGN_INSIDE.search(word) is not None


# ----------------------------------------------------------------------- old encodings


class _Reading(NamedTuple):
    """A way to read a text, and its name."""

    note: str
    read: Callable[[str], str]


_PAGES = ("cp1252", "cp1258")


def _character(byte: int, page: str) -> str:
    """Give what browsers show for a byte: bytes that a page leaves open are controls."""
    try:
        return bytes([byte]).decode(page)
    except UnicodeDecodeError:
        return chr(byte)


def _byte_of(page: str) -> Mapping[str, int]:
    return {_character(byte, page): byte for byte in range(0x80, 0x100)}


_BYTE_OF = {page: _byte_of(page) for page in _PAGES}
_FIRST_HIGH = 0xA0
_TO_LATIN_1 = {
    page: {ord(char): chr(byte) for char, byte in table.items() if byte >= _FIRST_HIGH}
    for page, table in _BYTE_OF.items()
}


@cache
def _sequences(page: str) -> re.Pattern[str]:
    """Give what UTF-8's sequences of two to four bytes look like when read as a code page."""

    def one_of(start: int, stop: int) -> str:
        return f"[{''.join(re.escape(_character(byte, page)) for byte in range(start, stop))}]"

    more = one_of(0x80, 0xC0)
    lengths = ((0xC2, 0xE0, 1), (0xE0, 0xF0, 2), (0xF0, 0xF5, 3))
    return re.compile("|".join(f"{one_of(a, b)}{more}{{{n}}}" for a, b, n in lengths))


def _utf8_again(text: str, *, page: str, times: int = 1) -> str:
    """Turn what looks like UTF-8 read as that code page back, so many times; all else stays."""

    def decoded(match: re.Match[str]) -> str:
        try:
            return bytes(_BYTE_OF[page][char] for char in match[0]).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]

    for _ in range(times):
        text = _sequences(page).sub(decoded, text)
    return text


# TCVN 5712:1993, VN3: one byte for each letter. Its capitals with tones are a font's affair, so
# text set in capitals comes out in small letters.
_TCVN3 = str.maketrans(
    "\xb8\xb5\xb6\xb7\xb9\xa8\xbe\xbb\xbc\xbd\xc6\xa9\xca\xc7\xc8\xc9\xcb\xae\xd0\xcc\xce\xcf\xd1"
    "\xaa\xd5\xd2\xd3\xd4\xd6\xdd\xd7\xd8\xdc\xde\xe3\xdf\xe1\xe2\xe4\xab\xe8\xe5\xe6\xe7\xe9\xac"
    "\xed\xea\xeb\xec\xee\xf3\xef\xf1\xf2\xf4\xad\xf8\xf5\xf6\xf7\xf9\xfd\xfa\xfb\xfc\xfe"
    "\xa1\xa2\xa7\xa3\xa4\xa5\xa6",
    "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂĐÊÔƠƯ",
)

# VNI-Windows: a vowel, then a character for its mark and tone; seven letters have their own.
_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_CIRCUMFLEX = dict(zip("âáàåãä", ["", *_VNI_TONES.values()], strict=True))
_VNI_BREVE = dict(zip("êéèúüë", ["", *_VNI_TONES.values()], strict=True))
_VNI_MARKS = {
    **_VNI_TONES,
    **{char: f"\u0302{tone}" for char, tone in _VNI_CIRCUMFLEX.items()},
    **{char: f"\u0306{tone}" for char, tone in _VNI_BREVE.items()},
}
_VNI_LETTERS = dict(zip("ñæóòîôö", "đỉĩịỵơư", strict=True))
_VNI = re.compile(
    rf"(?P<vowel>[aeiouyôö])(?P<mark>[{''.join(_VNI_MARKS)}])|(?P<letter>[ñæóòîôö])",
    re.IGNORECASE,
)


def _from_tcvn3(text: str, *, page: str) -> str:
    return text.translate(_TO_LATIN_1[page]).translate(_TCVN3)


def _from_vni(text: str, *, page: str) -> str:
    def letter(match: re.Match[str]) -> str:
        if match["letter"]:
            return _like(_VNI_LETTERS[match["letter"].lower()], match["letter"])
        vowel = match["vowel"].lower()
        written = _VNI_LETTERS.get(vowel, vowel) + _VNI_MARKS[match["mark"].lower()]
        return _like(unicodedata.normalize("NFC", written), match["vowel"])

    return _VNI.sub(letter, text.translate(_TO_LATIN_1[page]))


def _like(letter: str, model: str) -> str:
    return letter.upper() if model.isupper() else letter


def _readings() -> Iterator[_Reading]:
    for page in _PAGES:
        for times in range(1, _ROUNDS + 1):
            yield _Reading(f"UTF-8 read as {page}", partial(_utf8_again, page=page, times=times))
        yield _Reading("TCVN3", partial(_from_tcvn3, page=page))
        yield _Reading("VNI", partial(_from_vni, page=page))


_READINGS = tuple(_readings())
