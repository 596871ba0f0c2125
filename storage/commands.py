"""tinbai db upgrade | check, tinbai evidence verify | show."""

from __future__ import annotations

import dataclasses
from pathlib import Path  # noqa: TC003 - Typer reads the types of options at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storage import evidence
from storage.captures import capture
from storage.console import DONE, FINDINGS, INCOMPLETE, Session, command
from storage.decoding import decoded
from storage.engine import open_database, upgrade
from storage.errors import EvidenceError
from storage.health import Health, examine
from storage.language import t
from storage.records import VIETNAM

if TYPE_CHECKING:
    from storage.evidence import ArchivedResponse
    from storage.records import Capture
    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
db_app = typer.Typer(no_args_is_help=True)
evidence_app = typer.Typer(no_args_is_help=True)
app.add_typer(
    db_app,
    name="db",
    help=t("Cơ sở dữ liệu: nâng cấp, kiểm tra.", "The database: upgrade, check."),
)
app.add_typer(
    evidence_app,
    name="evidence",
    help=t("Bằng chứng (WARC): đối chiếu, xem.", "The evidence (WARC): verify, show."),
)


@command(
    db_app,
    "upgrade",
    help_vi="Tạo hoặc nâng cấp cơ sở dữ liệu lên phiên bản của chương trình.",
    help_en="Make the database, or bring it to this program's version.",
)
def upgrade_database(session: Session) -> int:
    """Run the migrations."""
    version = upgrade(session.workspace().database_url)
    session.answer(
        {"schema": version},
        lambda: session.out.print(
            t(
                f"Cơ sở dữ liệu ở phiên bản {version}.",
                f"The database is at version {version}.",
            )
        ),
    )
    return DONE


@command(
    db_app,
    "check",
    help_vi="Kiểm tra thiết lập và cơ sở dữ liệu: phiên bản, số dòng, lần thu thập dở dang.",
    help_en="Check settings and database: version, rows, runs under way.",
)
def check_database(session: Session) -> int:
    """Look, and change nothing."""
    health = examine(session.workspace())
    session.answer(_health_data(health), lambda: _print_health(session, health))
    return DONE if health.is_usable else INCOMPLETE


def print_next_steps(session: Session, workspace: Workspace) -> None:
    """Say what a new workspace needs before its first night."""
    folder = workspace.folder
    for line in (
        t(f"Không gian làm việc: {folder}", f"Workspace: {folder}"),
        t(
            "1. Sửa tinbai.toml: tên cơ quan, liên hệ, ngày bắt đầu.",
            "1. Edit tinbai.toml: the office's name, its contact, the first day.",
        ),
        t(
            "2. Điền biểu mẫu trong templates/ rồi nhập: tinbai import units | plan | self-report",
            "2. Fill in the templates of templates/ and import them: "
            "tinbai import units | plan | self-report",
        ),
        t(
            "3. Chép sites/vi-du.yml.mau thành hồ sơ của từng trang, rồi: tinbai sites check",
            "3. Copy sites/vi-du.yml.mau to a profile for each site, then: tinbai sites check",
        ),
        t("4. Mỗi đêm: tinbai nightly", "4. Every night: tinbai nightly"),
    ):
        session.out.print(line, markup=False, soft_wrap=True)


def _health_data(health: Health) -> dict[str, Any]:
    return {
        "address": health.address,
        "schema": health.schema,
        "schema_wanted": health.schema_wanted,
        "rows": dict(health.rows),
        "open_runs": [
            {"id": run.id, "site": run.site, "started_at": run.started_at}
            for run in health.open_runs
        ],
    }


def _print_health(session: Session, health: Health) -> None:
    def say(vi: str, en: str) -> None:
        session.out.print(t(vi, en), markup=False, soft_wrap=True)

    say("Thiết lập: đúng.", "Settings: right.")
    say(f"Cơ sở dữ liệu: {health.address}", f"Database: {health.address}")
    if not health.is_usable:
        found = health.schema or t("trống", "empty")
        say(
            f"Phiên bản {found}, cần {health.schema_wanted}. Chạy: tinbai db upgrade",
            f"Version {found}, wanted {health.schema_wanted}. Run: tinbai db upgrade",
        )
        return
    say(f"Phiên bản {health.schema}: đúng.", f"Version {health.schema}: right.")
    for name, number in health.rows.items():
        session.out.print(f"  {name:<22}{number:>10}", markup=False)
    for run in health.open_runs:
        since = run.started_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
        say(
            f"Chưa kết thúc: lần thu thập {run.id} của trang {run.site}, từ {since}. "
            "Nếu không có lệnh tinbai nào đang chạy, lần thu thập sau sẽ khôi phục.",
            f"Under way: run {run.id} of site {run.site}, since {since}. "
            "If no tinbai command is running, the next crawl will recover it.",
        )


