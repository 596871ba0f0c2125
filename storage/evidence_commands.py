"""``tinbai evidence verify | show | stamp | remove``; the rest of its group is in ``reports``."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path  # noqa: TC003 - Typer reads the types of options at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storage import chain, evidence, removals, stamps
from storage.captures import capture
from storage.console import DONE, FINDINGS, Session, command
from storage.decoding import decoded
from storage.engine import open_database
from storage.errors import EvidenceError, InputError, TinbaiError
from storage.language import t
from storage.records import VIETNAM
from storage.verify import verify
from storage.verify_chain import Chain

if TYPE_CHECKING:
    from storage.evidence import ArchivedResponse
    from storage.records import Capture, Removal, TreeHead
    from storage.stamps import Stamped
    from storage.workspace import Workspace

evidence_app = typer.Typer(no_args_is_help=True)


@command(
    evidence_app,
    "verify",
    help_vi="Đối chiếu từng byte bằng chứng, từng dòng và chuỗi mã băm; nêu đích danh chỗ bị sửa, "
    "mất, thêm, đổi thứ tự. Có sai lệch thì mã thoát là 1.",
    help_en="Compare every byte of the evidence, every row and the chain over them; name what was "
    "changed, lost, put in or moved. Exit code 1 when there is any.",
)
def verify_evidence(
    session: Session,
    *,
    root: Annotated[
        str | None,
        typer.Option(
            help=t(
                "Mã gốc in trong một báo cáo: chuỗi phải từng có mã đó.",
                "The root that a report prints: the chain must have had it.",
            )
        ),
    ] = None,
) -> int:
    """List what does not match."""
    workspace = session.workspace()
    certificates = stamps.trusted(workspace)
    database = open_database(workspace)
    try:
        with database.read() as c:
            found = Chain()
            problems = list(
                verify(c, workspace.evidence, found=found, root=root, certificates=certificates)
            )
            heads, removed = chain.heads(c), removals.removals(c)
            stamped = len(stamps.stamps(c))
    finally:
        database.close()
    newest = heads[-1].head if heads else None

    def for_people() -> None:
        def say(vi: str, en: str) -> None:
            session.out.print(t(vi, en), markup=False, soft_wrap=True)

        for problem in problems:
            session.out.print(f"• {problem}", markup=False, soft_wrap=True)
        for one in removed:
            session.out.print(f"  {removals.said(one)}", markup=False, soft_wrap=True)
        if newest is not None:
            say(
                f"Chuỗi bằng chứng: {newest.size} mắt xích ({found.captures} lần truy cập, "
                f"{found.rows} dòng dữ liệu), mã gốc {newest.root}; {stamped} dấu thời gian.",
                f"Evidence chain: {newest.size} leaves ({found.captures} captures, {found.rows} "
                f"rows), root {newest.root}; {stamped} time stamps.",
            )
        if found.rows_since is not None:
            since = found.rows_since.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
            say(
                f"Dòng dữ liệu vào chuỗi từ {since}; dòng có trước lúc ấy chỉ được giữ từ đó.",
                f"Rows came into the chain from {since} on; older ones are held since then only.",
            )
        for rows in found.unsealed:
            say(
                f"  {rows.table}: {rows.rows} dòng từ lần niêm phong trước (số {rows.first_id}–"
                f"{rows.last_id}), chưa vào chuỗi.",
                f"  {rows.table}: {rows.rows} rows since the last seal ({rows.first_id}–"
                f"{rows.last_id}), not in the chain yet.",
            )
        if problems:
            say(f"Bằng chứng: {len(problems)} sai lệch.", f"Evidence: {len(problems)} problems.")
        else:
            say("Bằng chứng khớp với cơ sở dữ liệu.", "The evidence matches the database.")

    data = {
        "problems": [dataclasses.asdict(problem) for problem in problems],
        "removed": [dataclasses.asdict(one) for one in removed],
        "chain": head_data(newest),
        "rows": found.rows,
        "rows_since": found.rows_since,
        "rows_since_last_seal": [dataclasses.asdict(one) for one in found.unsealed],
        "time_stamps": stamped,
    }
    session.answer(data, for_people)
    return FINDINGS if problems else DONE


def head_data(head: TreeHead | None) -> dict[str, Any] | None:
    """Give a head of the chain, for machines."""
    return None if head is None else dataclasses.asdict(head)


# ------------------------------------------------------------------------------ time stamps


@command(
    evidence_app,
    "stamp",
    help_vi="Xin dấu thời gian (RFC 3161) cho mã gốc mới nhất của chuỗi bằng chứng, ở nơi ghi tại "
    "[timestamp] của tinbai.toml. Mã thoát: 0 có dấu · 3 không xin được.",
    help_en="Ask the authority of [timestamp] in tinbai.toml for a time stamp (RFC 3161) on the "
    "chain's newest root. Exit code: 0 stamped · 3 none could be had.",
)
def stamp(session: Session) -> int:
    """Have the newest head stamped."""
    made = stamps.stamp_newest(session.workspace(), session.clock)
    if made is None:
        raise EvidenceError(
            t(
                "Chưa ghi nơi cấp dấu ở tinbai.toml ([timestamp] url), hoặc chuỗi còn trống.",
                "No authority is named in tinbai.toml ([timestamp] url), or the chain is empty.",
            )
        )
    session.answer(stamp_data(made), lambda: print_stamp(session, made))
    return DONE


def try_stamp(session: Session, workspace: Workspace) -> Stamped | str | None:
    """Have the newest head stamped, or say why not: a night stands without it.

    None: no authority is named, or nothing is in the chain.
    """
    try:
        return stamps.stamp_newest(workspace, session.clock)
    except TinbaiError as error:
        return str(error)


def stamp_data(made: Stamped | str | None) -> dict[str, Any] | None:
    """Give what ``try_stamp`` gave, for machines."""
    if made is None or isinstance(made, str):
        return None if made is None else {"error": made}
    return {
        "authority": made.authority,
        "at": made.at,
        "size": made.head.size,
        "root": made.head.root,
    }


def print_stamp(session: Session, made: Stamped | str | None) -> None:
    """Print what ``try_stamp`` gave, for people."""
    if isinstance(made, str):
        session.err.print(t("Cảnh báo: ", "Warning: ") + made, markup=False, style="yellow")
    elif made is not None:
        at = made.at.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y") if made.at else None
        session.out.print(
            t(
                f"Dấu thời gian: {made.head.size} mắt xích, {at or 'đã có từ trước'}, "
                f"{made.authority}",
                f"Time stamp: {made.head.size} leaves, {at or 'was there before'}, "
                f"{made.authority}",
            ),
            markup=False,
            soft_wrap=True,
        )


# -------------------------------------------------------------------------------- retention


@command(
    evidence_app,
    "remove",
    help_vi="Xóa các tệp WARC đã hết hạn lưu, theo quyết định có tên và lý do. Mã băm, số liệu và "
    "chuỗi được giữ; không có --yes thì chỉ liệt kê.",
    help_en="Delete WARC files whose time is over, by a decision with name and reason. Digests, "
    "numbers and the chain stay; without --yes they are only listed.",
)
def remove(
    session: Session,
    *,
    before: Annotated[
        str,
        typer.Option(
            help=t(
                "Các lần thu thập kết thúc trước ngày này (năm-tháng-ngày).",
                "Of runs that ended before this day (year-month-day).",
            )
        ),
    ],
    by: Annotated[str, typer.Option(help=t("Người quyết định.", "Who decides."))],
    reason: Annotated[str, typer.Option(help=t("Lý do, căn cứ.", "Why."))],
    yes: Annotated[bool, typer.Option("--yes", help=t("Xóa thật.", "Really delete."))] = False,
) -> int:
    """Delete old bytes, keep what they were."""
    workspace, now = session.workspace(), session.clock.now()
    end = _start_of(before)
    database = open_database(workspace)
    try:
        with database.read() as c:
            files = removals.removable(c, workspace.evidence, before=end)
            left = [
                one for one in removals.removals(c) if (workspace.evidence / one.warc_file).exists()
            ]
        if yes:
            with database.write(alone=True) as c:
                left += removals.decide(c, files, by=by, reason=reason, at=now)
                chain.seal_rows(c, at=now)
            removals.delete(workspace.evidence, left)
    finally:
        database.close()
    session.answer(
        {
            "files": [{"file": file, "bytes": size} for file, size in files],
            "removed": [dataclasses.asdict(one) for one in left] if yes else [],
        },
        lambda: _print_removed(session, files, left if yes else None),
    )
    return DONE


def _start_of(day: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), VIETNAM)
    except ValueError as error:
        raise InputError(
            t(
                f"--before {day}: cần ngày dạng năm-tháng-ngày, ví dụ 2024-01-01.",
                f"--before {day}: give a day as year-month-day, e.g. 2024-01-01.",
            )
        ) from error


def _print_removed(
    session: Session, files: list[tuple[str, int]], removed: list[Removal] | None
) -> None:
    total = sum(size for _, size in files) / 1e6
    lines = [f"  {file} ({size} byte)" for file, size in files]
    lines.append(
        t(
            f"{len(files)} tệp, {total:.1f} MB. Chưa xóa; thêm --yes để xóa hẳn. Các bản ghi về "
            "sau chỉ nhắc lại nội dung trong các tệp này cũng sẽ không mở được nữa.",
            f"{len(files)} files, {total:.1f} MB. Nothing was deleted; add --yes to delete them. "
            "Later records that only refer to bodies in these files cannot be opened any more.",
        )
        if removed is None
        else t(
            f"Đã xóa {len(removed)} tệp; mã băm và quyết định được giữ.",
            f"{len(removed)} files were deleted; digests and the decision stay.",
        )
    )
    for line in lines:
        session.out.print(line, markup=False, soft_wrap=True)


# ------------------------------------------------------------------------------------- show


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
            gone = removals.removal_of(c, found.warc.file) if found.warc else None
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
    if gone is not None:
        raise EvidenceError(removals.said(gone))
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
