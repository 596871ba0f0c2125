"""tinbai tag | review | taxonomy check | model train, evaluate."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from classifier.errors import TextsError
from classifier.examples import failed_examples
from classifier.model_commands import model_app
from classifier.office import load_file, load_topics
from classifier.review_commands import review_app
from classifier.shipped import load_tagger
from classifier.tagger import RuleTagger
from classifier.tagging import ChangedTags, TagSummary, changed_tags, tag_untagged
from classifier.taxonomy import load_release
from classifier.texts import Work, cores, tag_texts
from storage.console import DONE, FINDINGS, Session, command
from storage.engine import open_database
from storage.language import t
from storage.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from classifier.examples import FailedExample
    from classifier.taxonomy import TaxonomyFile
    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
taxonomy_app = typer.Typer(no_args_is_help=True)
app.add_typer(
    taxonomy_app, name="taxonomy", help=t("Bộ chủ đề: kiểm tra.", "The taxonomy: check it.")
)

app.add_typer(review_app)
app.add_typer(
    model_app,
    name="model",
    help=t("Mô hình: huấn luyện, đo chất lượng.", "The model: train it, measure it."),
)


@command(
    app,
    "tag",
    help_vi="Gắn chủ đề cho mọi bài chưa gắn; dừng giữa chừng thì lần sau làm tiếp.",
    help_en="Tag every article not yet tagged; goes on where it was stopped.",
)
def tag(
    session: Session,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help=t(
                "Gắn chủ đề cho các văn bản trong tệp JSONL này (id, title, text) thay vì cho "
                "không gian làm việc.",
                "Tag the texts of this JSONL file (id, title, text) instead of the workspace's.",
            ),
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("--to", help=t("Tệp kết quả cho --from.", "Where the verdicts go.")),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            min=0,
            help=t("Số tiến trình cho --from; 0: mọi nhân.", "Processes for --from; 0: all cores."),
        ),
    ] = 1,
) -> int:
    """Tag what is untagged in the workspace, or the texts of a file."""
    if (source is None) is not (target is None):
        raise TextsError(t("--from và --to đi cùng nhau.", "--from and --to go together."))
    if source is not None and target is not None:
        return _tag_texts(session, source, target, jobs=jobs or cores())
    summary = tag_all(session, session.workspace())
    session.answer(as_data(summary), lambda: print_summary(session, summary))
    return DONE


def _tag_texts(session: Session, source: Path, target: Path, *, jobs: int) -> int:
    """Tag the texts of a file; wrong lines are told, and end the command with findings."""
    work = Work(
        tagger=load_tagger(),
        tags=load_release().record().headline_tags,
        make_tagger=load_tagger,
        jobs=jobs,
    )
    with _counting(session) as advance:
        summary = tag_texts(source, target, work, progress=advance)
    data = {
        "tagged": summary.tagged,
        "kept": summary.kept,
        "bad_lines": summary.bad_lines,
        "bad": [{"line": bad.number, "why": bad.why} for bad in summary.bad],
    }

    def for_people() -> None:
        session.out.print(
            t(
                f"Đã gắn chủ đề cho {summary.tagged} văn bản ({summary.kept} có từ lần trước), "
                f"{summary.bad_lines} dòng sai.",
                f"Tagged {summary.tagged} texts ({summary.kept} were done before), "
                f"{summary.bad_lines} wrong lines.",
            )
        )
        for bad in summary.bad:
            session.out.print(f"  • {source}:{bad.number}: {bad.why}", markup=False)

    session.answer(data, for_people)
    return FINDINGS if summary.bad_lines else DONE


@command(
    taxonomy_app,
    "check",
    help_vi="Kiểm tra bộ chủ đề và thử mọi ví dụ của nó.",
    help_en="Check the taxonomy and try all of its examples.",
)
def check(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(
            help=t(
                "Tệp YAML; để trống thì lấy chu-de.yml của không gian làm việc, hoặc bộ đi kèm.",
                "A YAML file; else the workspace's chu-de.yml, or the one that ships.",
            )
        ),
    ] = None,
    *,
    changes: Annotated[
        bool,
        typer.Option(
            "--changes",
            help=t(
                "Liệt kê bài sẽ đổi nhãn so với lần gắn gần nhất.",
                "List the articles whose tags would change from what they are now.",
            ),
        ),
    ] = False,
) -> int:
    """Load a taxonomy, and see that its examples come out as it says."""
    taxonomy = load_topics(session.folder) if file is None else load_file(file)
    failures = failed_examples(RuleTagger(taxonomy), taxonomy)
    changed = _changed(session, taxonomy) if changes else []
    examples = sum(len(o.examples.yes) + len(o.examples.no) for o in taxonomy.topics)
    unverified = sorted({n.number for o in taxonomy.topics for n in o.numbers if n.unverified})
    data = {
        "release": taxonomy.release,
        "digest": taxonomy.digest,
        "topics": len(taxonomy.topics),
        "examples": examples,
        "failures": [_failure_data(failure) for failure in failures],
        "changed": [dataclasses.asdict(one) for one in changed],
        "unverified": unverified,
    }

    def for_people() -> None:
        session.out.print(
            t(
                f"Bộ chủ đề {taxonomy.release}: {len(taxonomy.topics)} chủ đề, "
                f"{examples} ví dụ, {len(failures)} ví dụ sai.",
                f"Taxonomy {taxonomy.release}: {len(taxonomy.topics)} topics, "
                f"{examples} examples, {len(failures)} wrong.",
            )
        )
        for failure in failures:
            session.out.print(f"  • {_told(failure)}", markup=False)
        if unverified:
            named = ", ".join(unverified)
            session.out.print(
                t(
                    f"Văn bản chưa đối chiếu bản gốc: {named}.",
                    f"Regulations not compared with a copy: {named}.",
                ),
                markup=False,
            )
        for one in changed:
            before, after = (", ".join(tags) or "-" for tags in (one.now, one.then))
            session.out.print(f"  • {one.headline}: {before} → {after}", markup=False)

    session.answer(data, for_people)
    return FINDINGS if failures else DONE


def _changed(session: Session, taxonomy: TaxonomyFile) -> list[ChangedTags]:
    database = open_database(session.workspace())
    try:
        tagger = load_tagger(taxonomy)
        return list(changed_tags(database, tagger, taxonomy.record(), clock=session.clock))
    finally:
        database.close()


def tag_all(session: Session, workspace: Workspace) -> TagSummary:
    """Tag what is untagged with rules and model in force, showing how it goes."""
    file = load_topics(workspace.folder)
    tagger = load_tagger(file)
    database = open_database(workspace)
    try:
        with _counting(session) as advance:
            return tag_untagged(
                database, tagger, file.record(), clock=session.clock, progress=advance
            )
    finally:
        database.close()


@contextmanager
def _counting(session: Session) -> Iterator[Callable[[int], None]]:
    """Show how many texts are done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    done = 0
    shown = Progress(*columns, console=session.err, disable=not session.err.is_terminal)
    with shown as progress:
        task = progress.add_task(_counted(done), total=None)

        def advance(texts: int) -> None:
            nonlocal done
            done += texts
            progress.update(task, description=_counted(done))

        yield advance


