"""From the database to the report: as of an instant, frozen, written, explained."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reports.assembly import Assembly
from reports.build import build_report, make_report, of_unit
from reports.calendar import parse_period
from reports.reading import NotReadyError, read_facts
from reports.rules import RULE
from reports.serial import from_json, plain, to_data, to_json
from storage.errors import InputError
from storage.findings import report_content
from storage.outputs import record_outputs
from storage.records import (
    Claim,
    DayInterval,
    Exclusion,
    FindingKind,
    Level,
    LineStatus,
    Output,
    OutputForm,
    Report,
    Succession,
    SuccessionKind,
    UnitLevel,
    UnitName,
    Verdict,
)
from storage.units import record_registry, registry_as_of

if TYPE_CHECKING:
    World = Any  # conftest.World, which cannot be imported here
    from pathlib import Path

    from storage.engine import Database
    from storage.records import Registry

ALWAYS = DayInterval(dt.date(2000, 1, 1))
MARCH = parse_period("2022-03")
Q1 = parse_period("2022-Q1").days
MAIN = (Level.MAIN, Verdict.ASSIGNED)
LONG = "Bộ phận một cửa tiếp nhận và trả kết quả thủ tục hành chính đúng hẹn cho người dân. " * 4


def night(month: int, day: int, hour: int = 15) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=dt.UTC)


END = night(4, 2)


def line(report: Report, unit: str, tag: str = "TTHC") -> Any:  # noqa: ANN401 - a ReportLine
    return next(x for x in report.lines if (x.unit, x.tag) == (unit, tag))


def kinds(report: Report) -> list[FindingKind]:
    return [finding.kind for finding in report.findings]


def test_a_report_counts_by_unit_and_tag_in_the_order_of_the_lists(world: World) -> None:
    report = world.report()
    assert [(x.unit, x.tag, x.counted.posts, x.counted.is_exact) for x in report.lines] == [
        ("xa-b", "CCHC", 0, False),
        ("xa-b", "TTHC", 0, False),
        ("xa-a", "CCHC", 2, True),
        ("xa-a", "TTHC", 2, True),
    ]
    assert line(report, "xa-b").excluded == {Exclusion.UNTAGGED: 1, Exclusion.UNREAD: 1}
    assert (report.tagger, report.taxonomy_release) == ("rules@1#00000000", "2022.1")
    assert report.findings == ()


def test_a_report_as_of_an_instant_never_changes(world: World, registry: Registry) -> None:
    world.plan(night(3, 1), 2)
    world.claim(night(4, 1), Claim(tag="TTHC", number=2, cell="S!D2"))
    before = world.report()
    world.plan(night(4, 10), 99)
    world.claim(night(4, 10), Claim(tag="TTHC", number=99, cell="S!D2"))
    world.run(night(4, 11), {"path": "late"}, {"path": "one", "body": "Đã sửa", "day": None})
    world.tag(night(4, 11, 18), {"late": MAIN, "one": None, "three": MAIN})
    with world.database.write() as c:
        record_registry(c, replace(registry, owners=()), received_at=night(4, 12))
    after = world.report()
    assert after == before
    assert to_json(after) == to_json(before)
    later = world.report(night(4, 13))
    assert line(later, "xa-a").planned == 99
    assert later.unowned != ()


@pytest.fixture
def two_districts(world: World, registry: Registry) -> World:
    """Commune A below district H, commune B elsewhere, with a text of A's that it took over."""
    above = UnitName(unit="h", name="Huyện H", level=UnitLevel.DISTRICT, parent=None, valid=ALWAYS)
    names = tuple(replace(n, parent="h" if n.unit == "xa-a" else None) for n in registry.names)
    with world.database.write() as c:
        record_registry(c, replace(registry, names=(above, *names)), received_at=night(1, 2))
    world.run(night(4, 1, 20), {"path": "five", "body": LONG}, site="b")
    world.run(night(4, 1, 21), {"path": "six", "body": LONG.upper()})
    world.tag(night(4, 1, 22), {"five": MAIN, "six": MAIN})
    world.plan(night(3, 1), 5)
    world.plan(night(3, 1), 7, unit="xa-b")
    return world


