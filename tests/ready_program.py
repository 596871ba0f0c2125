"""The program, loaded once and forked for each run: starting Python anew takes seconds.

Each run is a process of its own, with its own reactor, and can be killed like any other. Reads
orders from standard input and answers on standard output, a JSON line each:

    {"arguments": [...], "first": PYTHON, "out": FILE, "err": FILE} -> {"pid": NUMBER}
    {"wait": NUMBER} -> {"code": NUMBER}
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import tinbai

CRAWL = ("crawler.commands", "protego", "scrapy.core.downloader.handlers.http11")
REPORT = ("reports.commands", "reports.render.docx", "reports.render.xlsx", "reports.render.html")
ROOMS = {name: room.modules for name, room in tinbai.ROOMS.items()} | {
    "crawl": CRAWL,
    "report": REPORT,
    "nightly": (*CRAWL, *REPORT, "classifier.commands", "classifier.tagger"),
    "init": ("crawler.commands", "reports.importers.templates", "storage.schema"),
}
"""What a command loads, by its first word; what is left out here costs each run some time."""


def run(order: dict[str, Any]) -> NoReturn:
    """Be the program, from here to its end."""
    for stream, file in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        opened = os.open(file, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, stream)
    sys.argv = ["tinbai", *order["arguments"]]
    code: object = 1
    try:
        exec(order["first"], {})  # noqa: S102 - what a test wants to be so, e.g. a full disk
        tinbai.app()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def load(command: str) -> None:
    """Load what a command needs, and with a crawl what Scrapy loads by name when it begins."""
    modules = ROOMS[command]
    for name in modules:
        import_module(name)
    if CRAWL[0] not in modules:
        return
    settings = import_module("scrapy.settings").Settings()
    load_part = import_module("scrapy.utils.misc").load_object
    settings.setmodule("crawler.settings")
    parts: list[object] = []
    for group in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
        parts += settings.get_component_priority_dict_with_base(group)
    for key in ("SCHEDULER", "SCHEDULER_PRIORITY_QUEUE", "SCHEDULER_MEMORY_QUEUE", "STATS_CLASS"):
        parts.append(settings[key])
    for part in parts:
        if isinstance(part, str) and "." in part:
            load_part(part)


def main() -> None:
    """Obey until the input ends."""
    loaded = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        else:
            command = order["arguments"][0]
            if command not in loaded:
                load(command)
                loaded.add(command)
            pid = os.fork()
            if pid == 0:
                run(order)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main()
