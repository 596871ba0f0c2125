"""``tinbai evidence export``, in a group of another package."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the types of options at run time
from typing import Annotated

import typer

from reports.bundle import gather
from reports.bundle_files import write_bundle
from storage import stamps
from storage.console import DONE, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.language import t

app = typer.Typer()
evidence_app = typer.Typer()
app.add_typer(evidence_app, name="evidence")


@app.callback()
def _group() -> None:
    """Keep ``evidence`` a group although it is the only one here."""


@command(
    evidence_app,
    "export",
    help_vi="Xuất bằng chứng của một báo cáo đã lập thành một thư mục hoặc tệp .wacz để người "
    "ngoài tự kiểm tra. Mã thoát: 0 đủ · 3 có phần đã xóa theo quyết định hoặc chưa niêm phong.",
    help_en="Export the evidence of a stored report as a folder or .wacz file that outsiders can "
    "check. Exit code: 0 all of it · 3 some was removed by decision, or is not sealed yet.",
)
def export(
    session: Session,
    report: Annotated[
        int, typer.Argument(help=t("Số của báo cáo (xem: reports list).", "Its number (see list)."))
    ],
    *,
    to: Annotated[
        Path, typer.Option(help=t("Thư mục mới, hoặc TỆP.wacz.", "A new folder, or FILE.wacz."))
    ],
) -> int:
    """Write the bundle of a report."""
    workspace = session.workspace()
    certificates = stamps.trusted(workspace)
    database = open_database(workspace)
    try:
        with database.read() as c:
            bundle = gather(c, workspace.evidence, report)
    finally:
        database.close()
    files = write_bundle(bundle, workspace.evidence, to, certificates=certificates)
    removed = sum(one.removal is not None for one in bundle.exhibits)
    data = {
        "to": str(to),
        "files": len(files),
        "bytes": sum(one.size for one in files),
        "articles": len(bundle.articles),
        "captures": len(bundle.exhibits),
        "removed": removed,
        "unsealed": len(bundle.unsealed),
        "certificates": [one.unit for one in bundle.certificates],
        "root": bundle.report.evidence.root if bundle.report.evidence else bundle.head.root,
        "time_stamp": bundle.stamp is not None,
    }

    def for_people() -> None:
        for line in (
            t(
                f"{to}: {len(bundle.articles)} bài, {len(bundle.exhibits)} lần truy cập, "
                f"{len(files)} tệp, {data['bytes']} byte.",
                f"{to}: {len(bundle.articles)} articles, {len(bundle.exhibits)} captures, "
                f"{len(files)} files, {data['bytes']} bytes.",
            ),
            t(f"Mã gốc: {data['root']}", f"Root: {data['root']}"),
        ):
            session.out.print(line, markup=False, soft_wrap=True)
        if removed or bundle.unsealed:
            session.out.print(
                t(
                    f"Không có trong gói: {removed} lần truy cập đã xóa byte theo quyết định, "
                    f"{len(bundle.unsealed)} chưa niêm phong.",
                    f"Not in it: {removed} captures whose bytes were removed by decision, "
                    f"{len(bundle.unsealed)} not sealed yet.",
                ),
                style="yellow",
            )

    session.answer(data, for_people)
    return INCOMPLETE if removed or bundle.unsealed else DONE
