"""Old encodings and misread Unicode: all comes back, and healthy text is never touched."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import legacy
from crawler.pages.legacy import is_syllable, repair

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"

TEXT = (
    "Ủy ban nhân dân xã Vĩnh Lâm ban hành kế hoạch cải cách hành chính, đẩy mạnh dịch vụ công"
    " trực tuyến; người dân được hướng dẫn nộp hồ sơ ở bộ phận một cửa, “đúng hẹn” 98%"
)
SYLLABLES = sorted({word.strip(",;“”%98") for word in TEXT.split()} - {""})
SENTENCES = st.lists(st.sampled_from(SYLLABLES), min_size=12, unique=True).map(" ".join)
_IN_TCVN3 = {letter: code for code, letter in legacy._TCVN3.items()}  # noqa: SLF001


def in_tcvn3(text: str) -> str:
    return text.translate(_IN_TCVN3)


def _vni_table() -> dict[str, str]:
    letters = {letter: code for code, letter in legacy._VNI_LETTERS.items()}  # noqa: SLF001
    table = {"í": "í", "ì": "ì", **letters}
    for code, mark in legacy._VNI_MARKS.items():  # noqa: SLF001
        for vowel in "aeouyơư":
            letter = unicodedata.normalize("NFC", vowel + mark)
            if len(letter) == 1:
                table.setdefault(letter, letters.get(vowel, vowel) + code)
    return table


_IN_VNI = str.maketrans(_vni_table())


def in_vni(text: str) -> str:
    return text.translate(_IN_VNI)


def misread(text: str, page: str) -> str:
    """Give what UTF-8 looks like when it is taken for a code page, as browsers show it."""
    return "".join(
        chr(byte) if byte < 0x80 else legacy._character(byte, page)  # noqa: SLF001
        for byte in text.encode()
    )


@pytest.mark.parametrize(
    ("broken", "meant", "note"),
    [
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam", "TCVN3"),
        ("Th«ng b¸o", "Thông báo", "TCVN3"),
        ("b¸o", "báo", "TCVN3"),
        ("QuyÕt ®Þnh sè 12/Q§-UBND", "Quyết định số 12/QĐ-UBND", "TCVN3"),
        ("c\xad tró ph\xadêng", "cư trú phường", "TCVN3"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", "VNI"),
        ("THOÂNG BAÙO", "THÔNG BÁO", "VNI"),
        ("ThÃ´ng bÃ¡o", "Thông báo", "UTF-8 read as cp1252"),
        ("HĂ\xa0 Ná»™i", "Hà Nội", "UTF-8 read as cp1258"),
        ("â€œÄ\x90á»•i má»›iâ€\x9d", "“Đổi mới”", "UTF-8 read as cp1252"),
        ("Chủ đề â€œĐổi mớiâ€\x9d năm nay", "Chủ đề “Đổi mới” năm nay", "UTF-8 read as cp1252"),
    ],
)
def test_what_old_portals_show_is_put_right(broken: str, meant: str, note: str) -> None:
    assert (repair(broken).text, repair(broken).note) == (meant, note)


@pytest.mark.parametrize("text", ["L?y l?i m\ufffd", "C?ng hòa xã h?i ch? ngh?a Vi?t Nam"])
def test_letters_that_are_lost_are_flagged_and_not_invented(text: str) -> None:
    assert (repair(text).text, repair(text).note) == (text, "letters lost")


@pytest.mark.parametrize(
    "text",
    [
        *("", "UBND XÃ", "“UBND XÃ”", "Bé", "Thanh Hóa", "hoà bình", "Lê Văn Tám", "Đoàn"),
        *("São Tomé, café, naïve résumé", "Müller & Søn", "Łódź", "25 °C, 10 m², 5 µm", "Viettel®"),
        *(
            "© 2022 UBND",
            "«Nhân Dân»",
            "Ủy ban\xadnhân dân",
            "Ai? Ở đâu?",
            "/tin?id=4&x=ô",
            "数字政府",
        ),
        *("COÙ", "xaõ", "Ph¸"),
    ],
)
def test_what_is_healthy_or_too_little_to_judge_is_not_touched(text: str) -> None:
    broken = {"Ph¸"}
    assert repair(text).note is None or text in broken
    assert repair(text).text == text or text in broken


@given(SENTENCES)
def test_tcvn3_comes_back_to_the_letter(text: str) -> None:
    lowered = text.replace("Ủ", "ủ")  # capitals with tones are a font's affair
    assert repair(in_tcvn3(lowered)).text == lowered


@given(SENTENCES)
def test_vni_comes_back_to_the_letter(text: str) -> None:
    lowered = text.replace("Ủ", "ủ")
    assert repair(in_vni(lowered)).text == lowered


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("page", ["cp1252", "cp1258"])
@given(text=SENTENCES)
def test_utf_8_misread_once_or_more_comes_back(page: str, times: int, text: str) -> None:
    broken = text
    for _ in range(times):
        broken = misread(broken, page)
    assert repair(broken).text == text


@given(SENTENCES)
def test_bytes_of_tcvn3_that_were_read_as_windows_1258_come_back(text: str) -> None:
    lowered = text.replace("Ủ", "ủ")
    shown = "".join(
        legacy._character(ord(char), "cp1258") if "\x80" <= char < "\u0100" else char  # noqa: SLF001
        for char in in_tcvn3(lowered)
    )
    assert repair(shown).text == lowered


@given(SENTENCES)
def test_healthy_sentences_stay_as_they_are(text: str) -> None:
    assert repair(text) == legacy.Repaired(text, None)


@given(st.text(st.characters(max_codepoint=0x2122)))
def test_no_text_breaks_it_and_mending_twice_changes_nothing(text: str) -> None:
    once = repair(text)
    assert repair(once.text).text == once.text or once.note is not None


def test_syllables_have_one_tone_and_a_rhyme() -> None:
    assert all(map(is_syllable, ["nghiêng", "quyển", "Thuỷ", "gì", "khuỷu", "ÚT", "đường", "y"]))
    assert not any(map(is_syllable, ["strong", "ngã́", "Céng", "qwe", "aâ"]))


def test_no_real_article_is_touched() -> None:
    files = sorted((SHARED / "gold").glob("*.jsonl"))
    if not files:
        pytest.skip("the shared test data are not here")
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            article = json.loads(line)
            for text in (article["title"], *article["text"].split("\n")):
                assert repair(text) == legacy.Repaired(text, None)


@pytest.mark.parametrize("page", sorted((ROOT / "tests/sites").glob("*/*/page.html.gz")), ids=str)
def test_no_fixture_is_touched(page: Path) -> None:
    markup = gzip.decompress(page.read_bytes()).decode("utf-8", errors="ignore")
    for text in lxml.html.document_fromstring(markup or "<p>").itertext() if markup else ():
        if "windows" not in page.parent.name:
            assert repair(text).text == text
