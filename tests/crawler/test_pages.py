"""Page families: captured pages in ``tests/sites/<family>/<case>/`` and what is read from them."""

# ruff: noqa: E501 - markup reads best on one line

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
import unicodedata
from contextlib import suppress
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.listing import read_list
from crawler.errors import LayoutChanged, NotAnArticle
from crawler.pages.captured import CapturedPage
from crawler.pages.credits import is_byline, is_source
from crawler.pages.dateline import is_dateline
from crawler.pages.families import FAMILIES, read_article
from crawler.profile_fields import FAMILY_NAMES
from crawler.profiles import ProfileVersion
from storage.records import DateSource

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SITES = ROOT / "tests" / "sites"
CASES = sorted(path.parent for path in SITES.glob("*/*/capture.json"))
SHARED = ROOT.parent / "shared" / "data"
CAPTURED_AT = dt.datetime(2022, 10, 12, 13, tzinfo=dt.UTC)


def version_of(family: str, **settings: object) -> ProfileVersion:
    sections = [{"name": "Tin tức", "url": "/"}]
    return ProfileVersion.model_validate({"family": family, "sections": sections, **settings})


def page_of(markup: str | bytes, url: str = "http://xa.test/tin/bai-1.html") -> CapturedPage:
    return CapturedPage(
        url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=markup if isinstance(markup, bytes) else markup.encode(),
        captured_at=CAPTURED_AT,
    )


# ----------------------------------------------------------------------- the corpus


def load(folder: Path) -> tuple[dict[str, Any], CapturedPage, ProfileVersion]:
    capture = json.loads((folder / "capture.json").read_text("utf-8"))
    page = CapturedPage(
        url=capture["url"],
        status=capture["status"],
        headers=capture["headers"],
        body=gzip.decompress((folder / "page.html.gz").read_bytes()),
        captured_at=dt.datetime.fromisoformat(capture["captured_at"]),
    )
    return capture, page, version_of(folder.parent.name, **capture["profile"])


def as_json(value: object) -> Any:  # noqa: ANN401 - what json.loads gives
    def plain(inner: object) -> object:
        return inner.value if isinstance(inner, Enum) else str(inner)

    return json.loads(json.dumps(value, default=plain))


@cache
def observed(folder: Path) -> dict[str, Any]:
    capture, page, version = load(folder)
    try:
        if capture["read"] == "list":
            return dict(as_json(dataclasses.asdict(read_list(page, version))))
        return dict(as_json(dataclasses.asdict(read_article(page, version))))
    except (NotAnArticle, LayoutChanged) as refusal:
        return {"error": type(refusal).__name__, "reason": str(refusal)}


def expected(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("expected*.json")
    return dict(json.loads(path.read_text("utf-8")))


def fields() -> Iterator[Any]:
    for folder in CASES:
        for name in expected(folder):
            yield pytest.param(folder, name, id=f"{folder.parent.name}-{folder.name}-{name}")


@pytest.mark.parametrize(("folder", "field"), list(fields()))
def test_a_captured_page_reads_as_its_case_says(folder: Path, field: str) -> None:
    assert expected(folder)[field] == observed(folder).get(field)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_an_article_a_list_and_a_page_that_it_must_refuse(family: str) -> None:
    cases = [expected(folder) for folder in CASES if folder.parent.name == family]
    kinds = {
        "items" if "items" in case else "error" if "error" in case else "headline" for case in cases
    }
    assert kinds == {"items", "error", "headline"}


def test_the_registry_has_the_families_that_profiles_may_name() -> None:
    assert set(FAMILY_NAMES) == set(FAMILIES)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_reading_leaves_the_shared_tree_as_it_was(folder: Path) -> None:
    capture, page, version = load(folder)
    before = lxml.html.tostring(page.tree)
    with suppress(NotAnArticle, LayoutChanged):
        (read_list if capture["read"] == "list" else read_article)(page, version)
    assert before == lxml.html.tostring(page.tree)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_decomposed_unicode_reads_the_same(folder: Path) -> None:
    capture, page, version = load(folder)
    decomposed = dataclasses.replace(
        page, body=unicodedata.normalize("NFD", page.text).encode(), headers={}
    )
    try:
        read = (read_list if capture["read"] == "list" else read_article)(decomposed, version)
        found = as_json(dataclasses.asdict(read))
    except (NotAnArticle, LayoutChanged) as refusal:
        found = {"error": type(refusal).__name__, "reason": str(refusal)}
    assert observed(folder) == found


# ----------------------------------------------------------------------------- days


def article(
    head: str = "", day: str = "", *, body: str = "<p>Nội dung.</p>", tail: str = ""
) -> str:
    """Give a WordPress post with a header clock and other decoys around it."""
    return f"""<html><head><title>Tin</title>{head}</head><body class="single single-post">
    <header class="site-header"><div class="clock">Thứ Tư, 12/10/2022 20:00</div></header>
    <article class="post"><h1 class="entry-title">Tiêu đề bài viết</h1>{day}
    <div class="entry-content">{body}</div></article>{tail}
    <aside><ul><li><a href="/x">Tin khác</a> <time class="entry-date published"
    datetime="2022-10-11">11/10/2022</time></li></ul></aside></body></html>"""


STRUCTURED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"%s"}</script>'
)
META = '<meta property="article:published_time" content="%s">'
PRINTED = '<div class="entry-meta"><span class="posted-on">%s</span></div>'