def test_a_part_of_the_units_has_the_same_lines_and_findings_as_in_the_whole(
    two_districts: World,
) -> None:
    two_districts.claim(
        night(4, 1, 23),
        Claim(tag="TTHC", url="http://b.test/three", cell="D!F2"),
        Claim(tag="TTHC", url="http://b.test/nothing", cell="D!F3"),
        Claim(tag="TTHC", title="Bài không có", cell="D!F4"),
    )
    whole, part = two_districts.report(), two_districts.report(under="h")
    assert {x.unit for x in whole.lines} == {"xa-a", "xa-b"}
    assert part.lines == tuple(x for x in whole.lines if x.unit == "xa-a") != ()
    assert part.findings == tuple(x for x in whole.findings if x.unit == "xa-a") != ()
    assert (whole.under, part.under) == (None, "h")
    assert any("chỉ gồm Huyện H và các đơn vị trực thuộc" in note for note in part.notes)
    assert part == from_json(to_json(part))


def test_a_repost_is_one_whoever_published_the_text_first(two_districts: World) -> None:
    assert line(two_districts.report(under="xa-b"), "xa-b").reposts == 1


def test_of_copies_elsewhere_only_those_that_may_come_first_are_read(two_districts: World) -> None:
    def read(under: str) -> set[str]:
        with two_districts.database.read() as c:
            facts = read_facts(c, night(5, 1), under=under, window=Q1)
        return {candidate.url for candidate in facts.candidates}

    assert "http://b.test/five" in read("h")
    assert "http://a.test/six" not in read("xa-b")


def test_looks_before_the_period_are_read_only_where_they_matter(two_districts: World) -> None:
    with two_districts.database.read() as c:
        every = read_facts(c, night(5, 1))
        late = read_facts(c, night(5, 1), window=DayInterval(dt.date(2022, 4, 1)))
    began = dt.datetime(2022, 3, 31, 17, tzinfo=dt.UTC)
    sites = {run.site for run in every.runs}
    first = [min(r.started_at for r in every.runs if r.site == site) for site in sites]
    kept = {row.run_id for row in late.coverage}
    assert set(late.coverage) <= set(every.coverage)
    assert {r.id for r in late.runs} == kept | {
        r.id for r in every.runs if r.started_at >= began or r.started_at in first
    }


def test_an_unknown_part_of_the_units_is_refused_with_those_that_exist(world: World) -> None:
    with pytest.raises(InputError) as refused:
        world.report(under="h")
    assert "xa-a: Xã A" in str(refused.value)


def test_the_plan_the_claim_and_the_count_meet_in_one_line(world: World) -> None:
    world.plan(night(3, 1), 5)
    world.claim(
        night(4, 1),
        Claim(tag="TTHC", number=3, cell="S!D2"),
        Claim(tag="TTHC", url="http://a.test/one", cell="D!F2"),
        Claim(tag="TTHC", title="Bài không có", cell="D!F3"),
    )
    report = world.report()
    found = line(report, "xa-a")
    assert (found.planned, found.counted.posts, found.claimed) == (5, 2, 3)
    assert (found.difference, found.percent, found.remaining) == (1, 40.0, 3)
    assert found.status is LineStatus.SHORT
    assert kinds(report) == [
        FindingKind.SHORTFALL,
        FindingKind.OVERCLAIM,
        FindingKind.CLAIM_NOT_FOUND,
    ]


def test_a_night_without_an_answer_leaves_the_unit_unaccused(world: World) -> None:
    world.plan(night(3, 1), 5)
    world.claim(night(4, 1), Claim(tag="TTHC", number=3, cell="S!D2"))
    april = world.report(period="2022-03-01..2022-04-02")
    assert set(kinds(april)) == {FindingKind.NOT_VERIFIABLE}
    assert line(april, "xa-a").status is LineStatus.NOT_VERIFIABLE


