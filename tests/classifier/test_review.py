"""Reviews: what is asked first, what counts after, and how far people agree."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from classifier.commands import app
from classifier.review import agreements, shown, worst_first
from storage.articles import record_version
from storage.candidates import candidates
from storage.engine import Database, open_database
from storage.records import (
    ArticleVersion,
    DateSource,
    Extraction,
    Field,
    Level,
    Review,
    Span,
    TaggedVersion,
    Tagging,
    Verdict,
)
from storage.reviews import add_reviews, effective_taggings, latest_reviews
from storage.schema import upgrade
from storage.tags import open_questions, record_tags, register_taxonomy
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from classifier.taxonomy import TaxonomyFile

NOW = dt.datetime(2022, 9, 30, 16, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
TAGGER = "rules@2+model@thử#00000000"


def tagging(topic: str, score: float, *spans: Span) -> Tagging:
    return Tagging(
        topic=topic,
        level=Level.MENTION,
        verdict=Verdict.UNCERTAIN,
        score=score,
        reason="Chưa rõ.",
        spans=spans,
    )


def extraction(headline: str, day: dt.date | None = None) -> Extraction:
    return Extraction(
        headline=headline,
        body="",
        date_published=day,
        date_published_raw=None,
        date_source=DateSource.META if day else DateSource.NONE,
        extractor="test@1",
    )


def said(version: int, topic: str, level: Level, by: str, at: dt.datetime = NOW) -> Review:
    return Review(
        version_id=version,
        taxonomy_release="2026.1",
        topic=topic,
        level=level,
        reviewer=by,
        reason="đọc cả bài",
        reviewed_at=at,
    )


@pytest.fixture
def asked(
    database: Database,
    release: TaxonomyFile,
    add_articles: Callable[[Database, Sequence[str]], None],
) -> Database:
    """Three articles; the tagger is unsure of topics of the first two."""
    add_articles(database, ["Bài một", "Bài hai", "Bài ba"])
    answers = [(tagging("tthc", 0.8), tagging("cpdt", 0.3)), (tagging("chung", 0.52),), ()]
    with database.write() as c:
        register_taxonomy(c, release.record(), registered_at=NOW)
        record_tags(
            c,
            [
                TaggedVersion(
                    version_id=number,
                    tagger=TAGGER,
                    taxonomy_release="2026.1",
                    tagged_at=NOW,
                    taggings=taggings,
                )
                for number, taggings in enumerate(answers, start=1)
            ],
        )
    return database


def test_the_least_sure_article_is_asked_about_first(asked: Database) -> None:
    with asked.read() as c:
        questions = worst_first(open_questions(c, TAGGER, as_of=NOW))
    found = [(question.version.id, question.tagging.topic) for question in questions]
    assert found == [(2, "chung"), (1, "tthc"), (1, "cpdt")]


def test_a_decision_closes_the_question_and_counts_from_then_on(asked: Database) -> None:
    with asked.write() as c:
        add_reviews(c, [said(1, "tthc", Level.MAIN, "lan"), said(1, "cpdt", Level.NONE, "lan")])
    with asked.read() as c:
        assert [v.id for v, _ in open_questions(c, TAGGER, as_of=NOW)] == [2]
        first = candidates(c, NOW, tagger=TAGGER)[0].taggings
        before = candidates(c, NOW - dt.timedelta(hours=1), tagger=TAGGER)
    assert first is not None
    assert set(first) == {"tthc"}
    assert first["tthc"].verdict is Verdict.ASSIGNED
    assert "lan" in first["tthc"].reason
    assert [one.taggings for one in before] == [None] * len(before)


def test_the_latest_word_counts_and_no_word_is_lost(asked: Database) -> None:
    with asked.write() as c:
        add_reviews(c, [said(1, "tthc", Level.MAIN, "lan")])
        add_reviews(c, [said(1, "tthc", Level.NONE, "minh", LATER)])
    with asked.read() as c:
        assert latest_reviews(c, NOW)[1]["tthc"].reviewer == "lan"
        assert latest_reviews(c, LATER)[1]["tthc"].reviewer == "minh"
        assert effective_taggings({}, latest_reviews(c, LATER)[1]) == {}


@pytest.mark.parametrize(("headline", "holds"), [("Bài một", True), ("Bài một, có sửa", False)])
def test_a_decision_survives_a_new_day_and_falls_with_the_text(
    asked: Database, headline: str, *, holds: bool
) -> None:
    with asked.write() as c:
        add_reviews(c, [said(1, "tthc", Level.MAIN, "lan")])
        changed = extraction(headline, dt.date(2022, 9, 1))
        new = record_version(c, 1, capture_id=1, extraction=changed, extracted_at=LATER)
    with asked.read() as c:
        version = candidates(c, LATER, tagger=TAGGER)[0].version_id
        reviews = latest_reviews(c, LATER)
    assert new is not None
    assert (version in reviews) is holds


def test_a_second_reviewer_is_asked_what_the_first_decided(asked: Database) -> None:
    with asked.write() as c:
        add_reviews(c, [said(2, "chung", Level.MAIN, "lan")])
    with asked.read() as c:
        again = open_questions(c, TAGGER, as_of=NOW, reviewer="minh")
        own = open_questions(c, TAGGER, as_of=NOW, reviewer="lan")
    assert [version.id for version, _ in again] == [1, 2]
    assert [version.id for version, _ in own] == [1]


def test_agreement_is_counted_over_what_both_judged() -> None:
    levels = {
        "lan": [Level.MAIN, Level.MAIN, Level.NONE, Level.MENTION, Level.MAIN],
        "minh": [Level.MAIN, Level.NONE, Level.NONE, Level.NONE],
    }
    reviews = [
        said(number, "tthc", level, who)
        for who, given in levels.items()
        for number, level in enumerate(given)
    ]
    (one,) = agreements(reviews)
    assert (one.first, one.second, one.both, one.same) == ("lan", "minh", 4, 3)
    assert one.kappa == pytest.approx(0.5)
    assert agreements(reviews[:5]) == []


def test_the_text_is_shown_whole_and_cut_at_what_weighs() -> None:
    spans = (
        Span(field=Field.HEADLINE, start=4, end=11, text="một cửa", cue="một cửa", weight=1.0),
        Span(field=Field.HEADLINE, start=4, end=7, text="một", cue="một", weight=0.2),
    )
    version = ArticleVersion(
        id=1,
        article_id=1,
        number=1,
        capture_id=1,
        content_sha256="0",
        search_text="",
        extraction=extraction("Mở, một cửa mới"),
        extracted_at=NOW,
    )
    (question,) = worst_first([(version, [tagging("tthc", 0.5, *spans)])])
    ((field, pieces),) = list(shown(question))
    assert field is Field.HEADLINE
    assert [(piece.text, piece.weight) for piece in pieces] == [
        ("Mở, ", 0.0),
        ("một cửa", 1.0),
        (" mới", 0.0),
    ]


def test_a_person_answers_with_one_key_and_a_reason(
    tmp_path: Path,
    release: TaxonomyFile,
    add_articles: Callable[[Database, Sequence[str]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TINBAI_DATABASE_URL", raising=False)
    workspace = lay_out(tmp_path, since=dt.date(2022, 1, 1))
    upgrade(workspace.database_url)
    database = open_database(workspace)
    add_articles(database, ["Bài một"])
    with database.write() as c:
        register_taxonomy(c, release.record(), registered_at=NOW)
        one = TaggedVersion(
            version_id=1,
            tagger=TAGGER,
            taxonomy_release="2026.1",
            tagged_at=NOW,
            taggings=(tagging("tthc", 0.6),),
        )
        record_tags(c, [one])
    result = CliRunner().invoke(
        app, ["review", "--as", "lan", "-w", str(tmp_path)], input="x\nm\nđúng chủ đề\n"
    )
    assert result.exit_code == 0
    with database.read() as c:
        (review,) = latest_reviews(c, dt.datetime.now(dt.UTC))[1].values()
    database.close()
    assert (review.level, review.reviewer, review.reason) == (Level.MAIN, "lan", "đúng chủ đề")