def read(markup: str, **settings: object) -> Any:  # noqa: ANN401 - an Extraction
    return read_article(page_of(markup), version_of("wordpress", **settings))


@pytest.mark.parametrize(
    ("head", "printed", "day", "source"),
    [
        (STRUCTURED % "2022-03-14T17:00:00Z", "", "2022-03-15", DateSource.STRUCTURED),
        (STRUCTURED % "2022-03-14T16:59:59Z", "", "2022-03-14", DateSource.STRUCTURED),
        (STRUCTURED % "2022-03-14T23:30:00", "", "2022-03-14", DateSource.STRUCTURED),
        (META % "2022-03-14T08:00:00+07:00", "", "2022-03-14", DateSource.META),
        ('<meta name="DC.date" content="2022-03-14">', "", "2022-03-14", DateSource.META),
        ("", "Thứ Hai, 14/03/2022 | 08:15", "2022-03-14", DateSource.TEMPLATE),
        ("", "Đăng lúc: 17:00:00 14/03/2022 (GMT+7)", "2022-03-14", DateSource.TEMPLATE),
        (STRUCTURED % "sắp có", "14/03/2022", "2022-03-14", DateSource.TEMPLATE),
        ("", "", None, DateSource.NONE),
    ],
)
def test_the_day_comes_from_the_most_trusted_source_that_has_one(
    head: str, printed: str, day: str | None, source: DateSource
) -> None:
    extraction = read(article(head, PRINTED % printed if printed else ""))
    found = extraction.date_published and extraction.date_published.isoformat()
    assert (day, source) == (found, extraction.date_source)


def test_sources_that_differ_by_one_day_are_two_clocks() -> None:
    extraction = read(article(STRUCTURED % "2022-03-14T18:00:00Z", PRINTED % "14/03/2022"))
    assert (dt.date(2022, 3, 15), DateSource.STRUCTURED) == (
        extraction.date_published,
        extraction.date_source,
    )


def test_sources_that_differ_by_more_give_no_day_and_both_texts() -> None:
    extraction = read(article(STRUCTURED % "2022-03-16", PRINTED % "14/03/2022"))
    assert (
        extraction.date_published,
        extraction.date_published_raw,
        extraction.date_source,
    ) == (None, "2022-03-16 ≠ 14/03/2022", DateSource.NONE)


def test_a_profile_settles_which_of_two_days_is_right() -> None:
    markup = article(STRUCTURED % "2022-10-12", PRINTED % "14/03/2022")
    extraction = read(markup, dates={"trust": ["template"]})
    assert (dt.date(2022, 3, 14), DateSource.TEMPLATE) == (
        extraction.date_published,
        extraction.date_source,
    )


def test_a_profiles_format_reads_an_odd_day() -> None:
    extraction = read(article("", PRINTED % "2022.14.03"), dates={"formats": ["%Y.%d.%m"]})
    assert dt.date(2022, 3, 14) == extraction.date_published


def test_a_refused_day_keeps_its_text() -> None:
    extraction = read(article(STRUCTURED % "2031-01-01"))
    assert (extraction.date_published, extraction.date_published_raw) == (None, "2031-01-01")


