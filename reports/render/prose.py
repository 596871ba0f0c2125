"""The sentences of the official report, from its frozen figures. Vietnamese; no arithmetic.

What is a lower bound is said as one ('ít nhất'), what could not be seen is said so, and nobody
is told to have fallen short or over-claimed unless the report found that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.calendar import spell_day
from reports.render import pace_tables, pace_words, words
from reports.render.lookup import Lookup
from reports.totals import TagTotal, plan_items, totals
from reports.verification import spell_count
from storage.records import VIETNAM, FindingKind, FindingState, LineStatus, vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from reports.pace import Pace
    from reports.targets import Target
    from storage.records import Counted, Finding, FindingStep, Report, ReportLine

_TAG_NAMES = {
    "CCHC": "cải cách hành chính",
    "TTHC": "cải cách thủ tục hành chính",
    "CPĐT": "Chính phủ điện tử, Chính phủ số",
}
"""Abbreviations are written out where they first occur; a tag of an office's own stands as is."""

_SCHEME = re.compile(r" theo (dương lịch|kỳ báo cáo) \(.*\)$")

CAUSES = {
    FindingKind.SHORTFALL: "đơn vị chưa đăng đủ; tin, bài đăng ở kênh khác (truyền thanh, mạng xã "
    "hội) nên không có trên trang; bài chỉ nhắc tới nội dung nên không được tính",
    FindingKind.OVERCLAIM: "đơn vị tính cả bài chỉ nhắc tới nội dung, bài ngoài kỳ, bài trùng hoặc "
    "tin, bài ở kênh khác; bài đã gỡ trước khi hệ thống xem",
    FindingKind.UNCLAIMED: "đơn vị thống kê thiếu; đơn vị và hệ thống hiểu khác nhau về nội dung "
    "của bài",
    FindingKind.CLAIM_NOT_FOUND: "bài đã gỡ hoặc đổi địa chỉ; đường dẫn, tiêu đề kê sai",
    FindingKind.CLAIM_OFF_TOPIC: "đơn vị hiểu rộng hơn về nội dung được tính",
    FindingKind.CLAIM_OUT_OF_PERIOD: "đơn vị lấy số liệu theo kỳ khác; ngày đăng trên trang "
    "đã được sửa",
    FindingKind.CLAIM_DUPLICATED: "một bài được kê ở nhiều dòng hoặc đăng ở nhiều chuyên mục",
    FindingKind.CLAIM_OTHER_UNIT: "đơn vị kê bài đăng trên trang của cơ quan khác",
    FindingKind.CLAIM_DAY_DIFFERS: "đơn vị kê ngày viết bài hoặc kê nhầm ngày",
    FindingKind.CLAIM_RULED_OUT: "đơn vị chưa biết quy tắc đếm (chuyên mục, độ dài, mỗi bài một "
    "thẻ)",
    FindingKind.CLAIM_REMOVED: "bài bị gỡ khi rà soát, chuyển trang; tiêu đề hoặc ngày được sửa",
    FindingKind.DAY_CHANGED: "bài được cập nhật rồi đăng lại; ngày in được sửa cho đúng hoặc cho "
    "kịp kỳ",
    FindingKind.LAST_DAY_BURST: "trang được nhập bù trước khi chốt; chuyên mục mở vào cuối kỳ",
    FindingKind.BACKDATED: "bài được nhập muộn; trang chuyển dữ liệu; ngày đăng đã được sửa",
    FindingKind.DAY_FOLLOWS_CLOCK: "trang được dựng lại nhiều lần và in ngày dựng lại "
    "thay cho ngày đăng",
    FindingKind.NOT_VERIFIABLE: "trang không truy cập được; danh sách bài đăng chưa xem được trọn; "
    "bài chưa rõ nội dung hoặc ngày đăng",
}
"""What may lie behind a finding: possibilities, never a verdict."""