def test_a_self_report_on_other_days_is_noted_and_not_compared(world: World) -> None:
    half = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 7, 1))
    world.claim(night(4, 1), Claim(tag="TTHC", number=99, cell="S!D2"), days=half)
    report = world.report()
    assert line(report, "xa-a").claimed is None
    assert kinds(report) == []
    assert any("không cùng kỳ" in note and "Xã A" in note for note in report.notes)


def test_the_same_text_is_counted_once_for_a_unit_and_as_a_repost_for_another(
    world: World,
) -> None:
    world.run(
        night(4, 1, 20),
        {"path": "copy", "body": LONG, "day": dt.date(2022, 3, 12), "title": "Tên khác"},
    )
    world.run(
        night(4, 1, 20), {"path": "taken", "body": LONG, "day": dt.date(2022, 3, 11)}, site="b"
    )
    world.tag(night(4, 1, 21), {"copy": MAIN, "taken": MAIN})
    report = world.report()
    own = {a.article_id: a for a in line(report, "xa-a").articles}
    assert own[world.posts["copy"]].duplicate_of == world.posts["two"]
    assert (line(report, "xa-a").counted.posts, line(report, "xa-a").reposts) == (2, 0)
    assert (line(report, "xa-b").counted.posts, line(report, "xa-b").reposts) == (1, 1)


def test_a_post_that_an_earlier_look_did_not_show_is_reported_beside_the_count(
    world: World,
) -> None:
    world.run(night(4, 5), {"path": "late", "day": dt.date(2022, 3, 20), "body": "Bài muộn"})
    world.tag(night(4, 5, 18), {"late": MAIN})
    report = world.report(night(4, 6))
    (finding,) = report.findings
    assert (finding.kind, finding.unit) == (FindingKind.BACKDATED, "xa-a")
    assert finding.article_id == world.posts["late"]
    assert line(report, "xa-a").counted.posts == 3


def test_a_post_that_does_not_count_is_not_reported_as_late(world: World) -> None:
    world.run(night(4, 5), {"path": "late", "day": dt.date(2022, 3, 20), "body": "Bài muộn"})
    world.tag(night(4, 5, 18), {"late": None})
    assert world.report(night(4, 6)).findings == ()


def test_simulated_clocks_open_periods_and_suspicious_first_nights_are_noted(
    world: World,
) -> None:
    posts = [{"path": f"new{n}", "day": dt.date(2022, 4, 3)} for n in range(6)]
    world.run(night(4, 3), *posts, site="c", simulated=True)
    notes = "\n".join(world.report(night(4, 3, 20), period="2022-04").notes)
    assert "1/3 lần thu thập chạy với đồng hồ được đặt trước" in notes
    assert "khi kỳ chưa kết thúc" in notes
    assert "Trang c: 6/6 bài" in notes
    assert "Kỳ số liệu: Tháng 4/2022 theo dương lịch" in notes
    assert "đồng hồ" not in "\n".join(world.report().notes)


def test_a_merger_shows_both_sides_of_the_seam(world: World, registry: Registry) -> None:
    merged = replace(
        registry,
        successions=(
            Succession(
                predecessor="xa-b",
                successor="xa-a",
                kind=SuccessionKind.MERGER,
                effective_on=dt.date(2022, 3, 15),
                decision_ref="1/NQ",
            ),
        ),
    )
    with world.database.write() as c:
        record_registry(c, merged, received_at=night(4, 2, 10))
    notes = world.report(night(4, 3)).notes
    assert any("Xã B sáp nhập vào Xã A từ 15/3/2022 theo 1/NQ" in note for note in notes)


def test_without_units_or_topics_the_missing_step_is_named(
    database: Database, registry: Registry
) -> None:
    with pytest.raises(NotReadyError, match="import units"):
        build_report(database, office="o", period=MARCH, as_of=END)
    with database.write() as c:
        record_registry(c, registry, received_at=night(1, 1))
    with pytest.raises(NotReadyError, match="tinbai tag"):
        build_report(database, office="o", period=MARCH, as_of=END)


