"""``tinbai reports template``: the office's own Word template, to begin with and to try."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from reports.render.placeholders import PLACEHOLDERS, Kind
from reports.render.sample_template import sample_template
from reports.render.word_template import read_template
from reports.serial import plain
from storage.console import DONE, Session, command
from storage.errors import InputError
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.render.placeholders import Placeholder
    from reports.render.word_template import WordTemplate
    from storage.workspace import Workspace


TemplateOption = Annotated[
    Path | None,
    typer.Option(
        "--template",
        help=t(
            "Mẫu Word của cơ quan, thay thể thức sẵn có (tạo mẫu: reports template --to mau.docx).",
            "The office's own Word template (to begin with one: reports template --to mau.docx).",
        ),
    ),
]


def add_template(app: typer.Typer) -> None:
    """Add the command to a group."""
    command(
        app,
        "template",
        help_vi="Mẫu Word của cơ quan: --to ghi một mẫu để sửa, --check thử một mẫu; không có gì "
        "thì liệt kê các ô điền.",
        help_en="The office's own Word template: --to writes one to begin with, --check tries one; "
        "without either the names that it may use.",
    )(template_command)


def template_command(
    session: Session,
    *,
    to: Annotated[
        Path | None, typer.Option(help=t("Ghi mẫu vào tệp này.", "Write it here."))
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help=t("Thử mẫu này.", "Try this template."))
    ] = None,
) -> int:
    """Write, try, or list."""
    if to is not None:
        _write(session.workspace(), to, session)
    if check is not None:
        read_template(check)
    data = {"template": to, "checked": check, "placeholders": plain(PLACEHOLDERS)}

    def for_people() -> None:
        if to is not None:
            session.out.print(str(to), markup=False, soft_wrap=True)
        if check is not None:
            session.out.print(t(f"Mẫu {check} dùng được.", f"{check} can be used."), markup=False)
        if to is None and check is None:
            session.out.print(_table())

    session.answer(data, for_people)
    return DONE


@dataclass(frozen=True, slots=True)
class ChosenTemplate:
    """What the Word file is made by."""

    template: WordTemplate | None
    """None: the form of the decree."""
    problem: str | None = None
    """Why the template that the settings name could not be used; a report is made without it."""


def chosen_template(
    workspace: Workspace, option: Path | None, formats: Iterable[str]
) -> ChosenTemplate:
    """Give what the Word file is made by: the option, else what the settings name.

    The settings' file lies below the workspace's folder. When it cannot be used, a night must not
    be without its report: the form of the decree is taken, and the problem told.

    Raises:
        InputError: the option's cannot be used, or there is no Word file to make by it.
    """
    named = workspace.settings.report_template
    if "docx" not in formats:
        if option is not None:
            raise InputError(
                t(
                    "--template chỉ dùng cho tệp Word; thêm docx vào --format.",
                    "--template is for Word files; add docx to --format.",
                )
            )
        return ChosenTemplate(None)
    if option is not None:
        return ChosenTemplate(read_template(option))
    if named is None:
        return ChosenTemplate(None)
    try:
        return ChosenTemplate(read_template(workspace.folder / named))
    except InputError as error:
        return ChosenTemplate(
            None,
            t(
                f"Tệp Word lập theo thể thức sẵn có, vì mẫu ở mục [report] của tinbai.toml không "
                f"dùng được: {error}",
                "The Word file was made in the built-in form, for the template in tinbai.toml "
                f"[report] cannot be used: {error}",
            ),
        )


def _write(workspace: Workspace, to: Path, session: Session) -> None:
    if to.exists():
        raise InputError(
            t(
                f"{to} đã có; không ghi đè. Chọn tên khác.",
                f"{to} is there already, and is not written over. Choose another name.",
            )
        )
    settings = workspace.settings
    made = sample_template(settings.letterhead, settings.office_name, made_at=session.clock.now())
    try:
        to.write_bytes(made)
    except OSError as error:
        raise InputError(
            t(f"Không ghi được {to}: {error.strerror}.", f"Cannot write {to}: {error.strerror}.")
        ) from error


def _table() -> Table:
    table = Table()
    table.add_column(t("Ô điền", "Name"), no_wrap=True)
    table.add_column(t("Là", "Is"), no_wrap=True)
    table.add_column(t("Ý nghĩa", "Meaning"), ratio=1)
    for name, one in _listed(PLACEHOLDERS):
        table.add_row(escape(name), one.kind.value, escape(one.meaning))
    return table


def _listed(
    placeholders: Iterable[Placeholder], before: str = ""
) -> Iterable[tuple[str, Placeholder]]:
    for one in placeholders:
        yield f"{before}{one.name}", one
        if one.kind is Kind.ROWS:
            yield from _listed(one.parts, f"{before}  .")