def test_a_day_in_the_address_counts_only_where_the_profile_trusts_it() -> None:
    page = page_of(article(), "http://xa.test/portal/pages/2022-3-14/bai.aspx")
    assert read_article(page, version_of("wordpress")).date_published is None
    trusting = version_of("wordpress", dates={"trust": ["url"]})
    extraction = read_article(page, trusting)
    assert (dt.date(2022, 3, 14), DateSource.URL) == (
        extraction.date_published,
        extraction.date_source,
    )


@pytest.mark.parametrize(
    "decoy",
    [
        "<p>Theo Nghị quyết số 76/NQ-CP ngày 15/7/2021.</p><p>Ngày 01/02/2022</p>",
        '<div class="related"><span class="entry-date">01/02/2022</span></div>',
    ],
)
def test_days_inside_the_text_are_not_the_day_of_publication(decoy: str) -> None:
    extraction = read(article(body=f"<p>Nội dung.</p>{decoy}"))
    assert (extraction.date_published, extraction.date_published_raw) == (None, None)


TITLE = "Xã Vĩnh Lâm tập huấn chuyển đổi số"


@pytest.mark.parametrize(
    ("above", "below", "day"),
    [
        ("<div>Ngày đăng: 09/05/2022</div><div>Cập nhật: 10/06/2022</div>", "", "2022-05-09"),
        ("<div>Cập nhật: 10/06/2022</div><div>Ngày đăng: 09/05/2022</div>", "", "2022-05-09"),
        ("<div>07/06/2022 08:00 | Lượt xem: 1.204 | Tác giả: Admin</div>", "", "2022-06-07"),
        ("<div>Đăng bởi: Ban biên tập, ngày 07/06/2022</div>", "", "2022-06-07"),
        (
            "<div class='date'><span>07</span>/<span>06</span>/<span>2022</span></div>",
            "",
            "2022-06-07",
        ),
        ("", "<div>Ngày đăng: 07/06/2022</div>", "2022-06-07"),
        ("", "<p>Ngày 07/06/2022</p>", None),
        ("<div>Hôm nay, thứ Hai ngày 10/10/2022</div>", "", None),
        ("<div>Hôm nay: 44</div><div>Hôm qua: 55</div>", "", None),
        ("<p>Hà Nội, ngày 01 tháng 03 năm 2022</p>", "", None),
        ("<ul class='tin-lien-quan'><li><a href='/x'>Bài khác</a> 01/05/2022</li></ul>", "", None),
        ("<div>07/06/2022</div><div>05/06/2022</div>", "", None),
        ("", "<div class='pagedate'>Last edited <time>Tue Jun 7 20:00:00 2022</time></div>", None),
        ("<div class='pagedate'>Last edited <time>Tue Jun 7 20:00:00 2022</time></div>", "", None),
    ],
)
def test_on_an_unknown_site_the_day_is_that_of_publication_or_none(
    above: str, below: str, day: str | None
) -> None:
    prose = "<p>Sáng nay, xã tổ chức lớp tập huấn chuyển đổi số cho cán bộ, công chức các thôn.</p>"
    page = page_of(
        f"<title>{TITLE}</title><div id='gio'>Thứ Tư, 12/10/2022 20:00:01</div><div><div>"
        f"<h1>{TITLE}</h1>{above}<div>{prose * 2}</div>{below}</div></div>"
    )
    found = read_article(page, version_of("generic")).date_published
    assert (found and found.isoformat()) == day


def test_a_title_with_a_dash_in_it_is_found_in_the_banner_though_the_sites_name_follows() -> None:
    title = "Xã góp phần hoàn thành các chỉ tiêu kinh tế - xã hội năm 2022"
    text = "<p>Sáng nay, xã tổ chức lớp tập huấn chuyển đổi số cho cán bộ các thôn.</p>"
    url = "http://xa.test/tin/xa-gop-phan-hoan-thanh-cac-chi-tieu-kinh-te-xa-hoi-nam-2022/"
    page = page_of(
        f"<title>{title} - Trang tin xã</title><header><h1>{title}</h1></header>"
        f"<div><article><section>{text * 3}</section></article></div>"
    )
    assert read_article(dataclasses.replace(page, url=url), version_of("generic")).headline == title


