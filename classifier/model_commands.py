"""tinbai model train | evaluate."""

from __future__ import annotations

import dataclasses
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from classifier.card import read_card, write_card
from classifier.datasets import read_labelled, shipped_articles
from classifier.evaluation import asked_share, cross_validate, judge, reliability
from classifier.features import FeatureReader
from classifier.gate import check, measure
from classifier.model_tables import (
    comparison,
    comparison_told,
    confused,
    confusion_table,
    figure_table,
    figures,
    reliability_table,
    source_table,
    sources,
    topics_of,
    worst_errors,
)
from classifier.shipped import CURRENT_MODEL, digest_of, install_model, package_folder
from classifier.tagger import RuleTagger
from classifier.taxonomy import load_release
from classifier.text import Document
from classifier.training import Example, train
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.language import t
from storage.records import Level
from storage.tags import reviewed_versions, tagger_as_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from classifier.evaluation import Judged
    from classifier.taxonomy import TaxonomyFile
    from storage.records import ArticleVersion, HeadlineTag, Tagging

model_app = typer.Typer(no_args_is_help=True)

Labelled = Annotated[
    list[Path] | None,
    typer.Option(
        "--labelled",
        help=t(
            "Tệp JSONL bài đã có người gán nhãn: để học và để đo. Có thể nhiều tệp.",
            "JSONL files of articles labelled by people: to learn from and to measure on.",
        ),
    ),
]
Teaching = Annotated[
    list[Path] | None,
    typer.Option(
        "--teaching",
        help=t(
            "Tệp JSONL đã đọc khi viết bộ chủ đề: chỉ để học, không đo.",
            "JSONL files read while the taxonomy was made: to learn from, never measured on.",
        ),
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        min=1,
        help=t(
            "Số phần đo cùng lúc, mỗi phần một tiến trình; kết quả như nhau.",
            "Parts measured at the same time, each in its own process; the result is the same.",
        ),
    ),
]


@command(
    model_app,
    "train",
    help_vi="Huấn luyện mô hình, đo chéo, chỉ cài khi không kém ngưỡng đã ghim.",
    help_en="Train a model, cross-validate it, install it only if it reaches the pinned floors.",
)
def train_model(
    session: Session,
    labelled: Labelled = None,
    teaching: Teaching = None,
    to: Annotated[
        Path | None,
        typer.Option(help=t("Thư mục ghi mô hình và thẻ.", "Folder for the model and its card.")),
    ] = None,
    name: Annotated[str, typer.Option(help=t("Tên mô hình.", "The model's name."))] = CURRENT_MODEL,
    *,
    jobs: Jobs = 1,
    with_reviews: Annotated[
        bool,
        typer.Option(
            "--with-reviews",
            help=t(
                "Học cả quyết định của người duyệt trong không gian làm việc.",
                "Learn from what people decided in the workspace too.",
            ),
        ),
    ] = False,
    lower_floors: Annotated[
        bool,
        typer.Option(
            "--lower-floors",
            help=t("Ghim ngưỡng mới theo kết quả lần này.", "Pin floors from this result."),
        ),
    ] = False,
) -> int:
    """Train, measure, compare with the floors, write model and card."""
    file = load_release()
    measured, taught = _examples(file, labelled, teaching)
    reviewed = _reviewed(session) if with_reviews else []
    taught = [*taught, *reviewed]
    folder = to or package_folder()
    reader = FeatureReader(file)
    with _progress(session) as tell:
        judged = cross_validate(measured, taught, file, reader, jobs=jobs, progress=tell)
        quality = measure(judged, measured, file.record().headline_tags)
        known = read_card(folder, name)
        in_use = known or read_card(folder, CURRENT_MODEL)
        if in_use is not None and not lower_floors:
            check(quality, in_use.floors)
            check(quality, in_use.quality)
        model = train(
            [*measured, *taught], reader, name=name, taxonomy=file.record(), progress=tell
        )
    path = install_model(folder, model)
    counts = {
        "labelled": len(measured),
        "labelled_fingerprint": quality.fingerprint,
        "reviewed": len(reviewed),
        "teaching_only": sum(not example.written for example in taught) - len(reviewed),
        "written_for_training": sum(example.written for example in taught),
    }
    keep = known.floors if known and not lower_floors else None
    write_card(folder, model, digest_of(path), quality, counts, floors=keep)
    session.answer(
        dataclasses.asdict(quality),
        lambda: _show(session, path.name, judged, file.record().headline_tags),
    )
    return DONE


