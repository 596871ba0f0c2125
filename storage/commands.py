"""``tinbai db upgrade | check``, with ``tinbai evidence``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from storage import chain
from storage.console import DONE, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.evidence_commands import evidence_app
from storage.health import Health, examine
from storage.language import t
from storage.records import VIETNAM
from storage.schema import upgrade

if TYPE_CHECKING:
    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
db_app = typer.Typer(no_args_is_help=True)
app.add_typer(
    db_app,
    name="db",
    help=t("Cơ sở dữ liệu: nâng cấp, kiểm tra.", "The database: upgrade, check."),
)
app.add_typer(
    evidence_app,
    name="evidence",
    help=t(
        "Bằng chứng (WARC): đối chiếu, xem, xuất, đóng dấu thời gian, xóa theo hạn lưu.",
        "The evidence (WARC): verify, show, export, time stamp, remove by retention.",
    ),
)


@command(
    db_app,
    "upgrade",
    help_vi="Tạo hoặc nâng cấp cơ sở dữ liệu lên phiên bản của chương trình; những lần truy cập "
    "và dòng dữ liệu chưa có trong chuỗi bằng chứng được đưa vào chuỗi.",
    help_en="Make the database, or bring it to this program's version; captures and rows that are "
    "not yet in the evidence chain come into it.",
)
def upgrade_database(session: Session) -> int:
    """Run the migrations, and seal what was stored before there was a chain."""
    workspace = session.workspace()
    version = upgrade(workspace.database_url)
    database = open_database(workspace)
    try:
        with database.write(alone=True) as c:
            sealed = chain.seal(c, workspace.evidence, at=session.clock.now())
    finally:
        database.close()

    def for_people() -> None:
        session.out.print(
            t(
                f"Cơ sở dữ liệu ở phiên bản {version}.",
                f"The database is at version {version}.",
            )
        )
        if sealed.captures or sealed.rows:
            session.out.print(
                t(
                    f"Đã đưa {sealed.captures} lần truy cập và {sealed.rows} dòng dữ liệu vào "
                    "chuỗi bằng chứng.",
                    f"{sealed.captures} captures and {sealed.rows} rows came into the evidence "
                    "chain.",
                )
            )

    data = {"schema": version, "sealed": sealed.captures, "sealed_rows": sealed.rows}
    session.answer(data, for_people)
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