@pytest.mark.parametrize(("day", "is_post"), [("<div>07/06/2022</div>", True), ("", False)])
def test_a_short_post_with_its_day_beside_a_box_of_new_posts_is_no_list(
    day: str, *, is_post: bool
) -> None:
    box = "".join(
        f"<li><a href='/bai-{n}.html'>Xã phát động phong trào lần thứ {n}</a> {n}/06/2022</li>"
        for n in range(10, 15)
    )
    text = "<p>Sáng nay, xã tổ chức lớp tập huấn chuyển đổi số cho cán bộ các thôn.</p>"
    page = page_of(
        f"<title>{TITLE}</title><div><h1>{TITLE}</h1>{day}{text}</div>"
        f"<div><h3>Tin mới nhất</h3><ul>{box}</ul></div>"
    )
    if is_post:
        assert read_article(page, version_of("generic")).date_published == dt.date(2022, 6, 7)
    else:
        with pytest.raises(NotAnArticle, match="dated links"):
            read_article(page, version_of("generic"))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("(08.04.2019 15:07)", True),
        ("Ngày đăng 28/07/2020 | 02:20 PM | View count: 381", True),
        ("Thứ hai - 11/11/2024 04:09", True),
        ("9:17, Thứ Ba, 1-12-2020", True),
        ("Đăng ngày 17 - 05 - 2024", True),
        ("Aug 5, 2019", True),
        ("Posted Mon Aug 5 00:16:00 2019", True),
        ("5. August 2019", True),
        ("2 giờ trước", True),
        ("1 ngày 3 giờ trước", True),
        ("Tháng Năm 9, 2024", True),
        ("9 Th5, 2024", True),
        ("T5, 09/05/2024", True),
        ("Cập nhật lần cuối: 09/05/2024", True),
        ("Hôm nay, 08:15", True),
        ("Hôm nay: 44", False),
        ("Hôm nay: Thứ Năm, 09/05/2024", False),
        ("Hà Nội, ngày 01 tháng 03 năm 2024", False),
        ("Căn cứ Quyết định ngày 28/07/2020", False),
        ("Ngày: 31/12/9999", False),
        ("Lượt xem: 1204", False),
        ("", False),
    ],
)
def test_a_dateline_is_a_day_with_labels_only(text: str, *, is_one: bool) -> None:
    assert is_one == is_dateline(text)


# ----------------------------------------------------------------------------- text


CREDITS = [
    "<p>Nguồn: Cổng Thông tin điện tử tỉnh</p>",
    '<p style="text-align:right"><b>Lê Văn Tám</b></p>',
    "<p>Tin, ảnh: Hoàng Anh</p><p>(Theo Báo Tiền Phong)</p>",
    "<p>BBT</p>",
    '<p class="share">Chia sẻ</p><p>Tin liên quan:</p><p><a href="/1">Một tin khác</a> (01/02/2022)</p>',
]


@pytest.mark.parametrize("credit", CREDITS)
def test_a_text_taken_over_has_the_same_body(credit: str) -> None:
    text = "<p>Đoạn một của bài.</p><p>Đoạn hai của bài, theo báo cáo của xã.</p>"
    assert read(article(body=text)).body == read(article(body=text + credit)).body


def test_signature_and_source_are_kept_apart() -> None:
    extraction = read(article(body="<p>Đoạn một.</p>" + CREDITS[2]))
    assert (
        extraction.byline,
        extraction.source_line,
    ) == ("Tin, ảnh: Hoàng Anh", "(Theo Báo Tiền Phong)")


@pytest.mark.parametrize(
    "line",
    [
        "Nguồn vốn của dự án là 3 tỷ đồng",
        "Theo đó, các thôn tiếp tục triển khai kế hoạch đã đề ra trong năm nay.",
        "Ảnh hưởng của bão số 5: nhiều tuyến đường ngập",
        "Bài học kinh nghiệm rút ra",
    ],
)
def test_a_sentence_is_no_credit(line: str) -> None:
    assert not is_source(line)
    assert not is_byline(line)


def test_what_is_not_shown_is_not_read() -> None:
    hidden = (
        '<script>var a = 1</script><style>p{}</style><p style="display: none">ẩn</p><!-- chú thích -->'
        '<p hidden>ẩn</p><form><input value="x"><button>Gửi</button></form><p>Lượt xem: 21</p>'
    )
    assert read(article(body=f"<p>Hiện.</p>{hidden}")).body == "Hiện."


