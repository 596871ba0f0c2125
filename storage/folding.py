"""One folding of Vietnamese text for search, comparison and rules. Pure.

Fold in Python, never in SQL: SQLite's lower() and LIKE know only ASCII (measured:
``'Đ' LIKE 'đ'`` is 0), and ``hoà`` differs from ``hòa`` even after NFC.
"""

from __future__ import annotations

import html
import re
import unicodedata

# Every text of a page goes through here several times: what is rare is looked for first.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SIGNS = (
    *zip("‐‑‒–—−", "------", strict=True),
    *zip("“”„«»‘’", '"""""\'\'', strict=True),
)

# Old and new placement of the tone mark over oa, oe, uy at the end of a syllable.
_TONES = {
    f"{old}": new
    for old, new in zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
}
_TONE_AT_END = re.compile(r"(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?<!q..)(?!\w)")
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_BEYOND = re.compile("[\u0483-\U0010ffff]")  # where other scripts have their marks


def tidy(text: str) -> str:
    """Give NFC text on one line, without invisible or control characters. Idempotent."""
    # Of white space only the blank is printable: where it stands alone there is nothing to join.
    line = text.replace("\n", " ").strip(" ")
    if "  " in line or not line.isprintable():
        line = " ".join(text.split())
        if not line.isprintable():
            return _visible(text)
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def _visible(text: str) -> str:
    shown = text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(_CONTROL.sub(" ", shown).split())


def clean(text: str) -> str:
    r"""Decode entities, then tidy: once, at the border where text comes in.

    >>> clean("Ca\\u0309i ca\\u0301ch&nbsp;ha\\u0300nh chi\\u0301nh ")
    'Cải cách hành chính'
    """
    return tidy(html.unescape(text))


def fold(text: str) -> str:
    """Give the form that texts are compared in: tidy, lower case, one placement of tones.

    Idempotent; NFC and NFD give the same. The length may change (compare
    ``fold_in_place``).

    >>> fold("HOÀ BÌNH – “Thuỷ”")
    'hòa bình - "thủy"'
    """
    lowered = tidy(text).lower()
    if lowered.isascii():
        return lowered
    return _with_tones_in_place(unicodedata.normalize("NFC", _with_plain_signs(lowered)))


def fold_in_place(text: str) -> str:
    """Fold text that is already clean without changing its length: offsets stay true.

    >>> len(fold_in_place("HOÀ")) == len("HOÀ")
    True
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter such as 'İ' becomes two
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return _with_tones_in_place(_with_plain_signs(lowered).replace("\xa0", " "))


def _with_plain_signs(text: str) -> str:
    for old, new in _SIGNS:  # several times faster than translate() on text with few of them
        text = text.replace(old, new)
    return text


def _with_tones_in_place(text: str) -> str:
    return _TONE_AT_END.sub(lambda match: _TONES[match.group(1)], text)


def strip_accents(text: str) -> str:
    """Give folded text without marks, for addresses and slugs.

    >>> strip_accents("Đổi mới")
    'doi moi'
    """
    decomposed = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return _BEYOND.sub(
        lambda match: "" if unicodedata.combining(match[0]) else match[0],
        _MARKS.sub("", decomposed),
    )