_ASK_TO_CHECK = frozenset(
    {
        FindingKind.OVERCLAIM,
        FindingKind.CLAIM_NOT_FOUND,
        FindingKind.CLAIM_OFF_TOPIC,
        FindingKind.CLAIM_OUT_OF_PERIOD,
        FindingKind.CLAIM_DUPLICATED,
        FindingKind.CLAIM_OTHER_UNIT,
        FindingKind.CLAIM_REMOVED,
        FindingKind.CLAIM_RULED_OUT,
    }
)


# ------------------------------------------------------------------------- head and scope


def short_period(report: Report) -> str:
    """Give the period without its scheme and days, e.g. '9 tháng đầu năm 2022'."""
    name = _SCHEME.sub("", report.period_name)
    return name[:1].lower() + name[1:]


def subject(report: Report) -> str:
    """Give the trích yếu."""
    return (
        "Kết quả kiểm tra việc thông tin, tuyên truyền cải cách hành chính trên trang thông tin "
        f"điện tử của các đơn vị {short_period(report)}"
    )


def opening(report: Report) -> str:
    """Say who reports what."""
    return (
        "Thực hiện nhiệm vụ theo dõi, kiểm tra công tác thông tin, tuyên truyền cải cách hành "
        f"chính, {report.office} báo cáo kết quả kiểm tra, xác minh số tin, bài đăng trên trang "
        f"thông tin điện tử của các đơn vị {short_period(report)} như sau:"
    )


def scope(report: Report) -> Iterator[str]:
    """Say what was looked at, and until when."""
    units = len({line.unit for line in report.lines})
    yield (
        f"Kiểm tra {units} đơn vị. Tin, bài được đếm theo các nhóm: "
        f"{'; '.join(_tag_name(tag) for tag in report.tags)}."
    )
    yield (
        f"Số liệu chốt lúc {_instant(report.as_of)} (giờ Việt Nam). Tin, bài đăng hoặc được kết "
        "luận sau thời điểm này không thuộc báo cáo."
    )
    yield (
        "Số có chữ “ít nhất” (trong bảng ghi dấu ≥) là mức tối thiểu, vì danh sách bài đăng chưa "
        "xem được trọn hoặc còn bài chưa đủ căn cứ; số đó không dùng để kết luận đơn vị chưa đạt "
        "chỉ tiêu hoặc báo cáo thừa. Tỷ lệ có thể vượt 100 %."
    )


def method(report: Report) -> Iterator[str]:
    """Say by which rules, as frozen with the report."""
    yield from report.notes
    tagger = report.tagger or "chưa phân loại"
    yield (
        f"Quy tắc đếm {report.rule}; bộ chủ đề {report.taxonomy_release}; bộ phân loại {tagger}."
    )


# ------------------------------------------------------------------------ general results


def general(report: Report) -> Iterator[str]:
    """Give the result over all units: by tag, then by the plan's items."""
    for total in totals(report):
        yield f"{total.tag}: {' '.join(_of_total(total))}"
    items = plan_items(report)
    if items.percent is None:
        yield "Không đơn vị nào được giao chỉ tiêu bằng số."
        return
    at_least = "ít nhất " if items.not_verifiable else ""
    yield (
        "Tính theo số chỉ tiêu được giao (mỗi đơn vị, mỗi nhóm là một chỉ tiêu): hoàn thành "
        f"{at_least}{items.reached}/{items.items} chỉ tiêu, bằng "
        f"{at_least}{words.percentage(items.percent)}."
    )
    if said := pace_words.on_course(items.course):
        yield f"Theo thời gian đã qua: {said}. {pace_tables.on(report)}"


