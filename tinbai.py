"""The command line's root: mounts the packages' commands, and runs the night across them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import Annotated

import typer

from storage.console import DONE, FINDINGS, INCOMPLETE, Room, Session, command, new_app
from storage.language import t
from storage.records import vietnam_day

ROOMS = {
    "crawl": Room(
        t(
            "Thu thập các trang: danh sách, bài mới, bài có thay đổi; lưu bằng chứng.",
            "Walk the sites: lists, new and changed articles; keep the evidence.",
        ),
        ("crawler.commands",),
    ),
    "sites": Room(
        t("Hồ sơ trang: lập, kiểm tra.", "Site profiles: make and check them."),
        ("crawler.commands", "reports.proof_commands"),
    ),
    "tag": Room(
        t(
            "Gắn chủ đề cho mọi bài chưa gắn; dừng giữa chừng thì lần sau làm tiếp.",
            "Tag every article not yet tagged; goes on where it was stopped.",
        ),
        ("classifier.commands",),
    ),
    "taxonomy": Room(
        t("Bộ chủ đề: kiểm tra.", "The taxonomy: check it."),
        ("classifier.commands",),
    ),
    "review": Room(
        t(
            "Xem lần lượt các bài máy chưa chắc, quyết định từng chủ đề; không sửa kết quả máy.",
            "Work through what the tagger is unsure of; the machine's verdicts stay as they are.",
        ),
        ("classifier.commands",),
    ),
    "model": Room(
        t("Mô hình: huấn luyện, đo chất lượng.", "The model: train it, measure it."),
        ("classifier.commands",),
    ),
    "report": Room(
        t(
            "Lập báo cáo của một kỳ (bản làm việc), lưu lại và xuất tệp.",
            "Make, store and write the report on a period (a working copy).",
        ),
        ("reports.commands",),
    ),
    "articles": Room(
        t("Liệt kê, lọc và xuất các bài đã thấy.", "List, filter and export the articles seen."),
        ("reports.article_commands",),
    ),
    "explain": Room(
        t(
            "Giải thích vì sao một bài được tính hoặc không, tới tận bản ghi WARC.",
            "Explain why an article counts or does not, down to the WARC record.",
        ),
        ("reports.article_commands",),
    ),
    "import": Room(
        t(
            "Nhập danh sách đơn vị, kế hoạch, báo cáo tự đánh giá, kết quả ngoài trang web "
            "(.xlsx, .docx, .csv).",
            "Import unit list, plans, self-reports, work outside the web (.xlsx, .docx, .csv).",
        ),
        ("reports.import_commands",),
    ),
    "plans": Room(
        t(
            "Liệt kê kế hoạch đã nhập: mỗi dòng ghi gì, phần mềm hiểu là gì, ở tệp nào, ô nào.",
            "List the plans: what each line says, what it was read as, in which file and cell.",
        ),
        ("reports.plan_commands",),
    ),
    "reports": Room(
        t(
            "Các báo cáo đã lập: liệt kê, xem, chốt, so sánh.",
            "Reports made: list, show, freeze, compare.",
        ),
        ("reports.commands", "reports.view_commands"),
    ),
    "findings": Room(
        t(
            "Phát hiện của các báo cáo: liệt kê, ghi giải trình, kết luận.",
            "Findings of reports: list them, record explanations, settle them.",
        ),
        ("reports.findings_commands",),
    ),
    "db": Room(
        t("Cơ sở dữ liệu: nâng cấp, kiểm tra.", "The database: upgrade, check."),
        ("storage.commands",),
    ),
    "evidence": Room(
        t(
            "Bằng chứng (WARC): đối chiếu, xem, xuất, đóng dấu thời gian, xóa theo hạn lưu.",
            "The evidence (WARC): verify, show, export, time stamp, remove by retention.",
        ),
        ("storage.commands", "reports.proof_commands", "reports.bundle_commands"),
    ),
}
"""What each command does, and where it is; its module is loaded when it is called."""

app = new_app(
    t(
        "Đếm và kiểm chứng tin, bài cải cách hành chính trên trang web của các đơn vị.",
        "Counts and verifies what state units publish on administrative reform, with evidence.",
    ),
    ROOMS,
    groups={"report": "reports"},
)


@command(
    app,
    "init",
    help_vi="Tạo không gian làm việc: thiết lập, thư mục, cơ sở dữ liệu, biểu mẫu Excel.",
    help_en="Lay out a workspace: settings, folders, database, Excel templates.",
)
def init(
    session: Session,
    folder: Annotated[Path | None, typer.Argument(help=t("Thư mục.", "The folder."))] = None,
) -> int:
    """Lay out a workspace; what is there already is left as it is."""
    from crawler.commands import write_example
    from reports.importers.templates import write_templates
    from reports.rule_file import write_example as write_example_rules
    from storage.commands import print_next_steps
    from storage.schema import upgrade
    from storage.workspace import lay_out

    new_year = vietnam_day(session.clock.now()).replace(month=1, day=1)
    workspace = lay_out(folder or session.folder, since=new_year)
    files = [
        *write_templates(workspace.templates),
        write_example(workspace.sites),
        write_example_rules(workspace.folder),
    ]
    schema = upgrade(workspace.database_url)
    data = {"workspace": workspace.folder, "schema": schema, "files": files}
    session.answer(data, lambda: print_next_steps(session, workspace))
    return DONE


@command(
    app,
    "nightly",
    help_vi="Thu thập, gắn chủ đề, lập báo cáo (không có --period: năm nay). Mã thoát: 0 xong · "
    "1 có chênh lệch phải xem · 2 sai cách dùng · 3 có trang chưa xem đủ, không có báo cáo, hoặc "
    "mẫu Word không dùng được.",
    help_en="Crawl, tag, report (without --period: on this year). Exit code: 0 done · 1 findings "
    "to act on · 2 usage · 3 a site was not seen in full, there is no report, or its Word template "
    "cannot be used.",
)
def nightly(
    session: Session,
    *,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            help=t("Kỳ, viết như ở tinbai report.", "The period, as in tinbai report."),
        ),
    ] = None,
) -> int:
    """Do the three in order; a site that is down does not keep the others waiting."""
    import classifier.commands as tagging
    import crawler.commands as crawling
    import reports.commands as reporting
    import storage.evidence_commands as proving

    workspace = session.workspace()
    wanted = reporting.period_or_year(period, session)
    crawled = crawling.crawl_everything(session, workspace)
    tagged = tagging.tag_all(session, workspace)
    made = reporting.try_report(session, workspace, wanted)
    stamped = proving.try_stamp(session, workspace)  # on all that the night left behind
    data = {
        "crawl": crawling.as_data(crawled),
        "tag": tagging.as_data(tagged),
        "report": reporting.made_data(made),
        "time_stamp": proving.stamp_data(stamped),
    }

    def for_people() -> None:
        session.out.print(crawling.as_table(crawled))
        tagging.print_summary(session, tagged)
        reporting.print_made(session, made)
        proving.print_stamp(session, stamped)

    session.answer(data, for_people)
    if not crawled.is_complete or isinstance(made, str) or made.template_problem is not None:
        return INCOMPLETE
    return FINDINGS if reporting.has_alarms(made.report) else DONE


if __name__ == "__main__":
    app()