def as_data(summary: TagSummary) -> dict[str, Any]:
    """Give a summary in plain values, for JSON."""

    def plain(counts: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401 - one shape for both
        return {
            code: {verdict.value: number for verdict, number in row.items()}
            for code, row in counts.items()
        }

    return {
        "tagger": summary.tagger,
        "taxonomy": summary.taxonomy_release,
        "versions": summary.versions,
        "headline_tags": plain(summary.headline_tags),
        "topics": plain(summary.topics),
    }


def as_table(summary: TagSummary) -> Table:
    """Give the headline tags of a summary as a table."""
    table = Table(t("Nhãn", "Tag"))
    for heading in (
        t("Đúng chủ đề", "On topic"),
        t("Cần người xem", "For a person"),
        t("Không tính", "Not counted"),
    ):
        table.add_column(heading, justify="right")
    for code, counts in summary.headline_tags.items():
        verdicts = (Verdict.ASSIGNED, Verdict.UNCERTAIN, Verdict.REJECTED)
        table.add_row(code, *(str(counts[verdict]) for verdict in verdicts))
    return table


def print_summary(session: Session, summary: TagSummary) -> None:
    """Print a summary for people."""
    if summary.versions:
        session.out.print(as_table(summary))
    session.out.print(
        t(
            f"Đã gắn chủ đề cho {summary.versions} bài (bộ chủ đề {summary.taxonomy_release}, "
            f"bộ gắn {summary.tagger}).",
            f"Tagged {summary.versions} article versions (taxonomy {summary.taxonomy_release}, "
            f"tagger {summary.tagger}).",
        )
    )


def _counted(versions: int) -> str:
    return t(f"Gắn chủ đề: {versions} bài", f"Tagging: {versions} article versions")


def _failure_data(failure: FailedExample) -> dict[str, str]:
    return {
        "topic": failure.topic,
        "text": failure.text,
        "wanted": "main" if failure.wanted_main else "not main",
        "level": failure.level.value,
        "reason": failure.reason,
    }


def _told(failure: FailedExample) -> str:
    wanted = (
        t("phải là chủ đề chính", "must be main")
        if failure.wanted_main
        else t("không được là chủ đề chính", "must not be main")
    )
    found = t(f"kết quả: {failure.level.value}", f"found: {failure.level.value}")
    return f"{failure.topic}: “{failure.text}” {wanted}; {found}. {failure.reason}".strip()
