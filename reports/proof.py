"""Reading what certificates and the sites' health rest on. Their seam to storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.attribution import unit_name
from reports.certificate import Certificate, SiteProof, owned_days, proofs, prove_site
from reports.coverage import needed_sections
from reports.health import SiteFacts, SiteHealth, examine, missed_by_all
from storage.candidates import candidates
from storage.captures import coverage_as_of, runs
from storage.errors import InputError
from storage.language import t
from storage.list_pages import channels_of, pages_of_runs
from storage.units import registry_as_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from reports.calendar import Period
    from storage.engine import Connection
    from storage.records import DayInterval, Registry


def site_facts(
    c: Connection, as_of: dt.datetime, *, sites: Collection[str]
) -> dict[str, SiteFacts]:
    """Give what is known of each of the sites."""
    rows, walks = coverage_as_of(c, as_of), runs(c, as_of)
    seen = candidates(c, as_of, tagger=None)
    return {
        site: SiteFacts(
            site=site,
            coverage=tuple(row for row in rows if row.site == site),
            runs=tuple(run for run in walks if run.site == site),
            candidates=tuple(one for one in seen if one.site == site),
            channels=channels_of(c, site, as_of),
        )
        for site in sites
    }


def healths(
    c: Connection, as_of: dt.datetime, *, days: DayInterval, site: str | None = None
) -> list[SiteHealth]:
    """Give the health of one site, or of all that were crawled or have an owner.

    Raises:
        InputError: there is no such site.
    """
    registry = registry_as_of(c, as_of)
    known = {run.site for run in runs(c, as_of)} | {owner.site for owner in registry.owners}
    if site is not None and site not in known:
        raise InputError(
            t(
                f"Không có trang “{site}”. Các trang: {', '.join(sorted(known)) or 'chưa có'}",
                f"There is no site '{site}'. The sites: {', '.join(sorted(known)) or 'none yet'}",
            )
        )
    wanted = sorted(known) if site is None else [site]
    facts = site_facts(c, as_of, sites=wanted)
    return [examine(facts[one], days=days, as_of=as_of) for one in wanted]


def certify(
    c: Connection,
    *,
    unit: str,
    period: Period,
    as_of: dt.datetime,
    section: str | None = None,
) -> Certificate:
    """Give the certificate of a unit and period, of one section or of all that must be seen.

    Raises:
        InputError: there is no such unit, or none of its sites has the section.
    """
    registry = registry_as_of(c, as_of)
    _check_unit(unit, registry)
    owned = owned_days(unit, registry, period.days)
    facts = site_facts(c, as_of, sites={site for site, _, _ in owned})
    if section is not None:
        owned = [one for one in owned if _has_section(facts[one[0]], section)]
        if not owned:
            raise InputError(_no_section(section, facts.values()))
    return Certificate(
        unit=unit,
        unit_name=unit_name(registry, unit, window=period.days),
        period=period,
        as_of=as_of,
        section=section,
        sites=tuple(
            _prove(c, facts[site], base_url=url, days=days, as_of=as_of, section=section)
            for site, url, days in owned
        ),
    )


def _prove(
    c: Connection,
    facts: SiteFacts,
    *,
    base_url: str,
    days: DayInterval,
    as_of: dt.datetime,
    section: str | None,
) -> SiteProof:
    names = [section] if section is not None else needed_sections(facts.coverage)
    proving = {
        row.run_id
        for name in names
        for row, _ in proofs([row for row in facts.coverage if row.section == name], days=days)
    }
    return prove_site(
        facts,
        pages_of_runs(c, proving),
        base_url=base_url,
        days=days,
        as_of=as_of,
        section=section,
        missed=missed_by_all(facts, days=days),
    )


def _check_unit(unit: str, registry: Registry) -> None:
    codes = sorted({row.unit for row in registry.names} | {row.unit for row in registry.owners})
    if unit not in codes:
        raise InputError(
            t(
                f"Không có đơn vị “{unit}”. Các mã đơn vị: {', '.join(codes) or 'chưa có'}",
                f"There is no unit '{unit}'. The codes: {', '.join(codes) or 'none yet'}",
            )
        )


def _has_section(facts: SiteFacts, section: str) -> bool:
    return any(row.section == section for row in facts.coverage)


def _no_section(section: str, facts: Collection[SiteFacts]) -> str:
    names = ", ".join(sorted({row.section for one in facts for row in one.coverage}))
    return t(
        f"Không trang nào của đơn vị có mục “{section}”. Các mục: {names or 'chưa có'}",
        f"No site of the unit has a section '{section}'. The sections: {names or 'none yet'}",
    )
