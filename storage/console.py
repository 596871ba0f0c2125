"""What every command shares: its four options, its output for people and machines, its errors.

Beside the packages' ``commands.py`` and ``tinbai.py`` the only module that knows Typer and Rich.
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
import os
from collections import UserDict
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from storage import language
from storage.clock import Clock
from storage.errors import TinbaiError
from storage.language import Language, t
from storage.version import code_version
from storage.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DONE, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3
"""Exit codes: done · findings or a broken expectation · usage or bad input · incomplete."""


@dataclass(frozen=True, slots=True)
class Session:
    """One call of a command: where, when, and how to answer."""

    folder: Path
    as_json: bool
    clock: Clock
    out: Console
    """Standard output, for the answer."""
    err: Console
    """Standard error, for progress and complaints."""

    def workspace(self) -> Workspace:
        """Open the workspace that the call is about."""
        return open_workspace(self.folder)

    def answer(self, data: Any, for_people: Callable[[], None]) -> None:  # noqa: ANN401
        """Print ``data`` as JSON when asked for, else what ``for_people`` prints."""
        if self.as_json:
            typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        else:
            for_people()


_LANG = typer.Option(help=t("Ngôn ngữ: vi hoặc en.", "Language: vi or en."))


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it
    if wanted:
        typer.echo(f"tinbai {code_version()}")
        raise typer.Exit


@dataclass(frozen=True, slots=True)
class Room:
    """Where a command is. To list the commands no room is loaded: all together take seconds."""

    about: str
    """What the command's own help begins with."""
    modules: tuple[str, ...]
    """Each has an ``app`` with the command, or with some of the commands of the group."""


class _Rooms(UserDict[str, Any]):
    """Commands by name; one of which only the room is known is loaded when it is asked for."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - Typer's class has no public name
        found = self.data[name]
        if isinstance(found, Room):
            apps = [typer.main.get_command(import_module(module).app) for module in found.modules]
            first, *others = [app.commands[name] for app in apps]  # type: ignore[attr-defined]
            for other in others:
                first.commands.update(other.commands)
            self.data[name] = first
        return self.data[name]


def new_app(
    about: str, rooms: Mapping[str, Room], *, groups: Mapping[str, str] | None = None
) -> typer.Typer:
    """Make the root of a command line, which can also tell its version.

    Args:
        about: its help.
        rooms: where each command is, by its name; loaded when it is called.
        groups: by name of a command without arguments, the group that a word after it is for.
    """
    plural = groups or {}

    class Root(TyperGroup):
        def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - Typer's
            super().__init__(**attributes)
            self.rooms = _Rooms({**self.commands, **rooms})
            self.commands = self.rooms

        def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
            self.commands = {
                name: TyperCommand(name, help=found.about) if isinstance(found, Room) else found
                for name, found in self.rooms.data.items()
            }
            super().format_help(ctx, formatter)
            self.commands = self.rooms

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
            if args[1:] and args[0] in plural and not args[1].startswith("-"):
                args = [plural[args[0]], *args[1:]]
            return super().resolve_command(ctx, args)

    app = typer.Typer(name="tinbai", cls=Root, no_args_is_help=True, add_completion=False)

    @app.callback(help=about)
    def root(
        *,
        lang: Annotated[Language, _LANG] = language.current(),  # noqa: B008 - as it is when the program starts
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                callback=_show_version,
                is_eager=True,
                help=t("In phiên bản.", "Show the version."),
            ),
        ] = False,
    ) -> None:
        del lang, version  # both have done their work by now

    return app


def command(
    app: typer.Typer, name: str | None = None, *, help_vi: str, help_en: str
) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Mount a function as a command with --workspace, --json, --lang and --clock.

    The function takes a ``Session`` first and returns an exit code (None is 0). A
    ``TinbaiError`` ends the command with its message and its exit code.
    """

    def mount(function: Callable[..., int | None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(
            *args: Any,  # noqa: ANN401
            workspace: Path,
            as_json: bool,
            lang: Language,
            clock: str | None,
            **options: Any,  # noqa: ANN401
        ) -> None:
            language.use(lang)
            logging.basicConfig(level=os.environ.get("TINBAI_LOG", "WARNING"))
            out, err = Console(highlight=False), Console(stderr=True, highlight=False)
            try:
                session = Session(workspace, as_json, Clock.parse(clock), out, err)
                code = function(session, *args, **options)
            except TinbaiError as error:
                _fail(error, as_json=as_json, err=err)
            raise typer.Exit(code or DONE)

        run.__signature__ = _with_shared_options(function)  # type: ignore[attr-defined]
        run.__annotations__ = {
            p.name: p.annotation for p in inspect.signature(run).parameters.values()
        }
        return app.command(name, help=t(help_vi, help_en))(run)

    return mount


def _fail(error: TinbaiError, *, as_json: bool, err: Console) -> NoReturn:
    if as_json:
        typer.echo(json.dumps({"error": str(error)}, ensure_ascii=False))
    else:
        err.print(t("Lỗi: ", "Error: ") + str(error), style="red", markup=False)
    raise typer.Exit(error.exit_code) from error


def _with_shared_options(function: Callable[..., int | None]) -> inspect.Signature:
    own = inspect.signature(function, eval_str=True)
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind, default in (
            (
                "workspace",
                Annotated[
                    Path,
                    typer.Option(
                        "--workspace",
                        "-w",
                        envvar="TINBAI_WORKSPACE",
                        help=t("Thư mục không gian làm việc.", "The workspace folder."),
                    ),
                ],
                Path(),
            ),
            (
                "as_json",
                Annotated[
                    bool,
                    typer.Option("--json", help=t("In kết quả dạng JSON.", "Answer in JSON.")),
                ],
                False,
            ),
            (
                "lang",
                Annotated[Language, _LANG],
                language.current(),
            ),
            (
                "clock",
                Annotated[
                    str | None,
                    typer.Option(
                        envvar="TINBAI_CLOCK",
                        help=t(
                            "Đặt đồng hồ cho lần chạy (diễn tập, chạy lại); được ghi vào kết quả.",
                            "Set the run's clock (demo, replay); said so in what is written.",
                        ),
                    ),
                ],
                None,
            ),
        )
    ]
    return own.replace(
        parameters=[*list(own.parameters.values())[1:], *shared], return_annotation=None
    )
