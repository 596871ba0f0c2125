"""Small invented facts for the judgement of reports: two communes, their sites, one taxonomy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from reports.build import build_report
from reports.calendar import parse_period
from storage.articles import ensure_articles, record_sightings, record_version, versions_of
from storage.captures import add_captures, add_coverage, finish_run, start_run
from storage.claims import record_self_reports
from storage.plans import record_plans
from storage.records import (
    Candidate,
    Capture,
    CapturePurpose,
    Channel,
    Claim,
    CoverageReason,
    CoverageState,
    CrawlRun,
    DateSource,
    DayInterval,
    Disposition,
    Extraction,
    Field,
    HeadlineTag,
    Level,
    Plan,
    Quota,
    Registry,
    Report,
    RunOutcome,
    SectionCoverage,
    SelfReport,
    Sighting,
    SiteOwner,
    Span,
    TaggedVersion,
    Tagging,
    Taxonomy,
    Topic,
    UnitLevel,
    UnitName,
    Verdict,
    WarcPlace,
)
from storage.tags import record_tags, register_taxonomy
from storage.units import record_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from storage.engine import Database

ALWAYS = DayInterval(dt.date(2020, 1, 1))


class MakeCandidate(Protocol):
    """Makes an article; by default read, dated in March 2022 and on the topic of procedures."""

    def __call__(  # noqa: D102 - see the class
        self,
        article_id: int = 1,
        *,
        site: str = "a",
        day: dt.date | None = ...,
        seen: dt.datetime = ...,
        read: bool = True,
        topics: Mapping[str, tuple[Level, Verdict]] | None = ...,
        text: str | None = None,
        letters: int | None = 1000,
        title: str | None = None,
        url: str | None = None,
    ) -> Candidate: ...


class MakeCoverage(Protocol):
    """Makes a row: a run at noon UTC that saw the days in full."""

    def __call__(  # noqa: D102 - see the class
        self,
        on: dt.date,
        first: dt.date | None,
        end: dt.date | None,
        *,
        site: str = "a",
        section: str = "tin",
        run_id: int | None = None,
        reason: CoverageReason = ...,
    ) -> SectionCoverage: ...


@pytest.fixture(scope="session")
def tthc() -> HeadlineTag:
    """Administrative procedures: one topic."""
    return HeadlineTag(code="TTHC", name="Thủ tục hành chính", topics=("tthc",))


@pytest.fixture(scope="session")
def taxonomy(tthc: HeadlineTag) -> Taxonomy:
    """Two topics, two headline tags: CCHC is either, TTHC one of them."""
    return Taxonomy(
        release="2022.1",
        digest="d" * 64,
        effective_from=dt.date(2022, 1, 1),
        topics=(
            Topic(code="tthc", name="Cải cách thủ tục", definition="Thủ tục."),
            Topic(code="cpdt", name="Chính phủ điện tử", definition="Số."),
        ),
        headline_tags=(
            HeadlineTag(code="CCHC", name="Cải cách hành chính", topics=("tthc", "cpdt")),
            tthc,
        ),
    )


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Commune A with site a, commune B with site b."""
    return Registry(
        names=tuple(
            UnitName(unit=code, name=name, level=UnitLevel.COMMUNE, parent=None, valid=ALWAYS)
            for code, name in (("xa-b", "Xã B"), ("xa-a", "Xã A"))
        ),
        owners=(
            SiteOwner(site="a", base_url="http://a.test/", unit="xa-a", valid=ALWAYS),
            SiteOwner(site="b", base_url="http://b.test/", unit="xa-b", valid=ALWAYS),
        ),
    )


