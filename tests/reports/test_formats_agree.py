"""One frozen object, six files: every number of it is the same in each, read back from the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import docx
import lxml.html
import openpyxl
import pdfplumber
import pytest
from docx.oxml.ns import qn
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reports.build import FORMATS
from reports.render.official import COUNTED_HEADERS, LINES_HEADERS, TOTALS_HEADERS
from reports.render.pace_tables import headers as pace_headers
from reports.render.score_tables import headers as score_headers
from reports.render.words import verdict_word
from reports.totals import claim_tallies
from storage.records import (
    CheckedClaim,
    ClaimVerdict,
    CountingRule,
    CoverageState,
    DayInterval,
    Schedule,
    ScoreScale,
    ScoreStep,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.records import Report

Number = tuple[str, float] | str | None
"""'=', '≥' or '≤' with a number of one decimal; 'không rõ'; None where there is none to give."""
Numbers = dict[str, Number]
Table = list[list[str]]

PACE_SIGNS = {"due": "", "due_percent": "≥", "months_left": "",
              "needed": "≤", "so_far": "≥"}  # fmt: skip
"""The sign where the count is a lower bound; '': whatever was seen."""

SAME_EVERYWHERE = ("planned", "claimed", "counted", "difference", "percent", "status")
STATUS = {
    "reached": "Đạt",
    "short": "Chưa đạt",
    "not_verifiable": "Không xác minh được",
    "no_quota": "Không giao chỉ tiêu",
}


# Without shrinking: every try writes and reads six files.
@settings(deadline=None, max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_all_formats_agree_on_every_number_of_any_report(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    _assert_agreement(data.draw(any_report))


def test_all_formats_agree_on_exact_bounded_and_unknown_numbers(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report()
    year = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
    asked = Schedule(days=year, on=dt.date(2022, 9, 30), due=3)
    lines = (*(replace(line, schedule=asked) for line in report.lines[:2]), report.lines[2])
    unseen = replace(report.lines[2], tag="CPĐT", planned=5, schedule=asked)
    report = replace(report, lines=(*lines, unseen))
    _assert_agreement(report)
    read = from_json(FORMATS["json"](report))
    assert [line["due"] for line in read] == [("=", 3.0), ("=", 3.0), None, ("=", 3.0)]
    assert [line["needed"] for line in read] == [("=", 0.7), ("≤", 0.7), None, "không rõ"]
    assert [line["so_far"] for line in read] == [("=", 0.2), ("≥", 0.1), None, "không rõ"]
    assert read[0]["counted"] == ("=", 2.0)
    assert read[1]["counted"] == ("≥", 1.0)
    assert read[2]["counted"] == "không rõ"


def test_all_formats_agree_on_the_pace_of_plan_lines(planned_report: Report) -> None:
    year = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
    first, *others, last = planned_report.plan_results
    asked = Schedule(days=year, on=dt.date(2022, 9, 30), due=18)
    first = replace(first, schedule=asked, shared=1, shared_planned=24)
    number = replace(planned_report.lines[0], planned=24 + 16, schedule=replace(asked, due=30))
    report = replace(
        planned_report,
        lines=(number, *planned_report.lines[1:]),
        plan_results=(first, *others, replace(last, schedule=replace(asked, due=12))),
    )
    _assert_agreement(report)
    data = json.loads(FORMATS["json"](report))
    assert [one["places"] for one in data["targets"]] == [[1], [4], []]
    told = [line["pace"] for line in data["plan_results"]]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](report)))["Dòng kế hoạch"]
    rows = csv.DictReader(io.StringIO(FORMATS["plan-lines.csv"](report).decode("utf-8-sig")))
    names = ("remaining", "due_percent", "months_left", "needed", "so_far")
    for line, cells, row in zip(told, sheet.iter_rows(min_row=4), rows, strict=True):
        shown = [cells[12].value, *(cell.value for cell in cells[14:18])]
        assert shown == [line and line[name] for name in names]
        assert [row[name] for name in names] == [str(line[name]) if line else "" for name in names]
        assert cells[13].value == (line and line["due"])
    signs = [cell.number_format[:3] for cell in next(sheet.iter_rows(min_row=4))[12:18]]
    assert signs == ['"≤ ', "Gen", '"≥ ', "0.0", '"≤ ', '"≥ ']


def _assert_agreement(report: Report) -> None:
    written = {name: write(report) for name, write in FORMATS.items()}
    expected = from_json(written["json"])
    assert len(expected) == len(report.lines)
    for name, read in READERS.items():
        shown = read(written[name])
        assert len(shown) == len(expected), name
        for line, reference in zip(shown, expected, strict=True):
            assert set(line) >= set(SAME_EVERYWHERE), name
            assert line == {key: reference[key] for key in line}, name
    paces = _paces(json.loads(written["json"]))
    for name, tables in (
        ("docx", _word_tables(written["docx"])),
        ("pdf", _pdf_tables(written["pdf"])),
        ("html", _html_tables(written["html"])),
    ):
        rows = [row for row in _rows(tables, pace_headers()) if not _is_group(row)]
        assert [_pace_row(row) for row in rows] == paces, name
    totals = [_total(total) for total in json.loads(written["json"])["totals"]]
    listed = _counted_articles(report)
    for tables in (_word_tables(written["docx"]), _pdf_tables(written["pdf"])):
        assert _rows(tables, TOTALS_HEADERS) == totals
        assert _list(tables) == listed


# -------------------------------------------------------------------- one reader a format


def from_json(content: bytes) -> list[Numbers]:
    """Read the lines of the JSON, the reference for all others."""
    return [_line(line) for line in json.loads(content)["lines"]]


def _line(line: dict[str, Any]) -> Numbers:
    counted = line["counted"]
    unknown = counted["posts"] == 0 and counted["coverage"] == CoverageState.NONE.value

    def bounded(value: float | None, sign: str) -> Number:
        if value is None:
            return None
        if unknown:
            return "không rõ"
        return "=" if counted["is_exact"] else sign, round(value, 1)

    def left(value: float | None) -> Number:
        return ("=", 0.0) if value == 0 and not unknown else bounded(value, "≤")

    def capped(value: float | None) -> Number:
        return ("=", 100.0) if value == 100 and not unknown else bounded(value, "≥")

    return {
        "planned": _plain(line["planned"]),
        "claimed": _plain(line["claimed"]),
        "counted": bounded(counted["posts"], "≥"),
        "difference": bounded(line["difference"], "≤"),
        "percent": bounded(line["percent"], "≥"),
        "claimed_percent": _plain(line["claimed_percent"]),
        "status": STATUS[line["status"]],
        "unsettled": _plain(line["unsettled"]),
        "duplicates": _plain(line["excluded"].get("duplicate", 0)),
        "reposts": _plain(line["reposts"]),
        "recognised": _plain(line["recognised"]),
        "remaining": left(line["remaining"]),
        "capped_percent": capped(line["capped_percent"]),
        **dict.fromkeys(PACE_SIGNS),
        **{name: bounded(value, PACE_SIGNS[name]) if PACE_SIGNS[name] else _plain(value)
           for name, value in (line["pace"] or {}).items() if name in PACE_SIGNS},
        **({"needed": left(line["pace"]["needed"])} if line["pace"] else {}),
    }  # fmt: skip


def _from_csv(content: bytes) -> list[Numbers]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [_line(_as_json(row)) for row in rows]


def _as_json(row: dict[str, str]) -> dict[str, Any]:
    numbers = {
        key: float(row[key]) if row[key] else None
        for key in (
            "planned",
            "claimed",
            "difference",
            "percent",
            "claimed_percent",
            "remaining",
            "capped_percent",
        )
    }  # fmt: skip
    counted = {
        "posts": int(row["counted"]),
        "coverage": row["coverage"],
        "is_exact": row["is_exact"] == "1",
    }
    pace = {key: float(row[key]) if row[key] else None for key in PACE_SIGNS}
    whole = {key: int(row[key]) for key in ("unsettled", "reposts", "recognised")}
    excluded = {"duplicate": int(row["duplicates"])}
    return {
        **numbers,
        **whole,
        "pace": pace,
        "counted": counted,
        "excluded": excluded,
        "status": row["status"],
    }


def _from_xlsx(content: bytes) -> list[Numbers]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content))["Tổng hợp"]
    names = (None, None, None, None, "planned", "claimed", "counted", "difference",
             "claimed_percent", "percent", "remaining", "capped_percent", *PACE_SIGNS, "status",
             "unsettled", "duplicates", "reposts", "recognised", None)  # fmt: skip
    return [
        {name: _cell(cell) for name, cell in zip(names, row, strict=True) if name is not None}
        for row in sheet.iter_rows(min_row=4)
    ]


def _cell(cell: Any) -> Number:  # noqa: ANN401 - openpyxl has no types
    if cell.value is None or isinstance(cell.value, str):
        text: str | None = cell.value
        return text
    sign = next((s for s in ("≥", "≤") if s in cell.number_format), "=")
    return (sign, round(float(cell.value), 1))


def _from_html(content: bytes) -> list[Numbers]:
    names = {
        "Kế hoạch": "planned",
        "Xác minh": "counted",
        "Tự báo cáo": "claimed",
        "Chênh lệch": "difference",
        "Tỷ lệ": "percent",
        "Kết quả": "status",
    }
    page = lxml.html.fromstring(content)
    return [
        {names[cell.get("data-label")]: _spoken(cell.text_content())
         for cell in row.cssselect("td[data-label]")}
        for row in page.cssselect("tr.line")
    ]  # fmt: skip


LINE_NAMES = ("tag", "planned", "claimed", "counted", "difference", "claimed_percent", "percent",
              "status", "unsettled", "duplicates", "reposts")  # fmt: skip


def _from_tables(tables: Iterable[Table]) -> list[Numbers]:
    return [
        {name: _spoken(text) for name, text in zip(LINE_NAMES, row, strict=True) if name != "tag"}
        for row in _rows(tables, LINES_HEADERS)
        if not _is_group(row)
    ]


@lru_cache(maxsize=1)  # three checks look at the same file, and reading it costs most
def _pdf_tables(content: bytes) -> list[Table]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [
            [[_one_line(text) for text in row if text is not None] for row in table]
            for page in pdf.pages
            for table in page.extract_tables()
        ]


READERS: dict[str, Callable[[bytes], list[Numbers]]] = {
    "csv": _from_csv,
    "xlsx": _from_xlsx,
    "html": _from_html,
    "docx": lambda content: _from_tables(_word_tables(content)),
    "pdf": lambda content: _from_tables(_pdf_tables(content)),
}


# ------------------------------------------------------------------- tables of documents


def _paces(data: dict[str, Any]) -> list[Numbers]:
    """Give what the tables of the pace must say, by the JSON."""
    lines = {(line["unit"], line["tag"]): line for line in data["lines"]}
    results = {(one["unit"], one["line"]["place"]): one for one in data["plan_results"]}
    told = []
    for target in data["targets"]:
        if target["pace"] is not None:
            unit, places = target["unit"], target["places"]
            of = results[unit, places[0]] if places else lines[unit, target["tags"][0]]
            assert (of["pace"], target["pace"]["planned"]) == (target["pace"], target["planned"])
            shown = _line({**_WITHOUT, **of, **target})
            told.append({name: shown[name] for name in PACE_COLUMNS})
    return told


_WITHOUT: dict[str, Any] = {
    **dict.fromkeys(("claimed", "difference", "claimed_percent", "unsettled", "reposts")),
    "excluded": {},
    "recognised": None,
}
"""What a line of a plan has none of."""


PACE_COLUMNS = ("planned", "counted", "capped_percent", "due", "due_percent", "remaining",
                "months_left", "needed", "so_far")  # fmt: skip


def _pace_row(row: list[str]) -> Numbers:
    return {name: _spoken(text) for name, text in zip(PACE_COLUMNS, row[1:], strict=True)}


def _html_tables(content: bytes) -> list[Table]:
    return [
        [[_one_line(cell.text_content()) for cell in row.cssselect("th, td")]
         for row in table.cssselect("tr")]
        for table in lxml.html.fromstring(content).cssselect("table")
    ]  # fmt: skip


def _word_tables(content: bytes) -> list[Table]:
    """Read the rows by their elements: python-docx's own rows repeat a merged cell."""
    word = docx.Document(io.BytesIO(content))
    return [
        [[_text(cell) for cell in row.iter(qn("w:tc"))] for row in table._tbl.iter(qn("w:tr"))]  # noqa: SLF001
        for table in word.tables
    ]