def make(world: World, folder: Path, **changes: Any) -> Any:  # noqa: ANN401 - keyword arguments
    arguments: dict[str, Any] = {
        "as_of": END,
        "made_at": END,
        "formats": ("json", "html", "xlsx"),
    } | changes
    return make_report(
        world.database,
        office="Phòng Nội vụ",
        period=MARCH,
        code_version="0.1",
        folder=folder,
        **arguments,
    )


def test_a_made_report_is_frozen_as_the_bytes_of_its_json_file(
    world: World, tmp_path: Path
) -> None:
    made = make(world, tmp_path / "out")
    names = [file.name for file in made.files]
    assert names == [f"bao-cao-2022-03-chot-2022-04-02-2200.{e}" for e in ("json", "html", "xlsx")]
    with world.database.read() as c:
        content = report_content(c, made.report_id)
    assert made.files[0].read_text(encoding="utf-8") == content == to_json(made.report)


def test_a_report_as_of_the_future_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="chưa tới"):
        make(world, tmp_path, as_of=END + dt.timedelta(seconds=1))
    assert list(tmp_path.glob("*.json")) == []


def test_the_part_of_a_unit_keeps_its_lines_and_findings_only(world: World) -> None:
    world.plan(night(3, 1), 5)
    part = of_unit(world.report(), "xa-a")
    assert {x.unit for x in part.lines} == {"xa-a"}
    assert kinds(part) == [FindingKind.SHORTFALL]
    with pytest.raises(InputError, match="xa-b: Xã B"):
        of_unit(world.report(), "xa-z")


def test_data_hold_every_derived_number(world: World) -> None:
    world.plan(night(3, 1), 3)
    data = to_data(world.report())
    (found,) = [x for x in data["lines"] if (x["unit"], x["tag"]) == ("xa-a", "TTHC")]
    assert found["counted"] == {"posts": 2, "coverage": "complete", "is_exact": True}
    assert (found["percent"], found["remaining"], found["difference"]) == (66.6667, 1, None)
    assert found["considered"] == found["counted"]["posts"] + sum(found["excluded"].values())
    assert data["as_of"] == "2022-04-02T15:00:00+00:00"
    assert data["period"] == {"start": "2022-03-01", "end": "2022-04-01"}
    assert json.loads(to_json(world.report())) == data


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        plain({"a": [b""]})


def test_an_edit_that_moved_the_day_into_the_period_is_found_with_both_captures(
    world: World,
) -> None:
    late = {"path": "late", "day": dt.date(2022, 4, 1)}
    world.run(night(4, 1), late)
    world.run(night(4, 2), {**late, "day": dt.date(2022, 3, 31)})
    world.tag(night(4, 2, 18), {"late": MAIN})
    report = world.report(night(4, 2, 20))
    (found,) = [one for one in report.findings if one.kind is FindingKind.DAY_CHANGED]
    assert found.article_id == world.posts["late"]
    assert "ngày in 01/4/2022" in (found.expected or "").replace(" 1/4", " 01/4")
    assert FindingKind.DAY_CHANGED not in kinds(world.report(night(4, 1, 20)))


def test_work_outside_the_web_is_shown_as_stated_until_then(world: World) -> None:
    output = Output(
        unit="xa-a",
        period=DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1)),
        form=OutputForm.BROADCAST,
        measure="lượt phát thanh",
        number=8,
        description="Loa thôn",
        proof_name=None,
        proof_sha256=None,
        cell="KQ!C2",
        source_sha256="s" * 64,
        source_name="kq.xlsx",
        received_at=night(4, 1),
    )
    with world.database.write() as c:
        record_outputs(c, [output])
    assert [one.number for one in world.report().outputs] == [8]
    assert world.report(night(3, 31)).outputs == ()
    assert world.report(under="xa-b").outputs == ()
    assert from_json(to_json(world.report())) == world.report()


