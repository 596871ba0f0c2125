"""tinbai review: a person works through what the tagger is unsure of, one key for each."""

from __future__ import annotations

import getpass
from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from classifier.decisions import read_decisions
from classifier.review import Question, agreements, shown, worst_first
from storage.articles import find_article, versions_of
from storage.chain import seal_rows
from storage.console import DONE, Session, command
from storage.engine import Database, open_database
from storage.language import t
from storage.records import Field, Level, Review
from storage.reviews import add_reviews, all_reviews
from storage.tags import open_questions, tagger_as_of, taxonomy_as_of

if TYPE_CHECKING:
    from storage.records import Taxonomy

review_app = typer.Typer()

_KEYS: Final = {"m": Level.MAIN, "d": Level.MENTION, "k": Level.NONE}
_SKIP, _QUIT = "b", "q"


@command(
    review_app,
    "review",
    help_vi="Xem lần lượt các bài máy chưa chắc, quyết định từng chủ đề; không sửa kết quả máy.",
    help_en="Work through what the tagger is unsure of; the machine's verdicts stay as they are.",
)
def review(
    session: Session,
    reviewer: Annotated[
        str, typer.Option("--as", help=t("Tên người duyệt.", "Who is reviewing."))
    ] = "",
    *,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help=t(
                "Ghi các quyết định trong tệp CSV này (cột: Địa chỉ, Chủ đề, Mức, Lý do).",
                "Store the decisions of this CSV file (columns: Địa chỉ, Chủ đề, Mức, Lý do).",
            ),
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help=t(
                "Cả những bài người khác đã quyết định, để đo độ thống nhất.",
                "Also what others have decided, to measure agreement.",
            ),
        ),
    ] = False,
    agreement: Annotated[
        bool,
        typer.Option(
            "--agreement",
            help=t("Chỉ in độ thống nhất giữa những người duyệt.", "Only print the agreement."),
        ),
    ] = False,
) -> int:
    """Ask about each uncertain topic, worst first, and store each answer at once."""
    database = open_database(session.workspace())
    try:
        if source is not None:
            return _take_all(session, database, source, reviewer or getpass.getuser())
        if agreement or session.as_json:
            return _tell_agreement(session, database)
        return _ask_all(session, database, reviewer or getpass.getuser(), again=again)
    finally:
        database.close()


def _take_all(session: Session, database: Database, source: Path, reviewer: str) -> int:
    """Store what a person has decided elsewhere, all of it or nothing."""
    now = session.clock.now()
    with database.read() as c:
        taxonomy = taxonomy_as_of(c, now)

        def newest_version(address: str) -> int | None:
            article = find_article(c, address)
            versions = versions_of(c, article.id) if article else []
            return versions[-1].id if versions else None

        topics = [topic.code for topic in taxonomy.topics] if taxonomy else []
        decisions = read_decisions(source, topics=topics, newest_version=newest_version)
    assert taxonomy is not None or not decisions  # noqa: S101 - without topics none is right
    release = taxonomy.release if taxonomy else ""
    reviews = [
        Review(
            version_id=one.version_id,
            taxonomy_release=release,
            topic=one.topic,
            level=one.level,
            reviewer=reviewer,
            reason=one.reason,
            reviewed_at=now,
        )
        for one in decisions
    ]
    with database.write(alone=True) as c:
        add_reviews(c, reviews)
        seal_rows(c, at=now)
    told = t(f"Đã ghi {len(reviews)} quyết định.", f"Stored {len(reviews)} decisions.")
    session.answer({"stored": len(reviews)}, lambda: session.out.print(told))
    return DONE


def _ask_all(session: Session, database: Database, reviewer: str, *, again: bool) -> int:
    now = session.clock.now()
    with database.read() as c:
        tagger, taxonomy = tagger_as_of(c, now), taxonomy_as_of(c, now)
        found = (
            open_questions(c, tagger, as_of=now, reviewer=reviewer if again else None)
            if tagger
            else []
        )
    questions = worst_first(found)
    session.out.print(
        t(f"{len(questions)} chủ đề cần xem.", f"{len(questions)} topics to look at.")
    )
    for number, question in enumerate(questions, start=1):
        assert taxonomy is not None  # noqa: S101 - a tagger has tagged by one
        _show(session, question, taxonomy, f"{number}/{len(questions)}")
        key = _key()
        if key == _QUIT:
            break
        if key in _KEYS:
            said = Review(
                version_id=question.version.id,
                taxonomy_release=taxonomy.release,
                topic=question.tagging.topic,
                level=_KEYS[key],
                reviewer=reviewer,
                reason=typer.prompt(t("Lý do", "Reason"), default="", show_default=False),
                reviewed_at=session.clock.now(),
            )
            with database.write(alone=True) as c:
                add_reviews(c, [said])
                seal_rows(c, at=said.reviewed_at)
    return DONE


def _show(session: Session, question: Question, taxonomy: Taxonomy, place: str) -> None:
    names = {topic.code: topic.name for topic in taxonomy.topics}
    tagging = question.tagging
    session.out.rule(f"{place} · {names.get(tagging.topic, tagging.topic)} · {tagging.score:.2f}")
    for field, pieces in shown(question):
        line = Text(style="bold" if field is Field.HEADLINE else "")
        for piece in pieces:
            style = "green underline" if piece.weight > 0 else "red underline"
            line.append(piece.text, style=style if piece.weight else "")
        session.out.print(line)
    session.out.print(tagging.reason, style="dim", markup=False)


def _key() -> str:
    asked = t(
        "[m] nói về chủ đề  [d] chỉ nhắc qua  [k] không nói  [b] bỏ qua  [q] thôi",
        "[m] main  [d] mention  [k] none  [b] skip  [q] quit",
    )
    while True:
        key = str(typer.prompt(asked)).strip().lower()[:1]
        if key in (*_KEYS, _SKIP, _QUIT):
            return key


def _tell_agreement(session: Session, database: Database) -> int:
    with database.read() as c:
        found = agreements(all_reviews(c, session.clock.now()))
    data = [
        {
            "reviewers": [one.first, one.second],
            "both": one.both,
            "same": one.same,
            "kappa": one.kappa,
        }
        for one in found
    ]

    def for_people() -> None:
        if not found:
            session.out.print(t("Chưa có bài nào hai người cùng xem.", "Nothing judged by two."))
        for one in found:
            kappa = "-" if one.kappa is None else f"{one.kappa:.2f}"
            session.out.print(
                t(
                    f"{one.first} và {one.second}: {one.same}/{one.both} giống nhau, κ {kappa}",
                    f"{one.first} and {one.second}: {one.same} of {one.both} alike, kappa {kappa}",
                )
            )

    session.answer(data, for_people)
    return DONE