def _text(cell: Any) -> str:  # noqa: ANN401 - an lxml element
    return _one_line("".join(text.text or "" for text in cell.iter(qn("w:t"))))


def _rows(tables: Iterable[Table], headers: tuple[str, ...]) -> Table:
    """Give the rows below a header, of all pages that repeat it."""
    wanted = [_squeezed(header) for header in headers]
    return [
        row
        for table in tables
        if table and [_squeezed(text) for text in table[0]] == wanted
        for row in table[1:]
    ]


def _is_group(row: list[str]) -> bool:
    return len([text for text in row if text]) == 1


def _total(total: dict[str, Any]) -> list[str]:
    return [
        total["tag"],
        str(total["with_quota"]),
        _or_dash(total["planned"]),
        _count(total["counted_with_quota"]),
        _count(total["counted_with_quota"], _percentage(total["percent"])),
        _or_dash(total["due"]),
        _count(total["counted_with_quota"], _percentage(total["due_percent"]))
        if total["due_percent"] is not None
        else "—",
        str(total["reached"]),
        str(total["short"]),
        str(total["not_verifiable"]),
        _count(total["counted"]),
        _or_dash(total["claimed"]),
    ]


def _count(counted: dict[str, Any] | None, text: str | None = None) -> str:
    if counted is None:
        return "—"
    if counted == {"posts": 0, "coverage": "none"}:
        return "không rõ"
    sign = "" if counted["coverage"] == "complete" else "≥ "
    return sign + (text or str(counted["posts"]))


