"""What is frozen is read back as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.serial import ReportFormatError, from_json, to_data, to_json, to_json_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Report


@settings(deadline=None)
@given(data=st.data())
def test_what_was_written_is_read_back_equal_and_gives_the_same_bytes(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report)
    again = from_json(to_json(report))
    assert again == report
    assert to_json(again) == to_json(report)


@settings(deadline=None)
@given(data=st.data())
def test_the_text_is_that_of_a_plain_encoder(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report)
    plainly = json.dumps(to_data(report), ensure_ascii=False, sort_keys=True, indent=2)
    assert to_json(report) == plainly + "\n"


def _changed(report: Report, change: Callable[[dict[str, Any]], object]) -> str:
    data = to_data(report)
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda d: d.update(format="tinbai-report/99"), "format"),
        (lambda d: d.pop("office"), "report.office"),
        (lambda d: d.update(office=5), "report.office"),
        (lambda d: d.update(weather="fine"), "report.weather"),
        (lambda d: d.update(lines={}), "report.lines"),
        (lambda d: d["lines"][0].update(percent=99.5), r"lines\[0\]\.percent"),
        (lambda d: d["lines"][0]["counted"].update(posts=True), "posts"),
        (lambda d: d["lines"][0].update(status="splendid"), "status"),
        (lambda d: d["lines"][0]["articles"].pop(), "considered|articles|unsettled"),
        (lambda d: d["totals"][0].update(planned=1), r"totals\[0\]\.planned"),
        (lambda d: d.update(as_of="yesterday"), "as_of"),
        (lambda d: d.update(period={"start": "2022-02-01", "end": "2022-01-01"}), "period"),
    ],
)
def test_what_is_wrong_is_named_and_refused(
    rendered_report: Callable[..., Report],
    change: Callable[[dict[str, Any]], object],
    named: str,
) -> None:
    with pytest.raises(ReportFormatError, match=named):
        from_json(_changed(rendered_report(), change))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1}', "null"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ReportFormatError):
        from_json(text)


def test_a_report_from_before_the_letterhead_is_still_read(
    rendered_report: Callable[..., Report],
) -> None:
    text = _changed(rendered_report(), lambda d: (d.pop("letterhead"), d.pop("totals")))
    assert from_json(text) == rendered_report()


def test_what_an_earlier_version_wrote_is_held_against_what_it_has_a_place_for(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report()
    data = to_data(report)
    for name in ("scores", "since", "months"):
        del data[name]
    for line in data["lines"]:
        del line["pace"], line["schedule"]
    earlier = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
    assert to_json_as(report, earlier) == earlier
    assert to_json_as(report, to_json(report)) == to_json(report)
    changed = rendered_report(office="Phòng khác")
    assert to_json_as(changed, earlier) != earlier
    fewer = rendered_report(lines=report.lines[:2])
    assert to_json_as(fewer, earlier) != earlier
