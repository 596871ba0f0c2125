"""The rules in force on articles as sites publish them: levels, borders, dirt, hostile input."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.tagger import RuleTagger, Tagger
from classifier.taxonomy import parse_taxonomy
from classifier.text import Document
from storage.records import Level, Tagging, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = Path(__file__).resolve().parents[2] / ".." / "shared" / "domain" / "seed-article.txt"

DISTRICT_LETTER = """\
Ngày 05/9/2022, UBND huyện Vị Dụ gửi công văn yêu cầu các phòng, ban và UBND các xã tăng cường \
tuyên truyền về công tác CCHC trong những tháng cuối năm.
Theo công văn, mỗi đơn vị tự rà soát số tin, bài đã đăng so với Kế hoạch CCHC năm 2022, làm rõ \
phần chưa đạt và thời gian hoàn thành. Nội dung tuyên truyền bám sát Nghịquyết 76/NQ-CP ngày \
15/7/2021 của Chính phủ và kế hoạch cải cách hành chính số12/KH-UBND của huyện, trong đó có \
cải cách thủ tục hành chính và xây dựng chính quyền điện tử.
Phòng Nội vụ tổng hợp kết quả, báo cáo Chủ tịch UBND huyện trước ngày 30/11.
"""


def headline_tags(tagger: RuleTagger, headline: str, body: str = "") -> set[str]:
    main = {
        tagging.topic
        for tagging in tagger.tag(Document(headline, None, body))
        if tagging.level is Level.MAIN
    }
    names = {"CCHC": main, "TTHC": main & {"tthc"}, "CPĐT": main & {"cpdt"}}
    return {name for name, topics in names.items() if topics}


def test_a_letter_on_publicity_for_reform_is_about_reform_and_only_mentions_its_parts(
    tagged: Callable[..., dict[str, Tagging]],
) -> None:
    tags = tagged("Tăng cường tuyên truyền cải cách hành chính năm 2022", DISTRICT_LETTER)
    assert tags["chung"].level is Level.MAIN
    assert tags["chung"].verdict is Verdict.ASSIGNED
    assert tags["chung"].reason.startswith("Chủ đề nằm ở tiêu đề. Dấu hiệu: “tuyên truyền")
    assert {s.text for s in tags["chung"].spans} >= {"công tác CCHC", "76/NQ-CP"}
    assert {tags["tthc"].level, tags["cpdt"].level} == {Level.MENTION}


@pytest.mark.skipif(not SEED.exists(), reason="needs ../shared/domain/seed-article.txt")
def test_the_seed_article_is_about_reform_with_its_reasons(
    tagged: Callable[..., dict[str, Tagging]],
) -> None:
    _, headline, lead, *body = filter(str.strip, SEED.read_text(encoding="utf-8").splitlines())
    tags = tagged(headline, "\n".join(body), lead)
    assert tags["chung"].level is Level.MAIN
    assert tags["chung"].verdict is Verdict.ASSIGNED
    assert "76/NQ-CP" in {span.text for span in tags["chung"].spans}
    assert {tags[topic].level for topic in ("tthc", "cpdt", "chi_so")} == {Level.MENTION}


CCHC, TTHC, CPDT = {"CCHC"}, {"CCHC", "TTHC"}, {"CCHC", "CPĐT"}


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Xã Thanh Sơn chú trọng công tác tuyên truyền CCHC", CCHC),
        ("KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2023 CỦA UBND HUYỆN", CCHC),
        ("Trưởng bản góp sức đưa dịch vụ công trực tuyến đến từng nhà", TTHC | CPDT),
        ("Ba mươi dịch vụ công thiết yếu ngừng nhận hồ sơ giấy", TTHC | CPDT),
        ("Người dân khai báo tạm trú qua VNeID", TTHC | CPDT),
        ("Kế hoạch chuyển đổi số trên địa bàn xã năm 2023", CPDT),
        ("Ra mắt Tổ công nghệ số cộng đồng thôn Đông", CPDT),
        ("Diễn tập bảo đảm an toàn thông tin cho UBND tỉnh", CPDT),
        ("Danh mục TTHC sửa đổi của ngành y tế", TTHC),
        ("Cắt giảm 30% điều kiện kinh doanh ngành xây dựng", TTHC),
        ("Cán bộ Trung tâm Phục vụ hành chính công trả hồ sơ tận nhà", TTHC),
        ("Hợp nhất hai xã Đông Hà và Tây Hà", CCHC),
        ("Nghị quyết sắp xếp ĐVHC cấp xã của tỉnh", CCHC),
        ("Kiểm tra công vụ đột xuất tại năm phường", CCHC),
        ("Trường nghề công lập thực hiện tự chủ tài chính", CCHC),
        ("Huyện dẫn đầu chỉ số cải cách hành chính cấp tỉnh", CCHC),
        ("Triển khai Nghị quyết 76/NQ-CP ngày 15/7/2021", CCHC),
        ("Triển khai Nghị quyết 76/NQ-CP ngày 13/6/2013", set()),
        ("Hòn đảo quê hương trên trang báo cũ", set()),
        ("Hiện trạng rừng phòng hộ năm 2022", set()),
        ("Niêm yết phương án đền bù giải phóng mặt bằng", set()),
        ("Ra quân cấp thẻ căn cước cho học sinh", set()),
        ("Ngân hàng chuyển đổi số, thêm tiện ích cho khách hàng", set()),
        ("Hợp tác xã chuyển đổi số, truy xuất nguồn gốc nông sản", set()),
        ("Cảnh giác lừa đảo qua mạng bằng tài khoản VNeID giả", set()),
        ("Sáp nhập ba thôn của xã Tân Tiến", set()),
        ("Hai công ty xi măng sáp nhập", set()),
        ("Công bố quyết định bổ nhiệm Phó Giám đốc Sở Tài chính", set()),
        ("Cải cách tư pháp: đổi mới phiên tòa", set()),
        ("Cải cách ruộng đất nhìn lại", set()),
        ("Cải cách giáo dục và sách giáo khoa", set()),
        ("Cải cách tiền lương từ năm tới", set()),
        ("Xử phạt vi phạm hành chính trong lĩnh vực giao thông", set()),
        ("Cắm mốc địa giới hành chính giữa hai huyện", set()),
        ("Mời thầu thiết bị công nghệ thông tin", set()),
        ("Chương trình thực hành tiết kiệm, chống lãng phí", set()),
        ("Ca can thiệp PCI đầu tiên của bệnh viện", set()),
        ("Điểm tin sáng: giá vàng tăng | tỉnh đẩy mạnh cải cách hành chính", set()),
    ],
)
def test_the_border_runs_where_the_definition_draws_it(
    tagger: RuleTagger, headline: str, expected: set[str]
) -> None:
    assert headline_tags(tagger, headline) == expected


PADDING = "Thu ngân sách đạt sáu mươi phần trăm kế hoạch.\nVụ lúa mùa được chăm sóc tốt.\n" * 4


@pytest.mark.parametrize(
    "sentence",
    [
        "Huyện tiếp tục đẩy mạnh cải cách hành chính, giữ vững an ninh.",
        "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 về cải cách hành chính nhà nước;",
        "Nhiệm vụ: thu ngân sách, làm đường, công tác cải cách hành chính, chăm lo người nghèo.",
    ],
)
def test_a_slogan_a_legal_basis_and_an_item_of_a_list_are_mentions(
    tagged: Callable[..., dict[str, Tagging]], sentence: str
) -> None:
    tagging = tagged("Họp HĐND huyện giữa năm", PADDING + sentence)["chung"]
    assert (tagging.level, tagging.verdict) == (Level.MENTION, Verdict.REJECTED)


def test_a_legal_basis_alone_does_not_open_an_article(
    tagged: Callable[..., dict[str, Tagging]],
) -> None:
    basis = "Căn cứ Kế hoạch cải cách hành chính và công tác CCHC của huyện;\n"
    assert tagged("Kết luận về đất đai", basis + PADDING)["chung"].level is Level.MENTION


def test_half_of_the_body_makes_a_subject_for_a_person_to_confirm(
    tagged: Callable[..., dict[str, Tagging]],
) -> None:
    opening = "Sáng nay hội trường ủy ban xã đông vui hơn thường lệ.\n"
    body = "Bộ phận Một cửa của xã nhận hồ sơ của bà con từ bảy giờ sáng đến năm giờ chiều.\n" * 4
    tagging = tagged("Một ngày ở xã", body, opening)["tthc"]
    assert (tagging.level, tagging.verdict) == (Level.MAIN, Verdict.UNCERTAIN)
    assert tagging.reason.startswith("Từ một nửa nội dung")


def test_an_abbreviation_counts_in_company_only(small_tagger: RuleTagger) -> None:
    def topics(headline: str) -> set[str]:
        return {tagging.topic for tagging in small_tagger.tag(Document(headline, None, ""))}

    assert topics("TTHC của tỉnh khánh thành") == set()
    assert topics("TTHC và giấy tờ kèm theo") == {"tthc"}


def test_a_veto_takes_weak_signs_away_and_leaves_a_strong_one_for_a_person(
    small_tagger: RuleTagger,
) -> None:
    weak = small_tagger.tag(Document("Hồ sơ, giấy tờ, tiếp nhận trong tố tụng", None, ""))
    assert weak == ()
    (strong,) = small_tagger.tag(Document("Một cửa trong tố tụng", None, ""))
    assert strong.verdict is Verdict.UNCERTAIN
    assert [s.text for s in strong.spans if s.weight < 0] == ["tố tụng"]


def test_a_crime_in_the_title_leaves_a_mention(small_tagger: RuleTagger) -> None:
    (tagging,) = small_tagger.tag(Document("Lừa đảo trước bộ phận một cửa", None, ""))
    assert tagging.level is Level.MENTION


def test_dirty_text_is_tagged_like_clean_text(tagger: RuleTagger) -> None:
    clean = tagger.tag(Document("Cải cách thủ tục hành chính ở xã Hoà Bình", None, ""))
    for dirty in (
        unicodedata.normalize("NFD", "Cải cách thủ tục hành chính ở xã Hoà Bình"),
        "CẢI CÁCH THỦ TỤC HÀNH CHÍNH Ở XÃ HÒA BÌNH",
        "Cải cách thủtục hànhchính ở xã Hòa Bình",
        "Cải\xa0cách thủ tục  hành chính ở xã Hòa Bình",
    ):
        tags = tagger.tag(Document(dirty, None, ""))
        assert [(t.topic, t.level, t.score) for t in tags] == [
            (t.topic, t.level, t.score) for t in clean
        ]


WORDS = st.sampled_from(
    [
        "cải cách hành chính", "CCHC", "thủ tục hành chính", "một cửa", "cửa hàng", "VNeID",
        "Căn cứ", "76/NQ-CP", "ngày 15/7/2021", "dịch vụ công trực tuyến", "tố tụng", "kỹ", "hoà",
        "e\u0302\u0301", "\u0301", "😀", "İ", "\n", ".", "?", "<b>", "\xa0", "a", "0", "lừa đảo",
    ]
)  # fmt: skip
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=14).map(" ".join)


@given(headline=TEXTS, lead=st.none() | TEXTS, body=TEXTS)
@settings(max_examples=150)
def test_every_span_says_what_stands_at_its_place(
    tagger: RuleTagger, headline: str, lead: str | None, body: str
) -> None:
    document = Document(headline, lead, body)
    taggings = tagger.tag(document)
    assert taggings == tagger.tag(Document(headline, lead, body))
    for tagging in taggings:
        assert tagging.spans
        assert tagging.level is not Level.NONE
        assert 0 <= tagging.score <= 1
        for span in tagging.spans:
            assert span.text == getattr(document, span.field.value)[span.start : span.end] != ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chữ",
        "7 " * 2_500_000,
        "76/NQ-CP " * 500_000,
        "<p class='x'>&nbsp;</p>\n" * 200_000,
        "😀" * 5_000_000,
        "cải cách hành chín " * 250_000,
        "thủ tục hành chính " * 250_000,
        "cải  " * 1_000_000,
        "a." * 2_500_000,
        "." * 5_000_000,
        "a" + "\u0301" * 5_000_000,
        "\x00\ud800" * 1_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_tagged_in_bounded_time(tagger: RuleTagger, text: str) -> None:
    started_s = time.process_time()
    tagger.tag(Document(text, text, text))
    assert time.process_time() - started_s < 10


def test_an_identity_names_the_tagger_and_changes_with_its_rules(small: str) -> None:
    def identity(text: str) -> str:
        tagger: Tagger = RuleTagger(parse_taxonomy(text, name="t.yml"))
        return tagger.identity

    name, _, digest = identity(small).partition("#")
    assert name == "rules@2"
    assert len(digest) == 8
    assert int(digest, 16) >= 0
    assert identity(small) == identity(small) != identity(small + "# đổi\n")