def _or_dash(number: int | None) -> str:
    return "—" if number is None else str(number)


def _percentage(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}".removesuffix(".0").replace(".", ",") + " %"


def _counted_articles(report: Report) -> list[tuple[str, str]]:
    """Give article and tags of each counted article, unit by unit."""
    counted: dict[tuple[str, int], list[str]] = {}
    for line in report.lines:
        for article in line.articles:
            tags = counted.setdefault((line.unit, article.article_id), [])
            if article.bucket is None:
                tags.append(line.tag)
    return [(str(article), ", ".join(tags)) for (_, article), tags in counted.items() if tags]


def _list(tables: Iterable[Table]) -> list[tuple[str, str]]:
    rows = _rows(tables, COUNTED_HEADERS)
    return [(row[-1], row[-2]) for row in rows if not _is_group(row)]


def _plain(value: float | None) -> Number:
    return None if value is None else ("=", round(value, 1))


def _spoken(text: str) -> Number:
    """Read '≥ 91,7 %', '≤ −2', '12', '—' as people do."""
    text = _one_line(text)
    if text == "—":
        return None
    found = re.fullmatch(r"(?:([≥≤]) )?([+−]?[\d,]+)(?: %)?", text)
    if found is None:
        return text
    sign, number = found.groups()
    return (sign or "=", float(number.replace(",", ".").replace("−", "-")))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_all_formats_agree_on_the_points(rendered_report: Callable[..., Report]) -> None:
    scale = ScoreScale(name="Thang", most=100, steps=(ScoreStep(at=50, points=None),))
    report = rendered_report(counting=CountingRule(name="r", score=scale))
    data = json.loads(FORMATS["json"](report))
    wanted = [
        [
            one["tag"],
            ("≥ " if one["is_lower_bound"] else "") + str(one["done"]),
            str(one["asked"]),
            "chưa đủ căn cứ" if one["points"] is None else f"0,{one['points'] // 10}",
        ]
        for one in data["scores"]
    ]
    assert [row[-1] for row in wanted] == ["0,5", "chưa đủ căn cứ"]
    tables: dict[str, Callable[[bytes], list[Table]]]
    tables = {"docx": _word_tables, "pdf": _pdf_tables, "html": _html_tables}
    for name, read in tables.items():
        rows = _rows(read(FORMATS[name](report)), score_headers())
        shown = [[row[0], row[1], row[2], row[4]] for row in rows if not _is_group(row)]
        assert shown == wanted, name
    sheet: Any = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](report)))["Điểm"]
    assert [row[6].value for row in sheet.iter_rows(min_row=4)] == [0.5, "chưa đủ căn cứ"]
    lines = csv.DictReader(io.StringIO(FORMATS["csv"](report).decode("utf-8-sig")))
    assert [line["points"] for line in lines] == ["50", "", ""]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_report_gives_the_same_bytes(
    rendered_report: Callable[..., Report], ending: str
) -> None:
    assert FORMATS[ending](rendered_report()) == FORMATS[ending](rendered_report())