@command(
    model_app,
    "evaluate",
    help_vi="Đo chéo trên bài đã gán nhãn: chính xác, đầy đủ, F1, hiệu chuẩn, so với quy tắc.",
    help_en="Cross-validate on labelled articles: precision, recall, F1, calibration, the rules.",
)
def evaluate(
    session: Session,
    labelled: Labelled = None,
    teaching: Teaching = None,
    to: Annotated[
        Path | None,
        typer.Option(help=t("Ghi kết quả từng bài vào tệp JSONL này.", "Write verdicts here.")),
    ] = None,
    jobs: Jobs = 1,
) -> int:
    """Measure rules and model on the same articles; change nothing."""
    file = load_release()
    measured, taught = _examples(file, labelled, teaching)
    tags = file.record().headline_tags
    with _progress(session) as tell:
        by_rules = judge(RuleTagger(file), measured, tags)
        judged = cross_validate(
            measured, taught, file, FeatureReader(file), jobs=jobs, progress=tell
        )
    if to is not None:
        _write_verdicts(to, judged)
    quality = measure(judged, measured, tags)
    in_use = read_card(package_folder(), CURRENT_MODEL)
    worst = worst_errors(judged, tags)
    data = {
        "rules": figures(by_rules, tags),
        "rules+model": figures(judged, tags),
        "in_use": comparison(quality, in_use),
        "reliability": reliability(judged),
        "topics": {topic: confused(judged, topic) for topic in topics_of(tags)},
        "sources": sources(judged, tags),
        "worst": worst,
    }

    def for_people() -> None:
        _show(session, t("Chỉ quy tắc", "Rules alone"), by_rules, tags)
        _show(session, t("Quy tắc và mô hình", "Rules and model"), judged, tags)
        session.out.print(comparison_told(quality, in_use), markup=False)
        session.out.print(reliability_table(judged))
        session.out.print(confusion_table(judged, tags))
        if data["sources"]:
            session.out.print(source_table(judged, tags))
        for error in worst:
            session.out.print(f"  • {error}", markup=False)

    session.answer(data, for_people)
    return DONE


def _examples(
    file: TaxonomyFile, labelled: list[Path] | None, teaching: list[Path] | None
) -> tuple[list[Example], list[Example]]:
    """Give the articles to measure on, and those that only teach.

    Without labelled ones the shipped articles are measured on too: better than no figure at all.
    """
    record = file.record()
    shipped = shipped_articles(record)
    if not labelled:
        return [dataclasses.replace(one, written=False) for one in shipped], []
    measured = [one for path in labelled for one in read_labelled(path, record)]
    extra = [
        one for path in teaching or () for one in read_labelled(path, record, read_before=True)
    ]
    return measured, [*extra, *shipped]


def _reviewed(session: Session) -> list[Example]:
    """Give the articles of the workspace that a person has decided on. They only teach.

    The topics that nobody decided are as the tagger left them: no figure may rest on that.
    """
    database = open_database(session.workspace())
    now = session.clock.now()
    try:
        with database.read() as c:
            tagger = tagger_as_of(c, now)
            found = reviewed_versions(c, tagger, as_of=now) if tagger else []
    finally:
        database.close()
    return [_from_reviews(version, taggings) for version, taggings in found]


def _from_reviews(version: ArticleVersion, taggings: dict[str, Tagging]) -> Example:
    return Example(
        id=f"review-{version.id:08}",
        group=f"article-{version.article_id}",
        document=Document.of(version.extraction),
        main=frozenset(code for code, one in taggings.items() if one.level is Level.MAIN),
        mention=frozenset(code for code, one in taggings.items() if one.level is Level.MENTION),
    )


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[str], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=session.err, disable=session.as_json) as progress:
        task = progress.add_task(t("Huấn luyện", "Training"), total=None)
        yield lambda what: progress.update(
            task, description=t(f"Huấn luyện: {what}", f"Training: {what}")
        )


def _show(
    session: Session, title: str, judged: Sequence[Judged], tags: Sequence[HeadlineTag]
) -> None:
    session.out.print(figure_table(title, judged, tags))
    asked = asked_share(judged)
    session.out.print(
        t(
            f"{len(judged)} bài, {asked:.1%} có nhãn cần hỏi người.",
            f"{len(judged)} articles, {asked:.1%} with a tag to ask a person about.",
        )
    )


def _write_verdicts(path: Path, judged: Sequence[Judged]) -> None:
    rows = (
        {"id": one.id, "headline": sorted(one.given), "uncertain": sorted(one.uncertain)}
        for one in judged
    )
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
