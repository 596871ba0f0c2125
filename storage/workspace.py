"""The workspace: one folder that holds what belongs to an office, not to the program.

::

    tinbai.toml   settings        tinbai.db   the database (SQLite by default)
    sites/*.yml   site profiles   evidence/   WARC files      reports/   what was made
    proofs/       what proves work outside the web
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.errors import WorkspaceError
from storage.language import t
from storage.records import OPEN_LETTERHEAD, Letterhead

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_FILE = "tinbai.toml"

TEMPLATE = """\
# Thiết lập của không gian làm việc tinbai. Sửa xong chạy: tinbai db check
# Dòng bắt đầu bằng # là chú thích; số và giá trị mặc định ghi sẵn bên dưới.

[office]
# Cơ quan kiểm tra, in ở đầu báo cáo.
name = "PHÒNG NỘI VỤ (sửa tên cơ quan tại đây)"
# Thư điện tử hoặc điện thoại: gửi kèm mỗi lần truy cập để quản trị trang biết ai đang đọc.
contact = "cchc@example.gov.vn"

[crawl]
# Thu thập bài đăng từ ngày này trở đi (năm-tháng-ngày).
since = {since}
# Khoảng nghỉ giữa hai lần truy cập cùng một máy chủ, giây (hồ sơ trang có thể đặt riêng).
delay_s = 1.0
# Chờ một trang trả lời, giây.
timeout_s = 30.0
# Số lượt hỏi nhiều nhất đối với một máy chủ trong một đêm (hồ sơ trang có thể đặt riêng).
max_requests = 20000
# Cho phép đọc địa chỉ nội bộ (127.0.0.1, 10.x, 192.168.x …). Chỉ bật khi trang đặt trong mạng cơ
# quan; hồ sơ trang cũng có thể đặt riêng.
allow_private = false
# Máy chủ trung gian (proxy) nếu mạng cơ quan yêu cầu, ví dụ "http://10.0.0.1:8080".
proxy = ""
# Trình duyệt Chromium của máy, cho trang chỉ hiện danh sách bằng kịch bản (hồ sơ ghi render:
# browser). Để trống: tự tìm, ví dụ "/usr/bin/chromium".
browser = ""

[letterhead]
# Thể thức của báo cáo Word, PDF (Nghị định 30/2020/NĐ-CP). Mục để trống: văn bản chừa chỗ điền tay.
# Cơ quan chủ quản, ví dụ "UBND HUYỆN VÂN KHÊ".
superior = ""
# Cơ quan ban hành ở đầu văn bản; để trống thì lấy [office] name.
name = ""
# Chữ viết tắt tên cơ quan trong số, ký hiệu: "PNV" cho ra "Số: .../BC-PNV".
symbol = ""
# Địa danh đứng trước ngày ban hành, ví dụ "Vân Khê".
place = ""
# Kính gửi (mỗi nơi một mục), ví dụ ["UBND huyện Vân Khê"].
addressees = []
# Căn cứ (mỗi văn bản một mục), ví dụ ["Kế hoạch số 24/KH-UBND ngày 20/01/2022 của UBND huyện"].
grounds = []
# Quyền hạn, chức vụ người ký, từng dòng, ví dụ ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"].
position = []
# Họ tên người ký.
signer = ""
# Nơi nhận, ngoài "Như trên" và "Lưu: VT".
recipients = []
# Đơn vị soạn thảo lưu văn bản, đứng sau "Lưu: VT".
drafter = ""

[report]
# Mẫu Word của cơ quan, tệp trong thư mục này, ví dụ "mau-bao-cao.docx" (tạo mẫu: tinbai reports
# template --to mau-bao-cao.docx). Để trống: thể thức Nghị định 30/2020/NĐ-CP. Cần cài thêm:
# pip install 'tinbai[template]'
template = ""

[timestamp]
# Dấu thời gian của bên thứ ba (RFC 3161) cho mã gốc của chuỗi bằng chứng, xin sau mỗi đêm. Để
# trống: không xin. Cần cài thêm: pip install 'tinbai[timestamp]'
url = ""
# Chứng thư gốc (và trung gian) của bên cấp dấu, tệp PEM trong thư mục này.
ca = ""

[database]
# Để trống: tệp tinbai.db trong thư mục này. PostgreSQL: "postgresql://tên:mật-khẩu@máy/csdl".
url = ""
# Chờ khi cơ sở dữ liệu đang bị chương trình khác khóa, giây.
busy_timeout_s = 30.0
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What ``tinbai.toml`` says."""

    office_name: str
    contact: str
    since: dt.date
    """Posts from this day on are fetched."""
    delay_s: float
    timeout_s: float
    proxy: str | None
    database_url: str | None
    busy_timeout_s: float
    max_requests: int = 20_000
    """Requests to one host in one night, at most."""
    allow_private: bool = False
    """Loopback and an office's own network may be read."""
    letterhead: Letterhead = OPEN_LETTERHEAD
    browser: str | None = None
    """Path of the Chromium that renders pages; None: the first one on PATH."""
    report_template: str | None = None
    """The office's own Word template, below the workspace; None: the form of the decree."""
    timestamp_url: str | None = None
    """The time-stamping authority; None: none is asked."""
    timestamp_ca: str | None = None
    """Its certificates, a PEM file below the workspace."""