@pytest.fixture(scope="session")
def make_candidate() -> MakeCandidate:
    """Give the maker of articles."""

    def make(
        article_id: int = 1,
        *,
        site: str = "a",
        day: dt.date | None = dt.date(2022, 3, 10),
        seen: dt.datetime = dt.datetime(2022, 3, 10, 15, tzinfo=dt.UTC),
        read: bool = True,
        topics: Mapping[str, tuple[Level, Verdict]] | None = None,
        text: str | None = None,
        letters: int | None = 1000,
        title: str | None = None,
        url: str | None = None,
    ) -> Candidate:
        found = {"tthc": (Level.MAIN, Verdict.ASSIGNED)} if topics is None else topics
        return Candidate(
            article_id=article_id,
            site=site,
            url=url or f"http://{site}.test/tin/{article_id}",
            first_seen_at=seen,
            version_id=article_id * 10 if read else None,
            capture_id=article_id * 100 if read else None,
            title=title or f"Bài số {article_id}",
            day=day,
            day_raw=None if day is None else f"{day:%d/%m/%Y}",
            date_source=DateSource.NONE if day is None else DateSource.TEMPLATE,
            text_sha256=(text or f"text {article_id}") if read else None,
            text_letters=letters if read else None,
            unread=None if read else Disposition.NETWORK_ERROR,
            taggings={
                topic: Tagging(
                    topic=topic, level=level, verdict=verdict, score=0.9, reason=f"lý do {topic}"
                )
                for topic, (level, verdict) in found.items()
            }
            if read
            else None,
        )

    return make


@pytest.fixture(scope="session")
def make_coverage() -> MakeCoverage:
    """Give the maker of coverage rows."""

    def make(
        on: dt.date,
        first: dt.date | None,
        end: dt.date | None,
        *,
        site: str = "a",
        section: str = "tin",
        run_id: int | None = None,
        reason: CoverageReason = CoverageReason.REACHED_WINDOW_START,
    ) -> SectionCoverage:
        return SectionCoverage(
            site=site,
            section=section,
            run_id=on.toordinal() if run_id is None else run_id,
            run_started_at=dt.datetime.combine(on, dt.time(12), dt.UTC),
            state=CoverageState.NONE if first is None else CoverageState.COMPLETE,
            days=None if first is None else DayInterval(first, end),
            reason=reason,
        )

    return make


# ------------------------------------------------- the same, recorded in a database

MARCH_DAYS = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
TAGGER = "rules@1#00000000"
MAIN = (Level.MAIN, Verdict.ASSIGNED)
LONG = "Bộ phận một cửa tiếp nhận và trả kết quả thủ tục hành chính đúng hẹn cho người dân. " * 4


def night(month: int, day: int, hour: int = 15) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=dt.UTC)


END = night(4, 2)


