"""The list of articles, its exports, and the explanation of one."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reports.articles import Wanted, list_articles
from reports.calendar import parse_period
from reports.explain import explain, in_context
from reports.explain_text import attachment_line, lost_lines, other_days, to_lines
from reports.export import to_csv, to_jsonl
from reports.serial import plain
from storage.errors import InputError
from storage.records import (
    Attachment,
    AttachmentState,
    DateCandidate,
    DateSource,
    DayInterval,
    Exclusion,
    Extraction,
    Field,
    Level,
    Span,
    Verdict,
)
from storage.removals import decide

if TYPE_CHECKING:
    World = Any  # conftest.World, which cannot be imported here


MARCH = parse_period("2022-03")
MAIN = (Level.MAIN, Verdict.ASSIGNED)
LONG = "Bộ phận một cửa tiếp nhận và trả kết quả thủ tục hành chính đúng hẹn cho người dân. " * 4


def night(month: int, day: int, hour: int = 15) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=dt.UTC)


END = night(4, 2)


# --------------------------------------------------------------------- articles and explain


def paths(world: World, **wanted: Any) -> list[str]:  # noqa: ANN401 - keyword arguments
    with world.database.read() as c:
        found = list_articles(c, END, wanted=Wanted(**wanted))
    by_id = {number: path for path, number in world.posts.items()}
    return [by_id[article.article_id] for article in found]


def test_articles_are_listed_and_filtered(world: World) -> None:
    world.run(
        night(4, 1, 20), {"path": "old", "day": dt.date(2021, 1, 1)}, {"path": "x", "day": None}
    )
    assert paths(world) == ["old", "one", "two", "three", "four", "x"]
    assert paths(world, unit="xa-b") == ["three", "four"]
    assert paths(world, site="a", tag="TTHC") == ["one", "two"]
    assert paths(world, fate="unread") == ["four"]
    assert paths(world, fate="untagged") == ["old", "three", "x"]
    assert paths(world, fate="tagged") == ["one", "two"]
    assert paths(world, search="MỘT CỬA") == ["two"]
    assert paths(world, search="bài thr") == ["three"]
    assert paths(world, days=DayInterval(dt.date(2021, 1, 1), dt.date(2021, 1, 2))) == ["old"]


def test_articles_of_a_period_come_with_their_fates(world: World) -> None:
    world.run(night(4, 1, 20), {"path": "old", "day": dt.date(2021, 1, 1)})
    assert paths(world, period=MARCH) == ["one", "two", "three", "four"]
    assert paths(world, period=MARCH, fate="counted") == ["one", "two"]
    assert paths(world, period=MARCH, fate="counted", tag="TTHC", unit="xa-a") == ["one", "two"]
    assert paths(world, period=MARCH, fate="unread", tag="CCHC") == ["four"]
    assert paths(world, period=MARCH, fate="out_of_period") == ["old"]


def test_exports_hold_every_article_and_no_formula(world: World) -> None:
    world.run(night(4, 1, 20), {"path": "evil", "title": '=HYPERLINK("http://x")'})
    with world.database.read() as c:
        found = list_articles(c, END, wanted=Wanted(period=MARCH))
    rows = [json.loads(text) for text in to_jsonl(found).splitlines()]
    assert rows[0]["fates"] == {"CCHC": "counted", "TTHC": "counted"}
    text = to_csv(found)
    assert text.startswith("\ufeffarticle_id,unit,site,day,title,url,tags,fates")
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(table) == len(rows) == 5
    assert table[0]["fates"] == "CCHC:counted TTHC:counted"
    assert [row["title"] for row in table if row["url"].endswith("evil")] == [
        '\'=HYPERLINK("http://x")'
    ]


def test_an_explanation_leads_from_the_bucket_to_the_bytes(world: World) -> None:
    with world.database.read() as c:
        found = explain(c, "http://a.test/one", as_of=END)
    assert found.period.code == "2022"
    assert (found.unit, found.unit_name) == ("xa-a", "Xã A")
    assert [(fate.tag, fate.bucket) for fate in found.fates] == [("CCHC", None), ("TTHC", None)]
    (topic,) = found.topics
    assert topic.contexts == ("«Bài» one",)
    text = "\n".join(to_lines(found))
    assert "a/1.warc.gz @ 77, urn:uuid:1" in text
    assert "chủ đề nằm ở tiêu đề" in text
    assert "TTHC: Được tính" in text
    assert "Xã A (xa-a)" in text
    assert json.dumps(plain(found))


def test_an_explanation_says_who_removed_the_bytes_and_what_stands_for_them(world: World) -> None:
    with world.database.write() as c:
        decide(c, [("a/1.warc.gz", 9)], by="Bà A", reason="Hết hạn lưu", at=night(4, 1))
    with world.database.read() as c:
        found = explain(c, "http://a.test/one", as_of=END)
    text = "\n".join(to_lines(found))
    assert "Bản lưu đã xóa: a/1.warc.gz đã được xóa theo quyết định của Bà A" in text
    assert "Hết hạn lưu" in text
    assert "Xem: tinbai evidence show" not in text
    lost = found.versions[0].lost
    assert lost is not None
    held = replace(lost, is_sealed=True, leaf=4, root="ab12")
    assert "lá số 4, mã gốc ab12" in "\n".join(lost_lines(held))
    assert "KHÔNG còn khớp" in "\n".join(lost_lines(replace(held, is_sealed=False)))
    assert "chưa từng vào chuỗi" in "\n".join(lost_lines(replace(held, is_sealed=False, leaf=None)))


@pytest.mark.parametrize(
    ("path", "said"),
    [("three", "Chưa gắn chủ đề"), ("four", "chưa đọc được trang bài (network_error)")],
)
def test_an_explanation_says_what_is_not_known(world: World, path: str, said: str) -> None:
    with world.database.read() as c:
        found = explain(c, str(world.posts[path]), as_of=END, period=MARCH)
    assert said in "\n".join(to_lines(found))


def test_an_explanation_of_a_duplicate_names_the_article_that_counts(world: World) -> None:
    world.run(night(4, 1, 20), {"path": "copy", "body": LONG, "day": dt.date(2022, 3, 12)})
    world.tag(night(4, 1, 21), {"copy": MAIN})
    with world.database.read() as c:
        found = explain(c, str(world.posts["copy"]), as_of=END, period=MARCH)
    assert {fate.bucket for fate in found.fates} == {Exclusion.DUPLICATE}
    assert f"bài số {world.posts['two']}" in found.fates[0].why


def test_what_was_not_known_then_cannot_be_explained(world: World) -> None:
    with world.database.read() as c:
        for text in ("http://a.test/none", "999"):
            with pytest.raises(InputError, match="--search"):
                explain(c, text, as_of=END)
        with pytest.raises(InputError, match="--search"):
            explain(c, "http://a.test/one", as_of=night(3, 1))


def test_a_span_is_shown_in_what_surrounds_it() -> None:
    body = "a" * 50 + " một cửa\n" + "b" * 50
    extraction = Extraction(
        headline="h",
        body=body,
        date_published=None,
        date_published_raw=None,
        date_source=DateSource.NONE,
        extractor="x@1",
    )
    span = Span(field=Field.BODY, start=51, end=58, text="một cửa", cue="một cửa", weight=1)
    shown = in_context(extraction, span)
    assert shown == f"… {'a' * 39} «một cửa» {'b' * 39} …"


def test_the_days_that_were_not_taken_and_the_documents_are_shown_with_the_version() -> None:
    extraction = Extraction(
        headline="Kế hoạch của xã",
        body="Xem tại đây",
        date_published=dt.date(2022, 3, 15),
        date_published_raw="15/03/2022",
        date_source=DateSource.TEMPLATE,
        date_candidates=(
            DateCandidate(source=DateSource.META, raw="2022-03-14", day=dt.date(2022, 3, 14)),
            DateCandidate(source=DateSource.TEMPLATE, raw="15/03/2022", day=dt.date(2022, 3, 15)),
            DateCandidate(source=DateSource.URL, raw="24/04", day=None, refusal="no year"),
        ),
        extractor="generic@2",
    )
    assert list(other_days(extraction)) == [
        "    Ngày khác thấy được: 14/03/2022 — thẻ meta của trang: “2022-03-14”",
        "    Ngày khác thấy được: không đọc — địa chỉ bài: “24/04” (no year)",
    ]
    scan = Attachment(
        url="http://a.test/a.pdf", title=None, state=AttachmentState.SCAN, capture_id=7
    )
    assert attachment_line(scan) == (
        "    Tệp đính kèm: http://a.test/a.pdf — bản quét, không có chữ, tinbai evidence show 7"
    )
    by_machine = Attachment(
        url="http://a.test/a.pdf",
        title=None,
        state=AttachmentState.READ,
        reason="OCR: tesseract 5.3.0, vie, 93 % sure, 2 pages",
    )
    assert attachment_line(by_machine) == (
        "    Tệp đính kèm: http://a.test/a.pdf — chữ do máy đọc từ bản quét "
        "(OCR: tesseract 5.3.0, vie, 93 % sure, 2 pages)"
    )