def test_no_format_is_left_out(rendered_report: Callable[..., Report]) -> None:
    del rendered_report
    assert {*READERS, "json", "claims.csv", "plan-lines.csv"} == set(FORMATS)


def test_every_claim_has_its_verdict_in_the_json_the_csv_the_excel_file_and_the_page(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report(
        claims=tuple(
            CheckedClaim(
                unit="ST-DONG",
                tag="TTHC",
                cell=f"D!C{number}",
                number=5 if verdict in {ClaimVerdict.TOO_MANY, ClaimVerdict.TOO_FEW} else None,
                url=None,
                title=f"Bài khai {number}",
                day=None,
                verdict=verdict,
                reason=f"lý do {number}",
                article_id=1 if verdict is ClaimVerdict.CONFIRMED else None,
                score=96 if verdict is ClaimVerdict.CONFIRMED else None,
            )
            for number, verdict in enumerate(ClaimVerdict)
        )
    )
    wanted = [verdict.value for verdict in ClaimVerdict]
    assert [claim["verdict"] for claim in json.loads(FORMATS["json"](report))["claims"]] == wanted
    rows = csv.DictReader(io.StringIO(FORMATS["claims.csv"](report).decode("utf-8-sig")))
    assert [row["verdict"] for row in rows] == wanted
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](report)))
    shown = [(row[8], row[10]) for row in book["Kê khai"].iter_rows(min_row=4, values_only=True)]
    spoken = [(verdict_word(v), f"lý do {n}") for n, v in enumerate(ClaimVerdict)]
    assert shown == spoken
    text = " ".join(lxml.html.fromstring(FORMATS["html"](report)).text_content().split())
    named = [reason for v, (_, reason) in zip(ClaimVerdict, spoken, strict=True)
             if v not in {ClaimVerdict.TOO_MANY, ClaimVerdict.TOO_FEW}]  # fmt: skip
    assert all(reason in text for reason in named)
    (tally,) = claim_tallies(report)
    assert tally.considered == sum(tally.verdicts.values()) == len(named)
    assert tally.unclaimed == (2,)
