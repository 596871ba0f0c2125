"""The known answer: what a correct report on the demo must say, from the labels alone.

    python -m demo.answer

Naive on purpose and independent: it shares no code with tinbai, only the posts and the office's
CSV files. One post after the other is put where it belongs by ``fate``; the rest is adding up.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from dataclasses import dataclass

from demo.content import FOLDER, TOPICS, Post, posts, websites

NIGHTS = (
    dt.datetime(2022, 9, 25, 23),  # noqa: DTZ001 - local times throughout
    dt.datetime(2022, 9, 27, 23),  # noqa: DTZ001 - vhtt is down
    dt.datetime(2022, 9, 30, 23),  # noqa: DTZ001 - vhtt is down
    dt.datetime(2022, 10, 3, 23),  # noqa: DTZ001 - vhtt is back
    dt.datetime(2022, 10, 9, 23),  # noqa: DTZ001 - a post of August has turned up
)
"""When the district is crawled."""
AS_OF = dt.datetime(2022, 10, 10, 8)  # noqa: DTZ001
FIRST, LAST = dt.date(2022, 1, 1), dt.date(2022, 9, 30)
"""First and last day of the report."""
TAGS = {"CCHC": frozenset(TOPICS), "TTHC": frozenset({"tthc"}), "CPĐT": frozenset({"cpdt"})}


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit and one tag."""

    planned: int | None
    counted: int
    reposts: int
    is_exact: bool
    """False: at least so many."""
    claimed: int | None
    is_claimed_by_list: bool
    """The unit named its posts; then each of them is judged, not their number."""
    fates: dict[str, int]
    """What became of the unit's posts, the counted ones among them."""

    @property
    def status(self) -> str:
        """Name the result."""
        if self.planned is None:
            return "no_quota"
        if self.counted >= self.planned:
            return "reached"
        return "short" if self.is_exact else "not_verifiable"

    @property
    def claim_finding(self) -> str | None:
        """Name what the claimed total shows, if it differs."""
        if self.claimed is None or self.claimed == self.counted or self.is_claimed_by_list:
            return None
        if self.claimed < self.counted:
            return "unclaimed"
        return "overclaim" if self.is_exact else "not_verifiable"


def golden(*, as_of: dt.datetime = AS_OF) -> dict[tuple[str, str], Cell]:
    """Give the right report as of a local instant: (unit, tag) → cell, units in list order."""
    looks = last_looks(as_of)
    plans, claims = _numbers("ke-hoach.csv"), _claimed()
    listing = {row["Mã đơn vị"] for row in rows("tu-bao-cao-danh-sach.csv")}
    cells = {}
    for unit in plans:
        mine = [p for p in posts().values() if owner(p) == unit and is_seen(p, looks)]
        for tag in TAGS:
            fates = {post.key: fate(post, tag, mine) for post in mine}
            counted = [post for post in mine if fates[post.key] == "counted"]
            unknown = {"unread", "undated"} & set(fates.values())
            cells[unit, tag] = Cell(
                planned=plans[unit].get(tag),
                counted=len(counted),
                reposts=sum(is_repost(post) for post in counted),
                is_exact=not unknown and all_days_seen(unit, looks),
                claimed=claims.get(unit, {}).get(tag),
                is_claimed_by_list=unit in listing,
                fates=dict(Counter(fates.values())),
            )
    return cells


def fate(post: Post, tag: str, mine: list[Post]) -> str:
    """Give what becomes of one post for one tag, among all posts of its unit."""
    undated = post.printed == ""
    if not undated and not FIRST <= post.published_at.date() <= LAST:
        return "out_of_period"
    if post.error_page:
        return "unread"
    if not post.main & TAGS[tag]:
        return "mention_only" if post.mention & TAGS[tag] else "off_topic"
    if any(other.text_key == post.text_key and _before(other, post) for other in mine):
        return "duplicate"
    return "undated" if undated else "counted"


def is_repost(post: Post) -> bool:
    """Tell whether another unit had published the text before."""
    return any(
        other.text_key == post.text_key and owner(other) != owner(post) and _before(other, post)
        for other in posts().values()
    )


def owner(post: Post) -> str:
    """Give the unit that the post's site belonged to on the printed day."""
    day = post.published_at.date()
    return next(
        row["Mã đơn vị"]
        for row in rows("trang-web.csv")
        if row["Mã trang"] == post.site and _day(row["Từ ngày"]) <= day <= _day(row["Đến ngày"])
    )


