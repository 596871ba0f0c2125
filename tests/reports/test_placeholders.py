"""What a template can show: the guide names exactly what every report gives, in plain values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.render.placeholders import PLACEHOLDERS, Kind, Placeholder, example, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.records import Report

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "mau-word.md"


def check(given_values: object, placeholders: Iterable[Placeholder]) -> None:
    assert isinstance(given_values, dict)
    assert set(given_values) == {one.name for one in placeholders}
    for one in placeholders:
        value = given_values[one.name]
        match one.kind:
            case Kind.TEXT:
                assert isinstance(value, str), one.name
            case Kind.FLAG:
                assert isinstance(value, bool), one.name
            case Kind.TEXTS:
                assert all(isinstance(text, str) for text in value), one.name
            case Kind.ROWS:
                for row in value:
                    check(row, one.parts)


def test_a_report_and_the_example_give_exactly_the_names_of_the_guide(
    planned_report: Report,
) -> None:
    check(values(planned_report), PLACEHOLDERS)
    check(example(), PLACEHOLDERS)
    check(example(flag=False, rows=0), PLACEHOLDERS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(data=st.data())
def test_so_does_any_report_and_a_number_never_loses_its_bound(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report)
    found = values(report)
    check(found, PLACEHOLDERS)
    rows = found["dong"]
    assert isinstance(rows, list)
    for row, line in zip(rows, report.lines, strict=True):
        assert isinstance(row, dict)
        exact = str(row["xac_minh"]).isdecimal()
        assert exact is line.counted.is_exact


def named(placeholders: Iterable[Placeholder]) -> Iterator[str]:
    for one in placeholders:
        yield one.name
        yield from named(one.parts)


def test_the_guide_tells_every_name_with_its_meaning() -> None:
    guide = GUIDE.read_text("utf-8")
    for one in PLACEHOLDERS:
        assert f"| `{one.name}` | {one.kind.value} | {one.meaning} |" in guide
        for part in one.parts:
            assert f"`{part.name}`" in guide, f"{one.name}.{part.name}"