@command(
    evidence_app,
    "verify",
    help_vi="Đối chiếu từng bản ghi WARC với cơ sở dữ liệu; có sai lệch thì mã thoát là 1.",
    help_en="Compare every WARC record with the database; exit code 1 when they differ.",
)
def verify_evidence(session: Session) -> int:
    """List what does not match."""
    workspace = session.workspace()
    database = open_database(workspace)
    try:
        with database.read() as c:
            problems = list(evidence.verify(c, workspace.evidence))
    finally:
        database.close()

    def for_people() -> None:
        for problem in problems:
            session.out.print(f"• {problem}", markup=False, soft_wrap=True)
        session.out.print(
            t(f"Bằng chứng: {len(problems)} sai lệch.", f"Evidence: {len(problems)} problems.")
            if problems
            else t("Bằng chứng khớp với cơ sở dữ liệu.", "The evidence matches the database.")
        )

    data = [dataclasses.asdict(problem) for problem in problems]
    session.answer({"problems": data}, for_people)
    return FINDINGS if problems else DONE


@command(
    evidence_app,
    "show",
    help_vi="Cho xem một lần truy cập: nơi lưu, phần đầu trả lời; --body lưu nội dung ra tệp.",
    help_en="Show a capture: where it lies, the head of the answer; --body saves its body.",
)
def show_evidence(
    session: Session,
    capture_id: Annotated[
        int, typer.Argument(help=t("Số của lần truy cập.", "The capture's number."))
    ],
    body: Annotated[
        Path | None,
        typer.Option(help=t("Lưu nội dung (đã giải nén) vào tệp.", "Save the unpacked body.")),
    ] = None,
) -> int:
    """Open one number down to its bytes."""
    workspace = session.workspace()
    database = open_database(workspace)
    try:
        with database.read() as c:
            found = capture(c, capture_id)
    finally:
        database.close()
    if found.warc is None:
        raise EvidenceError(
            t(
                f"Lần truy cập {capture_id} không có bản lưu: {found.disposition.value} "
                f"({found.reason}).",
                f"Capture {capture_id} was not archived: {found.disposition.value} "
                f"({found.reason}).",
            )
        )
    response = evidence.read_record(workspace.evidence, found.warc)
    if body is not None:
        body.write_bytes(decoded(response.body, _header(response, "content-encoding")))
    session.answer(
        _capture_data(found, response), lambda: _print_capture(session, found, response, body)
    )
    return DONE


def _heads(response: ArchivedResponse) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers]


def _header(response: ArchivedResponse, name: str) -> str:
    return ",".join(value for key, value in _heads(response) if key.lower() == name)


def _capture_data(found: Capture, response: ArchivedResponse) -> dict[str, Any]:
    data = dataclasses.asdict(found) | {
        "purpose": found.purpose.value,
        "disposition": found.disposition.value,
    }
    return data | {"response": {"status": response.status, "headers": _heads(response)}}


def _print_capture(
    session: Session, found: Capture, response: ArchivedResponse, body: Path | None
) -> None:
    place = found.warc
    at = found.captured_at.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
    lines = [
        f"{t('Địa chỉ', 'Address')}: {found.url}",
        f"{t('Lúc', 'At')}: {at} (+07:00)",
        f"{t('Kết cục', 'Fate')}: {found.disposition.value} ({found.reason or '–'})",
        f"SHA-256: {found.body_sha256 or '–'} ({found.body_bytes or 0} byte)",
        f"WARC: {place.file} @ {place.offset} <{place.record_id}>" if place else "",
        "",
        f"HTTP {response.status}",
        *(f"{name}: {value}" for name, value in _heads(response)),
    ]
    if body is not None:
        lines += ["", t(f"Đã lưu nội dung vào {body}", f"The body was saved in {body}")]
    for line in lines:
        session.out.print(line, markup=False, soft_wrap=True)