def last_looks(as_of: dt.datetime) -> dict[str, dt.datetime]:
    """Give for each site the last night that found it up."""
    return {
        website.site: max(n for n in NIGHTS if n <= as_of and not website.is_down_on(n.date()))
        for website in websites().values()
    }


def is_seen(post: Post, looks: dict[str, dt.datetime]) -> bool:
    """Tell whether the post was there on some night."""
    return post.appears_at <= looks[post.site]


def all_days_seen(unit: str, looks: dict[str, dt.datetime]) -> bool:
    """Tell whether the unit's days in the period were over when its site was last seen."""
    return all(
        looks[row["Mã trang"]].date() > min(_day(row["Đến ngày"]), LAST)
        for row in rows("trang-web.csv")
        if row["Mã đơn vị"] == unit
    )


def backdated() -> list[int]:
    """Give the posts that a look at their day, a full day after it, did not show."""
    return [
        post.key
        for post in posts().values()
        if any(
            night < post.appears_at
            and night.date() > post.published_at.date() + dt.timedelta(days=1)
            and not websites()[post.site].is_down_on(night.date())
            for night in NIGHTS
        )
    ]


def judged_claims() -> list[tuple[str, str, str]]:
    """Give the verdict on each claimed post: (tag, title, verdict), in the order of the list."""
    by_address = {f"http://vhtt.vankhe.test/Pages/chitiet.aspx?ItemID={p.number}": p
                  for p in posts().values() if p.site == "vhtt"}  # fmt: skip
    by_title = {post.title: post for post in posts().values()}
    verdicts, used = [], set()
    for row in rows("tu-bao-cao-danh-sach.csv"):
        unit, tag, title = row["Mã đơn vị"], row["Nhóm"], row["Tiêu đề"]
        post = by_address.get(row["Đường dẫn"]) or by_title.get(title)
        if post is None:
            verdict = "claim_not_found"
        elif owner(post) != unit:
            verdict = "claim_other_unit"
        elif not FIRST <= post.published_at.date() <= LAST:
            verdict = "claim_out_of_period"
        elif not post.main & TAGS[tag]:
            verdict = "claim_off_topic"
        elif (tag, post.key) in used:
            verdict = "claim_duplicated"
        else:
            used.add((tag, post.key))
            verdict = "confirmed"
        verdicts.append((tag, title, verdict))
    return verdicts


def rows(name: str) -> list[dict[str, str]]:
    """Read one of the office's files."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(name: str) -> dict[str, dict[str, int]]:
    """Give unit → tag → number; a blank cell has none."""
    return {
        row["Mã đơn vị"]: {tag: int(row[tag]) for tag in TAGS if row[tag].isdigit()}
        for row in rows(name)
    }


def _claimed() -> dict[str, dict[str, int]]:
    """Give the claimed totals; of a unit that sent a list, its length."""
    claims = _numbers("tu-bao-cao.csv")
    for row in rows("tu-bao-cao-danh-sach.csv"):
        of_unit = claims.setdefault(row["Mã đơn vị"], {})
        of_unit[row["Nhóm"]] = of_unit.get(row["Nhóm"], 0) + 1
    return claims


def _before(one: Post, other: Post) -> bool:
    """Tell which came first; of two addresses with one instant, the original one."""
    return (one.published_at, one.key) < (other.published_at, other.key)


def _day(text: str) -> dt.date:
    """Read dd/mm/yyyy; blank is far in the future."""
    if not text:
        return dt.date.max
    day, month, year = map(int, text.split("/"))
    return dt.date(year, month, day)


def main() -> None:
    """Print the answer."""
    lines = [f"{'đơn vị':8} {'thẻ':5} {'KH':>4} {'xác minh':>8} {'đăng lại':>8} {'tự b/c':>6}"]
    for (unit, tag), cell in golden().items():
        planned, claimed = ("–" if n is None else n for n in (cell.planned, cell.claimed))
        counted = f"{'' if cell.is_exact else '≥ '}{cell.counted}"
        results = ", ".join(filter(None, (cell.status, cell.claim_finding)))
        lines.append(
            f"{unit:8} {tag:5} {planned:>4} {counted:>8} {cell.reposts:>8} {claimed:>6}"
            f"  {results}  {cell.fates}"
        )
    lines.append(f"in lùi ngày (backdated): {backdated()}")
    lines += [" · ".join(verdict) for verdict in judged_claims()]
    print("\n".join(lines))  # noqa: T201 - what the module is run for


if __name__ == "__main__":
    main()