def test_a_wrapper_named_like_a_box_is_still_the_text() -> None:
    body = '<div class="share"><p>Toàn bộ nội dung của bài nằm trong khung này.</p></div>'
    assert read(article(body=body)).body == "Toàn bộ nội dung của bài nằm trong khung này."


def test_a_title_with_an_attachment_only_has_an_empty_body() -> None:
    assert read(article(body='<iframe src="/cong-van.pdf"></iframe>')).body == ""


def test_the_lead_is_not_said_twice() -> None:
    lead = '<div class="entry-summary">Sapo của bài.</div>'
    extraction = read(article("", lead, body="<p>Sapo của bài.</p><p>Nội dung.</p>"))
    assert (extraction.lead, extraction.body) == ("Sapo của bài.", "Nội dung.")


def test_a_lead_that_is_the_cut_off_beginning_of_the_text_is_none() -> None:
    lead = '<div class="entry-summary">Sáng nay, UBND xã…</div>'
    extraction = read(article("", lead, body="<p>Sáng nay, UBND xã họp.</p>"))
    assert (extraction.lead, extraction.body) == (None, "Sáng nay, UBND xã họp.")


@pytest.mark.parametrize(
    "noise",
    [
        '<div id="timeoutsess">Bạn đã không sử dụng Site, <a href="#">Bấm vào đây để duy trì trạng thái đăng nhập</a>. Thời gian chờ: <span>60</span> giây</div>',
        '<div><a href="#">In bài viết</a> | <a href="#">Gửi email</a> | <a href="#">A+</a> <a href="#">A-</a></div>',
        '<p>Chia sẻ: <a href="#">Facebook</a> <a href="#">Twitter</a> <a href="#">Zalo</a></p>',
        "<h3>Ý kiến bạn đọc</h3><form><label>Họ tên</label><textarea></textarea><button>Gửi</button></form>",
        "<p>Tổng số điểm của bài viết là: 5 trong 1 đánh giá</p><p>Click để đánh giá bài viết</p>",
        "<p>Thống kê truy cập: Đang truy cập: 5 Hôm nay: 44 Tổng lượt truy cập: 100.000</p>",
        '<p>Từ khóa: <a href="#">chuyển đổi số</a></p><p>Đã xem: 55</p><p>Bình luận (0)</p>',
        '<h3>Các tin khác</h3><ul><li><a href="/1">Xã Vĩnh Thủy ra quân làm đường</a> (01/06/2022)</li></ul>',
    ],
)
@pytest.mark.parametrize("family", ["wordpress", "generic"])
def test_what_stands_around_a_text_is_no_part_of_it(family: str, noise: str) -> None:
    text = (
        "<p>Sáng nay, xã Vĩnh Lâm tổ chức lớp tập huấn chuyển đổi số cho cán bộ các thôn.</p>" * 2
    )
    page = page_of(article(PRINTED % "14/03/2022", body=text + noise))
    alone = page_of(article(PRINTED % "14/03/2022", body=text))
    assert (
        read_article(page, version_of(family)).body == read_article(alone, version_of(family)).body
    )


@pytest.mark.parametrize(
    "line",
    [
        "Chia sẻ: đồng chí Bí thư cho biết xã sẽ hỗ trợ người dân.",
        "Đánh giá (theo Bộ chỉ số) cho thấy kết quả tăng",
        "Họ tên: Nguyễn Văn An",
        "Hôm nay, 44 hộ dân nhận nhà",
        "Lượt truy cập cổng dịch vụ công tăng 40% trong tháng",
    ],
)
def test_a_sentence_that_begins_like_a_control_is_text(line: str) -> None:
    assert read(article(body=f"<p>Đoạn một.</p><p>{line}</p><p>Đoạn ba.</p>")).body.split("\n") == [
        "Đoạn một.",
        line,
        "Đoạn ba.",
    ]


def test_section_pictures_and_documents_are_noted() -> None:
    body = (
        '<p>Xem <a href="/tep/ke hoach.pdf">kế hoạch</a>.</p><img src="/a.jpg"><img src="/a.jpg">'
        '<a href="#"><img src="/xem-tiep.gif"></a>'
        '<iframe src="/viewer.html?file=/tep/phu-luc.pdf"></iframe><a href="/bai-khac">khác</a>'
        '<div class="related"><a href="/khac.pdf">Tin khác</a><img src="/khac.jpg"></div>'
    )
    crumbs = '<div class="breadcrumb"><a href="/">Trang chủ</a> <a href="/c">Cải cách</a></div>'
    extraction = read(article(crumbs, body=body).replace("<head>", '<head><base href="/vi/">'))
    assert extraction.section == "Cải cách"
    assert extraction.images == ("http://xa.test/a.jpg",)
    assert [(one.url, one.title) for one in extraction.attachments] == [
        ("http://xa.test/tep/ke hoach.pdf", "kế hoạch"),
        ("http://xa.test/tep/phu-luc.pdf", None),
    ]