def _of_total(total: TagTotal) -> Iterator[str]:
    if total.counted_with_quota is None:
        yield f"không giao chỉ tiêu; {_verified(total.counted)}."
    else:
        yield (
            f"{total.with_quota}/{total.units} đơn vị được giao chỉ tiêu, tổng cộng "
            f"{total.planned} tin, bài; {_verified(total.counted_with_quota)}"
            f"{_share(total.percent, total.counted_with_quota)}. {_results(total)}."
        )
        if total.no_quota:
            yield f"Tính cả đơn vị không giao chỉ tiêu: {_verified(total.counted)}."
    if total.reposts:
        yield f"Trong số được tính có {total.reposts} bài đăng lại từ đơn vị khác."
    if total.counted_of_claiming is not None:
        yield (
            f"{total.claiming} đơn vị tự báo cáo {total.claimed} tin, bài; cũng của các đơn vị "
            f"này, {_verified(total.counted_of_claiming)}."
        )


def _results(total: TagTotal) -> str:
    parts = [
        f"{total.reached} đơn vị đạt chỉ tiêu" if total.reached else "Chưa đơn vị nào đạt chỉ tiêu"
    ]
    if total.short:
        parts.append(f"{total.short} đơn vị chưa đạt")
    if total.not_verifiable:
        parts.append(f"{total.not_verifiable} đơn vị chưa đủ căn cứ kết luận")
    return ", ".join(parts)


def _verified(counted: Counted) -> str:
    if words.is_unknown(counted):
        return "không xác minh được"
    return f"xác minh được {spell_count(counted)} tin, bài"


def _share(percent: float | None, counted: Counted) -> str:
    if percent is None or words.is_unknown(counted):
        return ""
    at_least = "" if counted.is_exact else "ít nhất "
    return f", bằng {at_least}{words.percentage(percent)} kế hoạch"


# ------------------------------------------------------------------------------ one unit


def of_unit(lines: Iterable[ReportLine], of_plan: Sequence[Target] = ()) -> Iterator[str]:
    """Give one unit's results, one sentence a tag; then the lines of its plan not on course.

    ``of_plan``: its targets. Of a tag whose number is made of lines no pace is told.
    """
    paces = {target.tags: target.pace for target in of_plan if not target.results}
    for line in lines:
        yield f"{line.tag}: {'; '.join(_of_line(line, paces.get((line.tag,))))}."
    for target in of_plan:
        pace = target.pace
        if target.results and pace and pace.remaining and pace.is_behind is not False:
            yield f"{pace_tables.name(target)}: {pace_words.told(pace)}."


def seen(lines: Iterable[ReportLine]) -> str:
    """Say what was seen of a unit, and whether it reported."""
    lines = list(lines)
    said = list(dict.fromkeys(line.coverage_note for line in lines))
    if all(line.claimed is None for line in lines):
        said.append("Không có báo cáo tự đánh giá của kỳ này để đối chiếu.")
    return " ".join(said)


def _of_line(line: ReportLine, pace: Pace | None) -> Iterator[str]:
    if line.planned:
        yield f"chỉ tiêu {line.planned}"
    else:
        yield "không giao chỉ tiêu"
    reposts = f" (trong đó {line.reposts} bài đăng lại từ đơn vị khác)" if line.reposts else ""
    forms = f" ({words.forms_text(line)})" if line.forms else ""
    yield f"{_verified(line.counted)}{forms}{reposts}{_share(line.percent, line.counted)}"
    if line.status is LineStatus.REACHED:
        yield "đạt chỉ tiêu"
    elif line.status is LineStatus.SHORT:
        yield f"chưa đạt chỉ tiêu, còn thiếu {line.remaining} tin, bài"
    elif line.status is LineStatus.NOT_VERIFIABLE:
        yield "chưa đủ căn cứ kết luận đạt hay chưa đạt"
    if pace is not None and line.status is not LineStatus.REACHED:
        yield from filter(None, (pace_words.course(pace), _left(pace)))
    if line.unsettled:
        yield f"còn {line.unsettled} bài chưa đủ căn cứ để tính"
    if line.recognised:
        yield f"công nhận theo giải trình {line.recognised} bài (ngoài số xác minh)"
    if line.claimed is not None:
        yield f"đơn vị tự báo cáo {line.claimed}, {_against_claim(line)}"


