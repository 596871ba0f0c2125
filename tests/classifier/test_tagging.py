"""The job: every version once, batch by batch, however often it is stopped."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from classifier import tagging as job
from classifier.tagging import TagSummary, tag_untagged
from storage.clock import Clock
from storage.errors import DatabaseError
from storage.records import Level, Verdict
from storage.tags import tagger_as_of, tags_of, taxonomy_as_of, untagged_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.tagger import RuleTagger
    from classifier.taxonomy import TaxonomyFile
    from classifier.text import Document
    from storage.engine import Database
    from storage.records import Tagging

NOW = dt.datetime(2022, 9, 30, 16, tzinfo=dt.UTC)
HEADLINES = (
    "Xã An Bình tuyên truyền cải cách hành chính",
    "Hướng dẫn nộp hồ sơ trực tuyến",
    "Hội thao mừng ngày hội đại đoàn kết",
)


def run_job(
    database: Database, tagger: RuleTagger, release: TaxonomyFile
) -> tuple[TagSummary, list[int]]:
    told: list[int] = []
    clock = Clock(start=NOW)
    summary = tag_untagged(database, tagger, release.record(), clock=clock, progress=told.append)
    return summary, told


def test_every_version_gets_a_row_also_one_without_topics(
    database: Database,
    tagger: RuleTagger,
    release: TaxonomyFile,
    add_articles: Callable[[Database, Sequence[str]], None],
) -> None:
    add_articles(database, HEADLINES)
    summary, told = run_job(database, tagger, release)
    assert (summary.versions, sum(told), summary.tagger) == (3, 3, tagger.identity)
    assert summary.headline_tags["CCHC"] == {
        Verdict.ASSIGNED: 2,
        Verdict.REJECTED: 1,
        Verdict.UNCERTAIN: 0,
    }
    assert summary.headline_tags["TTHC"][Verdict.ASSIGNED] == 1
    assert summary.topics["chung"][Verdict.ASSIGNED] == 1
    with database.read() as c:
        assert untagged_versions(c, tagger.identity, limit=9) == []
        rows = [tags_of(c, version, tagger.identity) for version in (1, 2, 3)]
        assert taxonomy_as_of(c, NOW + dt.timedelta(hours=1)) == release.record()
        assert tagger_as_of(c, NOW + dt.timedelta(hours=1)) == tagger.identity
    assert all(row is not None for row in rows)
    first, _, last = (row.taggings for row in rows if row is not None)
    assert [(t.topic, t.level) for t in first] == [("chung", Level.MAIN)]
    assert first[0].spans[0].text == "tuyên truyền cải cách hành chính"
    assert last == ()


def test_a_second_call_finds_nothing_to_do(
    database: Database,
    tagger: RuleTagger,
    release: TaxonomyFile,
    add_articles: Callable[[Database, Sequence[str]], None],
) -> None:
    add_articles(database, HEADLINES)
    run_job(database, tagger, release)
    summary, told = run_job(database, tagger, release)
    assert (summary.versions, told) == (0, [])
    assert set(summary.headline_tags["CCHC"].values()) == {0}


class StoppedTagger:
    """Answers like the rules until it is stopped from outside."""

    def __init__(self, rules: RuleTagger, *, after: int) -> None:
        self.identity = rules.identity
        self._rules = rules
        self._left = after

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Answer, or be stopped."""
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        return self._rules.tag(document)


def test_after_a_stop_the_job_goes_on_where_it_was(
    database: Database,
    tagger: RuleTagger,
    release: TaxonomyFile,
    add_articles: Callable[[Database, Sequence[str]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job, "_BATCH", 2)
    add_articles(database, HEADLINES)
    stopped = StoppedTagger(tagger, after=2)
    with pytest.raises(KeyboardInterrupt):
        tag_untagged(
            database, stopped, release.record(), clock=Clock(start=NOW), progress=lambda _: None
        )
    summary, told = run_job(database, tagger, release)
    assert (summary.versions, told) == (1, [1])


def test_a_release_in_use_cannot_come_back_with_other_content(
    database: Database, tagger: RuleTagger, release: TaxonomyFile
) -> None:
    run_job(database, tagger, release)
    record = release.record()
    changed = type(record)(
        release=record.release,
        digest="0" * 64,
        effective_from=record.effective_from,
        topics=record.topics,
        headline_tags=record.headline_tags,
    )
    with pytest.raises(DatabaseError, match=record.release):
        tag_untagged(database, tagger, changed, clock=Clock(start=NOW), progress=lambda _: None)