def test_a_document_beside_the_text_of_an_unknown_site_is_noted() -> None:
    prose = "<p>Sáng nay, xã tổ chức lớp tập huấn chuyển đổi số cho cán bộ, công chức các thôn.</p>"
    page = page_of(
        f"<title>{TITLE}</title><div><a href='/mau.pdf'>Mẫu đơn</a></div><div><h1>{TITLE}</h1>"
        f"<div>{prose * 2}</div><p>Tệp: <a href='/kh.docx'>Kế hoạch</a></p></div>"
    )
    extraction = read_article(page, version_of("generic"))
    assert [one.url for one in extraction.attachments] == ["http://xa.test/kh.docx"]


def test_a_text_in_an_old_font_is_put_right_and_noted() -> None:
    extraction = read(article(body="<p>Céng hoµ x· héi chñ nghÜa ViÖt Nam</p><p>Đoạn hai.</p>"))
    assert extraction.body == "Cộng hoà xã hội chủ nghĩa Việt Nam\nĐoạn hai."
    assert extraction.text_note == "TCVN3"


# ------------------------------------------------------------------------ selectors


def test_a_profiles_selectors_replace_those_of_the_family() -> None:
    markup = article(
        tail='<h2 id="t">Tiêu đề khác</h2><div id="b">Khác hẳn.</div><i id="d">02/02/2022</i>'
    )
    extraction = read(markup, select={"headline": "#t", "body": "#b", "date": "#d"})
    assert ("Tiêu đề khác", "Khác hẳn.", dt.date(2022, 2, 2)) == (
        extraction.headline,
        extraction.body,
        extraction.date_published,
    )


def test_a_profiles_selector_that_finds_nothing_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged, match="no body"):
        read(article(), select={"body": ".khong-co"})


def test_of_several_boxes_with_one_name_the_one_below_the_headline_is_the_body() -> None:
    markup = '<div class="nd">Hộp ở trên</div><p class="td">Tiêu đề</p><div class="nd">Bài.</div>'
    select = {"headline": ".td", "body": ".nd"}
    assert read_article(page_of(markup), version_of("generic", select=select)).body == "Bài."


@pytest.mark.parametrize("family", FAMILIES)
@given(markup=st.text(st.sampled_from('<>/="ahpdivtablestr 12/03/2022\x00\xa0ơ'), max_size=80))
def test_whatever_a_page_holds_it_is_read_or_refused(family: str, markup: str) -> None:
    page = page_of(f"<div class='entry-content'><h1>{markup}</h1>{markup}</div>")
    try:
        extraction = read_article(page, version_of(family))
    except (NotAnArticle, LayoutChanged):
        return
    assert extraction.headline
    assert (extraction.date_published is None) == (extraction.date_source is DateSource.NONE)


# ----------------------------------------------------------------------- real pages


def test_the_mirrored_article_of_a_real_portal_reads_right() -> None:
    path = SHARED / "sotttt-hanoi" / "site" / "chien-luoc-quy-hoach84a0.html"
    if not path.exists():
        pytest.skip("the shared test data are not here")
    page = page_of(path.read_bytes(), "http://127.0.0.1/chien-luoc-quy-hoach84a0.html?p_p_id=59")
    extraction = read_article(page, version_of("liferay"))
    assert extraction.headline.startswith("Hướng dẫn xây dựng Kế hoạch ứng dụng CNTT")
    assert extraction.headline.endswith("năm 2012")
    assert (dt.date(2012, 12, 21), "21/12/2012 | 12:00 AM", "admin admin") == (
        extraction.date_published,
        extraction.date_published_raw,
        extraction.byline,
    )
    assert "- Phần 1\n- Phần 2\nThông tin trao đổi" in extraction.body
    assert "Other News" not in extraction.body
    assert "Print" not in extraction.body