def _left(pace: Pace) -> str:
    return "" if words.is_unknown(pace.counted) else pace_words.sentence(pace)


def _against_claim(line: ReportLine) -> str:
    difference = line.difference or 0
    if words.is_unknown(line.counted) or (difference > 0 and not line.counted.is_exact):
        return "chưa đủ căn cứ đối chiếu"
    if difference > 0:
        return f"nhiều hơn số xác minh {difference}"
    at_least = "" if line.counted.is_exact else "ít nhất "
    if difference < 0:
        return f"ít hơn số xác minh {at_least}{abs(difference)}"
    return "khớp số xác minh" if line.counted.is_exact else "bằng số thấy được đến nay"


# --------------------------------------------------------------------------- differences


LEADS = {
    FindingKind.SHORTFALL: "Danh sách bài đăng của các đơn vị sau đã xem được trọn; số tin, bài "
    "xác minh được thấp hơn chỉ tiêu:",
    FindingKind.OVERCLAIM: "Danh sách bài đăng của các đơn vị sau đã xem được trọn; số tự báo cáo "
    "cao hơn số xác minh được:",
    FindingKind.UNCLAIMED: "Số tự báo cáo của các đơn vị sau thấp hơn số thấy được trên trang:",
    FindingKind.NOT_VERIFIABLE: "Danh sách bài đăng chưa xem được trọn hoặc còn bài chưa đủ căn "
    "cứ, nên chưa kết luận được:",
}


def lead(kind: FindingKind) -> str | None:
    """Give the sentence above the numbers of a kind."""
    return LEADS.get(kind)


def compares_numbers(finding: Finding) -> bool:
    """Tell whether a finding holds a planned or claimed number against the verified one."""
    return (
        finding.kind in LEADS
        and finding.article_id is None
        and finding.tag is not None
        and (finding.expected or "").isdecimal()
        and finding.observed is not None
    )


def compared(findings: Iterable[Finding], lookup: Lookup) -> Iterator[str]:
    """Give, unit by unit, the numbers that were held against each other."""
    by_unit: dict[str, list[str]] = {}
    for finding in findings:
        cell = f" (ô {finding.claim_cell})" if finding.claim_cell else ""
        source = "tự báo cáo" if finding.claim_cell else "chỉ tiêu"
        text = f"{finding.tag} {source} {finding.expected}{cell}, xác minh {finding.observed}"
        by_unit.setdefault(lookup.unit_name(finding.unit), []).append(text)
    for unit, texts in by_unit.items():
        yield f"{unit}: {'; '.join(texts)}."


def finding_sentence(finding: Finding, lookup: Lookup) -> str:
    """Give a finding with its unit, its article and its cell."""
    unit = lookup.unit_name(finding.unit)
    article = lookup.article_of(finding)
    named = "" if unit in finding.explanation else f"{unit}"
    if finding.tag and finding.tag not in finding.explanation:
        named += f" ({finding.tag})" if named else finding.tag
    if article is not None:
        named += f"{', ' if named else ''}bài “{article.title}” (mã bài {article.article_id})"
    elif named and finding.expected and finding.kind.value.startswith("claim_"):
        named += f", kê khai “{finding.expected}”"
    cell = f" (Ô {finding.claim_cell} trong báo cáo của đơn vị.)" if finding.claim_cell else ""
    said = "".join(f" {_step(step)}" for step in finding.steps)
    sentence = f"{finding.explanation}{cell}{said}"
    return f"{named}: {sentence}" if named else sentence


def _step(step: FindingStep) -> str:
    """Say who said what of a finding."""
    day = spell_day(vietnam_day(step.noted_at))
    verb = {
        FindingState.EXPLAINED: "giải trình",
        FindingState.ACCEPTED: "chấp nhận giải trình",
        FindingState.UPHELD: "giữ nguyên phát hiện",
    }.get(step.state, "ghi")
    return f"({step.who} {verb} ngày {day}: {step.note})"


