"""Was everything seen?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from reports.coverage import NotSeen, cover, days_of_site, gaps_of_section
from storage.records import UNDECIDED, CoverageReason, CoverageState, DayInterval, SiteOwner

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.coverage import UnitCoverage
    from storage.records import Registry, SectionCoverage

    Make = Callable[..., SectionCoverage]

SEPTEMBER = DayInterval(dt.date(2022, 9, 1), dt.date(2022, 10, 1))
OCTOBER_5 = dt.datetime(2022, 10, 5, tzinfo=dt.UTC)


def on(day: int, month: int = 9) -> dt.date:
    return dt.date(2022, month, day)


def judge(registry: Registry, rows: list[SectionCoverage], **changes: Any) -> UnitCoverage:  # noqa: ANN401 - keyword arguments
    arguments: dict[str, Any] = {"window": SEPTEMBER, "as_of": OCTOBER_5} | changes
    return cover("xa-a", registry, rows, **arguments)


def test_runs_add_up_to_the_whole_window(registry: Registry, make_coverage: Make) -> None:
    rows = [
        make_coverage(on(10), on(1, 8), on(10)),
        make_coverage(on(1, 10), on(8), on(1, 10)),
    ]
    found = judge(registry, rows)
    assert found.state is CoverageState.COMPLETE
    assert found.note == "Thấy trọn danh sách bài đăng cả 30 ngày."


def test_one_day_that_nobody_saw_makes_it_partial_and_is_named(
    registry: Registry, make_coverage: Make
) -> None:
    rows = [
        make_coverage(on(10), on(1), on(10)),
        make_coverage(on(1, 10), on(11), on(1, 10), reason=CoverageReason.PAGE_LIMIT),
    ]
    found = judge(registry, rows)
    assert found.state is CoverageState.PARTIAL
    assert found.note == (
        "Thấy trọn danh sách 29/30 ngày; chưa thấy: 10/9/2022 (hết giới hạn số trang danh sách)."
    )


def test_a_week_of_outage_is_named_with_its_reason(registry: Registry, make_coverage: Make) -> None:
    rows = [make_coverage(on(20), on(1), on(20))]
    rows += [
        make_coverage(on(day), None, None, reason=CoverageReason.LIST_FAILED)
        for day in range(21, 31)
    ]
    found = judge(registry, rows)
    assert found.state is CoverageState.PARTIAL
    assert "19/30 ngày; chưa thấy: 20/9/2022–30/9/2022 (trang không trả lời)" in found.note


def test_every_section_of_the_newest_run_is_needed(registry: Registry, make_coverage: Make) -> None:
    rows = [
        make_coverage(on(1, 10), on(1), on(1, 10), section="tin"),
        make_coverage(on(1, 10), on(16), on(1, 10), section="thông báo"),
    ]
    assert judge(registry, rows).state is CoverageState.PARTIAL
    assert "15/30 ngày" in judge(registry, rows).note


def test_a_section_that_the_newest_run_no_longer_knows_is_not_needed(
    registry: Registry, make_coverage: Make
) -> None:
    rows = [
        make_coverage(on(10), None, None, section="cũ", reason=CoverageReason.LIST_FAILED),
        make_coverage(on(1, 10), on(1), on(1, 10), section="tin"),
    ]
    assert judge(registry, rows).state is CoverageState.COMPLETE


def test_a_run_never_saw_its_own_day_in_full(registry: Registry, make_coverage: Make) -> None:
    rows = [make_coverage(on(30), on(1), None)]
    found = judge(registry, rows)
    assert found.state is CoverageState.PARTIAL
    assert "29/30 ngày; chưa thấy: 30/9/2022" in found.note


def test_days_still_to_come_are_not_covered_and_said_to_be_so(
    registry: Registry, make_coverage: Make
) -> None:
    rows = [make_coverage(on(20), on(1), on(20))]
    found = judge(registry, rows, as_of=dt.datetime(2022, 9, 20, 15, tzinfo=dt.UTC))
    assert found.note == (
        "Thấy trọn danh sách 19/30 ngày; chưa thấy: 20/9/2022–30/9/2022 "
        "(chưa hết ngày khi chốt số liệu)."
    )


def test_only_the_days_on_which_the_unit_owned_the_site_are_needed(
    registry: Registry, make_coverage: Make
) -> None:
    owners = (
        SiteOwner(
            site="a",
            base_url="http://a.test/",
            unit="xa-a",
            valid=DayInterval(on(1, 1), on(11)),
        ),
    )
    rows = [make_coverage(on(15), on(1), on(11))]
    found = judge(replace(registry, owners=owners), rows)
    assert (found.state, found.note) == (
        CoverageState.COMPLETE,
        "Thấy trọn danh sách bài đăng cả 10 ngày.",
    )


def test_two_sites_of_a_unit_must_both_have_been_seen(
    registry: Registry, make_coverage: Make
) -> None:
    second = SiteOwner(
        site="a2", base_url="http://a2.test/", unit="xa-a", valid=DayInterval(on(1, 1))
    )
    both = replace(registry, owners=(*registry.owners, second))
    found = judge(both, [make_coverage(on(1, 10), on(1), on(1, 10))])
    assert found.state is CoverageState.PARTIAL
    assert "0/30 ngày" in found.note


def test_nothing_is_known_of_a_unit_without_a_site_or_never_walked(
    registry: Registry, make_coverage: Make
) -> None:
    assert judge(replace(registry, owners=()), []).state is CoverageState.NONE
    assert judge(registry, []).state is CoverageState.NONE
    elsewhere = make_coverage(on(1, 10), on(1), on(1, 10), site="b")
    assert judge(registry, [elsewhere]).state is CoverageState.NONE


def test_looks_that_all_failed_saw_nothing(registry: Registry, make_coverage: Make) -> None:
    rows = [make_coverage(on(20), None, None, reason=CoverageReason.LIST_BLOCKED)]
    found = judge(registry, rows)
    assert found.state is CoverageState.NONE
    assert "01/9/2022–30/9/2022" in found.note


def test_many_gaps_are_not_all_named(registry: Registry, make_coverage: Make) -> None:
    rows = [make_coverage(on(1, 10), on(day), on(day + 1)) for day in range(2, 30, 2)]
    assert "và 12 khoảng nữa" in judge(registry, rows).note


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["tin", "thông báo"]),
            st.integers(0, 39),
            st.integers(1, 39),
            st.integers(0, 10),
        ),
        max_size=6,
    )
)
def test_complete_means_that_each_day_of_each_section_was_seen_by_some_run(
    registry: Registry,
    make_coverage: Make,
    looks: list[tuple[str, int, int, int]],
) -> None:
    first = SEPTEMBER.start - dt.timedelta(days=5)
    rows = [
        make_coverage(
            first + dt.timedelta(days=start + length + later),
            first + dt.timedelta(days=start),
            first + dt.timedelta(days=start + length),
            section=section,
            run_id=1,
        )
        for section, start, length, later in looks
    ]
    latest = max((row.run_started_at for row in rows), default=None)
    sections = {row.section for row in rows if row.run_started_at == latest}
    every_day = [SEPTEMBER.start + dt.timedelta(days=n) for n in range(30)]

    def seen(section: str, day: dt.date) -> bool:
        return any(row.section == section and row.days and day in row.days for row in rows)

    pairs = [seen(section, day) for section in sections or {""} for day in every_day]
    expected = (
        CoverageState.COMPLETE
        if all(pairs)
        else CoverageState.PARTIAL
        if any(pairs)
        else CoverageState.NONE
    )
    assert judge(registry, rows).state is expected
    assert judge(registry, rows[::-1]) == judge(registry, rows)


def test_an_extra_channel_is_not_needed(registry: Registry, make_coverage: Make) -> None:
    seen = make_coverage(on(1, 10), on(1), on(1, 10), run_id=1)
    sitemap = make_coverage(on(1, 10), None, None, run_id=1, section="so-do-trang")
    assert judge(registry, [seen, sitemap]).state is CoverageState.PARTIAL
    extra = replace(sitemap, is_extra=True)
    assert judge(registry, [seen, extra]).state is CoverageState.COMPLETE


def undecided(make_coverage: Make, name: str = "Thông báo", run_id: int = 1) -> SectionCoverage:
    row = make_coverage(on(1, 10), None, None, run_id=run_id, section=name)
    return replace(
        row,
        reason=CoverageReason.LIST_FAILED,
        detail=f"{UNDECIDED}http://xa.test/tb: danh sách không có ngày",
    )


def test_what_nobody_has_decided_on_keeps_a_unit_from_being_seen_in_full_and_is_named(
    registry: Registry, make_coverage: Make
) -> None:
    seen = make_coverage(on(1, 10), on(1), on(1, 10), run_id=1)
    found = judge(registry, [seen, undecided(make_coverage)])
    assert found.state is CoverageState.PARTIAL
    assert found.note == (
        "Thấy trọn danh sách 0/30 ngày; chưa thấy: 01/9/2022–30/9/2022 (chưa ai quyết định có "
        "phải tin không: “Thông báo” (http://xa.test/tb: danh sách không có ngày); ghi từng mục "
        "vào sections (là tin) hoặc not_news (không phải tin) của hồ sơ trang)."
    )
    rows = [seen, undecided(make_coverage)]
    (gap,) = gaps_of_section("Thông báo", rows, days=SEPTEMBER, as_of=OCTOBER_5)
    assert gap == (SEPTEMBER, NotSeen.UNDECIDED)
    days = days_of_site("a", rows, days=SEPTEMBER, as_of=OCTOBER_5)
    assert {(day.state, day.why) for day in days} == {(CoverageState.PARTIAL, NotSeen.UNDECIDED)}


def test_an_answer_makes_the_days_that_were_seen_before_it_count(
    registry: Registry, make_coverage: Make
) -> None:
    rows = [make_coverage(on(1, 10), on(1), on(1, 10), run_id=1), undecided(make_coverage)]
    answered = make_coverage(on(2, 10), on(1), on(2, 10), run_id=2)
    assert judge(registry, [*rows, answered]).state is CoverageState.COMPLETE
    as_a_list = make_coverage(on(2, 10), on(20), on(2, 10), run_id=2, section="Thông báo")
    assert judge(registry, [*rows, answered, as_a_list]).state is CoverageState.PARTIAL


def test_a_list_that_failed_is_told_for_its_own_days_beside_what_is_undecided(
    registry: Registry, make_coverage: Make
) -> None:
    rows = [
        make_coverage(on(20), on(1), on(20), run_id=1),
        make_coverage(on(1, 10), on(25), on(1, 10), run_id=2, reason=CoverageReason.PAGE_LIMIT),
        undecided(make_coverage, run_id=2),
    ]
    gaps = judge(registry, rows).days.unseen
    assert [one.days for one in gaps] == [
        DayInterval(on(1), on(20)),
        DayInterval(on(20), on(25)),
        DayInterval(on(25), on(1, 10)),
    ]
    assert [one.reason.partition(";")[0].partition(":")[0] for one in gaps] == [
        "chưa ai quyết định có phải tin không",
        "hết giới hạn số trang danh sách",
        "chưa ai quyết định có phải tin không",
    ]
    assert all("“Thông báo”" in one.reason for one in gaps)