@dataclass
class World:
    """Records what crawls, taggers and imports would."""

    database: Database
    posts: dict[str, int] = field(default_factory=dict)

    def run(
        self,
        at: dt.datetime,
        *posts: Mapping[str, Any],
        site: str = "a",
        first: dt.date = dt.date(2022, 1, 1),
        seen: bool = True,
        simulated: bool = False,
    ) -> None:
        """Walk a site: each post is seen in the list, and read unless its body is None."""
        with self.database.write() as c:
            run = start_run(
                c,
                CrawlRun(
                    site=site,
                    window=DayInterval(first),
                    started_at=at,
                    profile_digest="p",
                    code_version="0",
                    simulated_clock=simulated,
                ),
            )
            for post in posts:
                self._post(c, run, site, at, **post)
            row = SectionCoverage(
                site=site,
                section="tin",
                run_id=run,
                run_started_at=at,
                state=CoverageState.COMPLETE if seen else CoverageState.NONE,
                days=DayInterval(first, at.date()) if seen else None,
                reason=CoverageReason.REACHED_WINDOW_START if seen else CoverageReason.LIST_FAILED,
            )
            add_coverage(c, [row])
            finish_run(
                c,
                run,
                finished_at=at + dt.timedelta(minutes=20),
                outcome=RunOutcome.COMPLETE,
                reason=None,
                counters={},
            )

    def _post(  # the shape of a post in these tests
        self,
        c: Any,  # noqa: ANN401 - a connection
        run: int,
        site: str,
        at: dt.datetime,
        *,
        path: str,
        day: dt.date | None = dt.date(2022, 3, 10),
        body: str | None = "Nội dung",
        title: str | None = None,
    ) -> None:
        url, at = f"http://{site}.test/{path}", at + dt.timedelta(minutes=1)
        title = title or f"Bài {path}"
        listed, page = add_captures(
            c,
            [
                Capture(
                    run_id=run,
                    url=address,
                    purpose=purpose,
                    captured_at=at,
                    disposition=disposition,
                    status=200,
                    body_sha256="b" * 64,
                    warc=WarcPlace(file="a/1.warc.gz", offset=77, record_id="urn:uuid:1"),
                )
                for address, purpose, disposition in (
                    (f"http://{site}.test/", CapturePurpose.LIST, Disposition.LISTED),
                    (
                        url,
                        CapturePurpose.ARTICLE,
                        Disposition.STORED if body is not None else Disposition.NETWORK_ERROR,
                    ),
                )
            ],
        )
        article = ensure_articles(c, site, [url], first_seen_at=at)[url]
        self.posts[path] = article
        raw = None if day is None else f"{day:%d/%m/%Y}"
        record_sightings(
            c,
            [
                Sighting(
                    article_id=article,
                    capture_id=listed,
                    section="tin",
                    channel=Channel.LIST,
                    title=title,
                    date_published=day,
                    date_published_raw=raw,
                    seen_at=at,
                )
            ],
        )
        if body is not None:
            record_version(
                c,
                article,
                capture_id=page,
                extraction=Extraction(
                    headline=title,
                    body=body,
                    date_published=day,
                    date_published_raw=raw,
                    date_source=DateSource.NONE if day is None else DateSource.TEMPLATE,
                    extractor="generic@1",
                ),
                extracted_at=at,
            )

    def tag(self, at: dt.datetime, tags: Mapping[str, tuple[Level, Verdict] | None]) -> None:
        """Tag the newest version of each post on the topic of procedures; None: on nothing."""
        with self.database.write() as c:
            tagged = []
            for path, found in tags.items():
                version = versions_of(c, self.posts[path])[-1]
                span = Span(
                    field=Field.HEADLINE,
                    start=0,
                    end=3,
                    text=version.extraction.headline[:3],
                    cue="bài",
                    weight=1.0,
                )
                tagging = found and Tagging(
                    topic="tthc",
                    level=found[0],
                    verdict=found[1],
                    score=0.9,
                    reason="chủ đề nằm ở tiêu đề",
                    spans=(span,),
                )
                tagged.append(
                    TaggedVersion(
                        version_id=version.id,
                        tagger=TAGGER,
                        taxonomy_release="2022.1",
                        tagged_at=at,
                        taggings=(tagging,) if tagging else (),
                    )
                )
            record_tags(c, tagged)

    def plan(self, at: dt.datetime, planned: int | None, *, unit: str = "xa-a") -> None:
        """Receive a plan for the year."""
        plan = Plan(
            unit=unit,
            period=DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1)),
            document_ref="01/KH-UBND",
            source_sha256=str(planned),
            source_name="kh.xlsx",
            received_at=at,
            quotas=(Quota(tag="TTHC", planned=planned, cell="K!D2"),),
        )
        with self.database.write() as c:
            record_plans(c, [plan])

    def claim(self, at: dt.datetime, *claims: Claim, days: DayInterval = MARCH_DAYS) -> None:
        """Receive a self-report of commune A."""
        report = SelfReport(
            unit="xa-a",
            period=days,
            source_sha256=str(at),
            source_name="bc.xlsx",
            received_at=at,
            claims=claims,
        )
        with self.database.write() as c:
            record_self_reports(c, [report])

    def report(
        self, as_of: dt.datetime = END, period: str = "2022-03", under: str | None = None
    ) -> Report:
        """Build the report."""
        return build_report(
            self.database,
            office="Phòng Nội vụ",
            period=parse_period(period),
            as_of=as_of,
            under=under,
        )


@pytest.fixture(scope="session")
def make_world() -> Callable[[Database], World]:
    """Give what begins a world in an empty database."""
    return World


@pytest.fixture
def world(database: Database, registry: Registry, taxonomy: Taxonomy) -> World:
    """Two communes, two posts each, all seen in full by 1 April; commune B's were not tagged."""
    with database.write() as c:
        record_registry(c, registry, received_at=night(1, 1))
        register_taxonomy(c, taxonomy, registered_at=night(1, 1))
    world = World(database)
    world.run(night(4, 1), {"path": "one"}, {"path": "two", "body": LONG})
    world.run(night(4, 1), {"path": "three"}, {"path": "four", "body": None}, site="b")
    world.tag(night(4, 1, 18), {"one": MAIN, "two": MAIN})
    return world