def causes(kind: FindingKind) -> str | None:
    """Say what may lie behind findings of a kind."""
    return f"Nguyên nhân có thể: {CAUSES[kind]}." if kind in CAUSES else None


# ------------------------------------------------------------------------------ proposals


def proposals(report: Report) -> Iterator[str]:
    """Say what should be done, and by whom; nothing that the findings do not carry."""
    if short := [line for line in report.lines if line.status is LineStatus.SHORT]:
        yield (
            "Các đơn vị chưa đạt chỉ tiêu có giải pháp hoàn thành số tin, bài còn thiếu theo kế "
            f"hoạch, gồm: {_remaining(short)}."
        )
    if units := _units(report, _ASK_TO_CHECK):
        yield (
            "Các đơn vị có số liệu chênh lệch rà soát lại báo cáo tự đánh giá, gửi danh mục tin, "
            f"bài kèm đường dẫn, bản lưu hoặc giải trình, gồm: {units}."
        )
    if units := _units(report, {FindingKind.UNCLAIMED}):
        yield f"Các đơn vị báo cáo ít hơn số xác minh rà soát, bổ sung số liệu, gồm: {units}."
    if units := _units(report, {FindingKind.BACKDATED}):
        yield (
            "Các đơn vị có bài xuất hiện sau ngày in trên trang giải trình thời điểm đăng, gồm: "
            f"{units}."
        )
    if units := _units(report, {FindingKind.NOT_VERIFIABLE}):
        yield (
            "Các đơn vị chưa xác minh được bảo đảm trang truy cập được, bổ sung ngày đăng cho tin, "
            f"bài, cung cấp bản lưu khi được yêu cầu, gồm: {units}. {report.office} xem lại các "
            "tin, bài chưa đủ căn cứ và kiểm tra bổ sung."
        )
    if report.unowned:
        yield (
            f"{report.office} bổ sung đơn vị phụ trách cho các trang chưa gắn với đơn vị nào "
            f"({len(report.unowned)} tin, bài chưa tính cho ai)."
        )


def closing(report: Report) -> str:
    """Give the last paragraph, with the mark that ends an official text."""
    to = " và ".join(report.letterhead.addressees)
    reports = f"{report.office} kính báo cáo {to}" if to else f"{report.office} kính báo cáo"
    return (
        "Trên đây là báo cáo kết quả kiểm tra việc thông tin, tuyên truyền cải cách hành chính "
        f"trên trang thông tin điện tử của các đơn vị {short_period(report)}, {reports}./."
    )


def recipients(report: Report) -> tuple[str, ...]:
    """Give the nơi nhận, ending with the copy that is kept."""
    letterhead = report.letterhead
    first = ["Như trên"] if letterhead.addressees else []
    others = list(letterhead.recipients) or ["Các đơn vị được kiểm tra"]
    kept = f"Lưu: VT, {letterhead.drafter}." if letterhead.drafter else "Lưu: VT."
    return (*(f"- {name};" for name in [*first, *others]), f"- {kept}")


def _remaining(lines: Iterable[ReportLine]) -> str:
    by_unit: dict[str, list[str]] = {}
    for line in lines:
        by_unit.setdefault(line.unit_name, []).append(f"{line.tag}: {line.remaining}")
    return "; ".join(f"{unit} ({', '.join(tags)})" for unit, tags in by_unit.items())


def _units(report: Report, kinds: Iterable[FindingKind]) -> str:
    lookup, wanted = Lookup.of(report), set(kinds)
    return "; ".join(
        dict.fromkeys(lookup.unit_name(f.unit) for f in report.findings if f.kind in wanted)
    )


def _tag_name(tag: str) -> str:
    return f"{_TAG_NAMES[tag]} ({tag})" if tag in _TAG_NAMES else tag


def _instant(instant: dt.datetime) -> str:
    local = instant.astimezone(VIETNAM)
    return f"{local:%H} giờ {local:%M} phút ngày {spell_day(local.date())}"