@pytest.fixture
def over_years(two_districts: World, registry: Registry) -> World:
    """Posts of other years beside those of March: edited, copied, moving, unread, handed over."""
    world, old = two_districts, dt.date(2021, 5, 5)
    handed_over = [
        replace(o, valid=days, unit=unit)
        for o in registry.owners
        if o.site == "a"
        for days, unit in (
            (DayInterval(dt.date(2020, 1, 1), dt.date(2021, 6, 1)), "xa-b"),
            (DayInterval(dt.date(2021, 6, 1)), "xa-a"),
        )
    ]
    others = [o for o in registry.owners if o.site != "a"]
    with world.database.write() as c:
        owners = (*handed_over, *others)
        known = registry_as_of(c, night(1, 3))
        record_registry(c, replace(known, owners=owners), received_at=night(1, 3))
    years = [
        {"path": f"y{n}", "day": dt.date(2021, n, 1), "body": LONG + str(n)} for n in (4, 6, 8)
    ]
    for site in "ab":
        world.run(
            night(1, 5),
            *({**year, "path": f"{site}{year['path']}"} for year in years),
            {"path": f"{site}-unread", "day": old, "body": None},
            {"path": f"{site}-away", "day": dt.date(2022, 3, 4), "body": LONG + "away"},
            {"path": f"{site}-here", "day": old, "body": LONG + "here"},
            {"path": f"{site}-drifts", "day": dt.date(2022, 1, 5), "body": LONG + "drifts"},
            site=site,
        )
        world.run(
            night(4, 1, 22),
            {"path": f"{site}-away", "day": old, "body": LONG + "away"},
            {"path": f"{site}-here", "day": dt.date(2022, 3, 4), "body": LONG + "here"},
            {"path": f"{site}-drifts", "day": dt.date(2022, 4, 2), "body": LONG + "drifts"},
            {"path": f"{site}-again", "body": LONG + "6"},
            {"path": f"{site}-some-time", "day": None, "body": LONG + "8"},
            site=site,
        )
    world.tag(
        night(4, 1, 23), dict.fromkeys(world.posts.keys() - {"four", "a-unread", "b-unread"}, MAIN)
    )
    return world


@pytest.mark.parametrize("period", ["2022-03", "2022-01", "2022-Q1", "2022-Q2", "2021", "2021-08"])
@pytest.mark.parametrize("claims", [False, True])
def test_what_is_counted_unread_gives_the_report_that_reading_all_gives(
    over_years: World, period: str, *, claims: bool
) -> None:
    world, days = over_years, parse_period(period)
    if claims:
        named = ("Bài ay4", "Bài a-again", "Bài a-away")
        cells = [Claim(tag="TTHC", title=title, cell=f"D!F{n}") for n, title in enumerate(named)]
        world.claim(night(4, 2), *cells, days=days.days)
    with world.database.read() as c:
        every = read_facts(c, END)
        part = read_facts(c, END, window=days.days)
    report = Assembly(every, office="Phòng Nội vụ", period=days, rule=RULE).report()
    assert every.elsewhen == ()
    assert len(part.candidates) + sum(one.posts for one in part.elsewhen) == len(every.candidates)
    assert to_json(world.report(period=period)) == to_json(report)
    for under in ("h", "xa-b"):
        of_some = world.report(period=period, under=under)
        units = {one.unit for one in of_some.lines}
        assert of_some.lines == tuple(one for one in report.lines if one.unit in units) != ()
        assert of_some.findings == tuple(one for one in report.findings if one.unit in units)


def test_most_of_what_lies_outside_of_the_period_is_not_read(over_years: World) -> None:
    with over_years.database.read() as c:
        facts = read_facts(c, END, window=MARCH.days)
    unread = {f"http://{site}.test/{site}y4" for site in "ab"}
    assert unread.isdisjoint(candidate.url for candidate in facts.candidates)
    assert {one.site for one in facts.elsewhen} == {"a", "b"}
    report = over_years.report()
    outside = {one.unit: one.outside for one in report.lines}
    assert outside["xa-a"] < outside["xa-b"], "before it was handed over site a was commune B's"
    assert line(report, "xa-a").excluded[Exclusion.OUT_OF_PERIOD] == outside["xa-a"]
