"""tinbai sites check | probe | fixture."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from rapidfuzz import process
from rich.markup import escape
from rich.table import Table

from crawler import browser
from crawler.probing import draft, fixture, telling
from crawler.probing.checking import check_site
from crawler.probing.clues import shortened
from crawler.probing.drift import of_undecided
from crawler.probing.fetching import REQUESTS, Miss, Visit, in_words
from crawler.probing.probe import probe as probe_site
from crawler.probing.probe import trial_profile, with_twin
from crawler.profile_fields import SITE_CODE
from crawler.profiles import SiteProfile, load_profile, load_profiles, needs_browser
from crawler.urls import belongs
from storage.console import DONE, FINDINGS, INCOMPLETE, Session, command
from storage.errors import TinbaiError
from storage.language import t
from storage.records import vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from crawler.probing.checking import SiteCheck
    from crawler.probing.result import Probe
    from storage.workspace import Workspace

sites_app = typer.Typer(no_args_is_help=True)

_Requests = Annotated[
    int,
    typer.Option(min=5, max=1000, help=t("Số lượt hỏi nhiều nhất.", "Requests at most.")),
]


@command(
    sites_app,
    "check",
    help_vi="Kiểm tra mọi hồ sơ trang; --live: so với trang đang chạy. Mã thoát: 0 khớp · "
    "1 có chỗ lệch, hoặc mục chưa quyết định · 2 hồ sơ sai · 3 có trang không hỏi được.",
    help_en="Check all site profiles; --live: against the sites themselves. Exit code: 0 they "
    "fit · 1 something drifted or is undecided · 2 a wrong profile · 3 a site could not be asked.",
)
def check(
    session: Session,
    *,
    live: Annotated[
        bool, typer.Option("--live", help=t("Hỏi các trang.", "Ask the sites."))
    ] = False,
    site: Annotated[
        list[str] | None,
        typer.Option(help=t("Chỉ trang này (ghi nhiều lần được).", "Only this site (repeatable).")),
    ] = None,
    requests: _Requests = REQUESTS,
) -> int:
    """Load all profiles and say what they are; ask the sites when that is wanted."""
    workspace = session.workspace()
    profiles = load_profiles(workspace.sites)
    wanted = chosen(profiles, site) if site or live else profiles
    lacks_browser = warn_of_browser(session, workspace, wanted)
    if not live:
        fine = _tell_profiles(session, wanted)
        return INCOMPLETE if lacks_browser else fine
    checks = [_check(session, workspace, profile, requests) for profile in wanted]
    session.answer(
        [telling.check_data(one) for one in checks],
        lambda: _print_lines(session, telling.check_lines(checks)),
    )
    if not all(one.is_reached and one.is_whole for one in checks):
        return INCOMPLETE
    return FINDINGS if any(one.drifts for one in checks) else DONE


def _check(
    session: Session, workspace: Workspace, profile: SiteProfile, requests: int
) -> SiteCheck:
    visit = _visit(session, workspace, profile, requests)
    version = profile.version_on(vietnam_day(session.clock.now()))
    with _shown(session, visit):
        return check_site(visit, profile, version)


def warn_of_browser(
    session: Session, workspace: Workspace, profiles: Sequence[SiteProfile]
) -> bool:
    """Say what has to be installed when a profile needs a browser that is not there; tell it."""
    today = vietnam_day(session.clock.now())
    if not any(needs_browser(profile.version_on(today)) for profile in profiles):
        return False
    said = browser.missing(workspace.settings.browser)
    if said is not None:
        session.err.print(said, style="red", markup=False, soft_wrap=True)
    return said is not None


def _tell_profiles(session: Session, profiles: Sequence[SiteProfile]) -> int:
    today = vietnam_day(session.clock.now())
    rows = [
        {
            "site": profile.site,
            "base_url": profile.base_url,
            "family": profile.version_on(today).family,
            "sections": len(profile.version_on(today).sections),
            "versions": len(profile.versions),
            "undecided": [
                {"name": one.section, "text": str(one.text)}
                for one in of_undecided(profile, profile.version_on(today))
            ],
            "not_news": [one.model_dump() for one in profile.version_on(today).not_news],
        }
        for profile in profiles
    ]
    is_open = any(row["undecided"] for row in rows)

    def for_people() -> None:
        table = Table(t("Trang", "Site"), t("Địa chỉ", "Address"), t("Họ trang", "Family"))
        table.add_column(t("Chuyên mục", "Sections"), justify="right")
        for row in rows:
            cells = ("site", "base_url", "family", "sections")
            table.add_row(*(str(row[cell]) for cell in cells))
        session.out.print(table)
        session.out.print(t(f"{len(rows)} hồ sơ đều đúng.", f"All {len(rows)} profiles are fine."))
        _print_lines(session, _remark_lines(profiles, today))

    session.answer(rows, for_people)
    return FINDINGS if is_open else DONE


def _remark_lines(profiles: Sequence[SiteProfile], today: dt.date) -> Iterator[str]:
    """Name what profiles leave undecided, one by one, and what they say is not news."""
    for profile in profiles:
        version = profile.version_on(today)
        for one in of_undecided(profile, version):
            yield f"! {profile.site}: “{one.section}”: {one.text}"
        if version.not_news:
            names = ", ".join(f"“{one.name}” ({one.url})" for one in version.not_news)
            yield t(f"{profile.site}: không phải tin: ", f"{profile.site}: not news: ") + names


@command(
    sites_app,
    "probe",
    help_vi="Tìm hiểu một trang từ trang chủ và viết hồ sơ. Mã thoát: 0 xong · 1 còn điều phải "
    "quyết định · 2 không mở được trang chủ.",
    help_en="Find out about a site from its home page and write its profile. Exit code: 0 done "
    "· 1 something is left to decide · 2 the home page cannot be had.",
)
def probe(
    session: Session,
    url: Annotated[str, typer.Argument(help=t("Địa chỉ trang chủ.", "Address of the home page."))],
    *,
    site: Annotated[
        str | None, typer.Option(help=t("Mã trang trong hồ sơ.", "The site's code."))
    ] = None,
    requests: _Requests = 2 * REQUESTS,  # ends by itself where menus have fewer links
    write: Annotated[
        bool,
        typer.Option(help=t("Ghi hồ sơ vào thư mục sites/.", "Write the profile into sites/.")),
    ] = True,
) -> int:
    """Probe a site; a profile that is there already is left as it is."""
    workspace = session.workspace()
    address = _address(url)
    if site is not None and not SITE_CODE.fullmatch(site):
        raise TinbaiError(
            t(f"Mã trang “{site}” sai: chữ thường, số, dấu . _ -", f"Wrong code '{site}'.")
        )
    profile = trial_profile(_root(address), with_twin(address))
    visit = _visit(session, workspace, profile, requests)
    with _shown(session, visit):
        found = probe_site(visit, address, site=site)
    path = _write(workspace, found) if write else None
    data = telling.data_of(found) | {
        "profile": draft.profile_text(found),
        "file": str(path) if path else None,
    }
    session.answer(data, lambda: _print_probe(session, found, path))
    return FINDINGS if found.questions else DONE


def _print_probe(session: Session, found: Probe, path: Path | None) -> None:
    _print_lines(session, telling.lines_of(found))
    session.out.print()
    if path is None:
        _print_lines(session, draft.profile_text(found).splitlines())
        return
    done = t(f"Đã ghi hồ sơ: {path}", f"The profile is written: {path}")
    if path.suffix != ".yml":
        done = t(
            f"Đã ghi bản nháp: {path}. Sửa xong đổi đuôi thành .yml.",
            f"A draft is written: {path}. Correct it and rename it to .yml.",
        )
    session.out.print(done, markup=False, soft_wrap=True)


def _write(workspace: Workspace, found: Probe) -> Path:
    """Write the profile, and read it back; what does not load or is there already is a draft.

    Drafts end in '.nhap' (nháp), which no command reads.
    """
    workspace.sites.mkdir(parents=True, exist_ok=True)
    wanted = workspace.sites / f"{found.site}.yml"
    text = draft.profile_text(found)
    if not found.channels or _is_taken(workspace, found.site):
        wanted = workspace.sites / f"{found.site}.yml.nhap"
        wanted.write_text(text, encoding="utf-8")
        return wanted
    wanted.write_text(text, encoding="utf-8")
    try:
        load_profile(wanted)
    except TinbaiError:
        wanted.rename(wanted.with_suffix(".yml.nhap"))
        raise
    return wanted


def _is_taken(workspace: Workspace, site: str) -> bool:
    named = {path.name for path in workspace.sites.glob("*.y*ml")}
    if named & {f"{site}.yml", f"{site}.yaml"}:
        return True
    return any(site == profile.site for profile in load_profiles(workspace.sites))


@command(
    sites_app,
    "fixture",
    help_vi="Lưu một trang thành ca kiểm thử: trang, lượt chụp, và những gì đọc được lúc này.",
    help_en="Store a page as a test case: the page, its capture, and what is read from it now.",
)
def store_fixture(
    session: Session,
    url: Annotated[str, typer.Argument(help=t("Địa chỉ trang.", "Address of the page."))],
    *,
    site: Annotated[str, typer.Option(help=t("Mã trang.", "The site's code."))],
    into: Annotated[
        Path | None,
        typer.Option(help=t("Thư mục chứa các ca.", "The folder of cases.")),
    ] = None,
    name: Annotated[str | None, typer.Option(help=t("Tên ca.", "The case's name."))] = None,
    read: Annotated[
        str | None,
        typer.Option(help=t("Đọc như: list hoặc article.", "Read as: list or article.")),
    ] = None,
) -> int:
    """Fetch a page once and keep it with what the profile reads from it."""
    workspace = session.workspace()
    profile = chosen(load_profiles(workspace.sites), [site])[0]
    address = _address(url)
    if not belongs(address, profile):
        raise TinbaiError(
            t(f"{address} không thuộc trang {site}.", f"{address} is not on the site {site}.")
        )
    version = profile.version_on(vietnam_day(session.clock.now()))
    got = _visit(session, workspace, profile, _FEW).get(address)
    if isinstance(got, Miss):
        raise TinbaiError(
            t(
                f"Không mở được {address}: {in_words(got)}",
                f"Cannot open {address}: {in_words(got)}",
            )
        )
    kind = fixture.named_kind(read) or fixture.kind_of(got.page.url, profile, version)
    case = fixture.case_of(got.page, version, kind, name=name)
    folder = fixture.store(case, into or workspace.folder / "fixtures")
    data = {"folder": str(folder), "read": kind, "outcome": case.outcome}
    session.answer(
        data,
        lambda: _print_lines(session, [str(folder), f"{kind}: {case.outcome}"]),
    )
    return DONE


_FEW = 8
"""Requests for one page: robots.txt and redirects."""


def chosen(profiles: Sequence[SiteProfile], sites: Sequence[str] | None) -> list[SiteProfile]:
    """Give the profiles of the sites asked for; all without a choice.

    Raises:
        TinbaiError: there is no such site, or none at all.
    """
    by_site = {profile.site: profile for profile in profiles}
    if not by_site:
        raise TinbaiError(
            t(
                "Chưa có hồ sơ trang nào trong thư mục sites/. Lập hồ sơ: tinbai sites probe "
                "ĐỊA-CHỈ; hoặc chép tệp mẫu, sửa, rồi chạy: tinbai sites check",
                "There is no site profile in sites/. Make one: tinbai sites probe URL; or copy "
                "the example, edit it, then run: tinbai sites check",
            )
        )
    for name in sites or ():
        if name not in by_site:
            near = process.extractOne(name, list(by_site))
            raise TinbaiError(
                t(
                    f"Không có trang “{name}”; gần nhất là “{near[0]}”.",
                    f"There is no site '{name}'; the nearest is '{near[0]}'.",
                )
            )
    return [by_site[name] for name in dict.fromkeys(sites or ())] or list(profiles)


def _visit(session: Session, workspace: Workspace, profile: SiteProfile, requests: int) -> Visit:
    return Visit(
        profile=profile, settings=workspace.settings, clock=session.clock, requests=requests
    )


@contextmanager
def _shown(session: Session, visit: Visit) -> Iterator[None]:
    """Show each request while the visit lasts, where somebody can see it."""
    with session.err.status("", spinner="line") as status:
        visit.tell = lambda number, url: status.update(escape(f"{number}: {shortened(url, 90)}"))
        yield


def _address(url: str) -> str:
    """Give an address as it is asked; without a scheme http is tried, as people type it.

    Raises:
        TinbaiError: it is no web address.
    """
    address = url if "://" in url else f"http://{url}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise TinbaiError(
            t(
                f"“{url}” không phải địa chỉ trang web, ví dụ https://xaa.tinhb.gov.vn/",
                f"'{url}' is no web address such as https://xaa.tinhb.gov.vn/",
            )
        )
    return address


def _root(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def _print_lines(session: Session, lines: Any) -> None:  # noqa: ANN401 - an iterable of str
    for line in lines:
        session.out.print(line, markup=False, highlight=False, soft_wrap=True)