_KEYS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "office": {"name": str, "contact": str},
    "letterhead": {
        **dict.fromkeys(("superior", "name", "symbol", "place", "signer", "drafter"), str),
        **dict.fromkeys(("addressees", "grounds", "position", "recipients"), list),
    },
    "crawl": {
        "since": object,
        "delay_s": (int, float),
        "timeout_s": (int, float),
        "max_requests": int,
        "allow_private": bool,
        "proxy": str,
        "browser": str,
    },
    "report": {"template": str},
    "timestamp": {"url": str, "ca": str},
    "database": {"url": str, "busy_timeout_s": (int, float)},
}


@dataclass(frozen=True, slots=True)
class Workspace:
    """One office's folder and its settings."""

    folder: Path
    settings: Settings

    @property
    def sites(self) -> Path:
        """The folder of site profiles."""
        return self.folder / "sites"

    @property
    def evidence(self) -> Path:
        """The folder of WARC files."""
        return self.folder / "evidence"

    @property
    def reports(self) -> Path:
        """The folder that reports are written to."""
        return self.folder / "reports"

    @property
    def proofs(self) -> Path:
        """The folder of proofs of work outside the web, named by their digests."""
        return self.folder / "proofs"

    @property
    def templates(self) -> Path:
        """The folder of Excel templates."""
        return self.folder / "templates"

    @property
    def database_url(self) -> str:
        """TINBAI_DATABASE_URL, else the settings', else the SQLite file of this folder."""
        return (
            os.environ.get("TINBAI_DATABASE_URL")
            or self.settings.database_url
            or f"sqlite:///{self.folder / 'tinbai.db'}"
        )


def lay_out(folder: Path, *, since: dt.date) -> Workspace:
    """Make the folder, its sub-folders and settings; existing files are left as they are."""
    for name in ("sites", "evidence", "reports", "templates"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = folder / SETTINGS_FILE
    if not settings.exists():
        settings.write_text(TEMPLATE.format(since=since), encoding="utf-8")
    return open_workspace(folder)


def open_workspace(folder: Path) -> Workspace:
    """Read and check a workspace's settings.

    Raises:
        WorkspaceError: there is none, or the settings are wrong (all errors at once).
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise WorkspaceError(
            t(
                f"Thư mục {folder} chưa phải không gian làm việc (thiếu {SETTINGS_FILE}). "
                f"Chạy: tinbai init {folder}",
                f"{folder} is no workspace ({SETTINGS_FILE} is missing). Run: tinbai init {folder}",
            )
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WorkspaceError(
            t(f"{path}: tệp thiết lập sai cú pháp: {error}", f"{path}: wrong syntax: {error}")
        ) from error
    problems = _problems(data, text)
    if problems:
        raise WorkspaceError(
            "\n".join(
                [t("Tệp thiết lập có lỗi:", "The settings have errors:")]
                + [f"  • {path}:{problem}" for problem in problems]
            )
        )
    return Workspace(folder, _settings(data))


def _problems(data: dict[str, Any], text: str) -> list[str]:
    problems = []
    for section, values in data.items():
        known = _KEYS.get(section)
        if known is None or not isinstance(values, dict):
            line = _line_of(text, section)
            problems.append(f"{line}: [{section}]: {t('mục không có', 'unknown section')}")
            continue
        for key, value in values.items():
            kind = known.get(key)
            where = f"{_line_of(text, key)}: {section}.{key}"
            if kind is None:
                problems.append(f"{where}: {t('khóa không có', 'unknown key')}")
            elif not _is_of(value, kind):
                problems.append(f"{where}: {t('giá trị sai kiểu', 'wrong type of value')}")
            elif isinstance(value, int | float) and value < 0:
                problems.append(f"{where}: {t('không được âm', 'must not be negative')}")
            elif key == "since" and not _is_day(str(value)):
                problems.append(f"{where}: {t('cần ngày năm-tháng-ngày', 'must be a day')}")
    problems += [
        f"1: {section}.{key}: {t('thiếu', 'missing')}"
        for section, key in (("office", "name"), ("office", "contact"), ("crawl", "since"))
        if key not in data.get(section, {})
    ]
    return problems


def _is_of(value: object, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, list):
        return kind is list and all(isinstance(item, str) for item in value)
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, kind)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _line_of(text: str, word: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip(" [").startswith(word):
            return number
    return 1


def _settings(data: dict[str, Any]) -> Settings:
    crawl, database = data["crawl"], data.get("database", {})
    timestamp = data.get("timestamp", {})
    return Settings(
        office_name=data["office"]["name"],
        contact=data["office"]["contact"],
        since=dt.date.fromisoformat(str(crawl["since"])),
        delay_s=float(crawl.get("delay_s", 1.0)),
        timeout_s=float(crawl.get("timeout_s", 30.0)),
        max_requests=crawl.get("max_requests", 20_000),
        allow_private=crawl.get("allow_private", False),
        proxy=crawl.get("proxy") or None,
        browser=crawl.get("browser") or None,
        database_url=database.get("url") or None,
        busy_timeout_s=float(database.get("busy_timeout_s", 30.0)),
        letterhead=_letterhead(data.get("letterhead", {})),
        report_template=data.get("report", {}).get("template") or None,
        timestamp_url=timestamp.get("url") or None,
        timestamp_ca=timestamp.get("ca") or None,
    )


def _letterhead(data: dict[str, Any]) -> Letterhead:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value.strip()
        for key, value in data.items()
    }
    return Letterhead(**values)
