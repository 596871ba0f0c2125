"""A crawler that is loaded once and forked for each run: starting Python anew takes seconds.

Each run is a process of its own with its own reactor, and can be killed like any other.
Reads orders from standard input and answers on standard output, a JSON line each.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawler.commands import app


def run(order: dict[str, Any]) -> NoReturn:
    """Be the program, from here to its end."""
    for stream, file in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        opened = os.open(file, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, stream)
    sys.argv = ["tinbai", *order["arguments"]]
    code: object = 1
    try:
        exec(order["first"], {})  # noqa: S102 - what a test wants to be so, e.g. a full disk
        app()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def load_parts() -> None:
    """Load what Scrapy loads by name when a crawl begins."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    names: list[object] = [
        "protego",
        "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
    ]
    for group in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
        names += settings.get_component_priority_dict_with_base(group)
    for key in ("SCHEDULER", "SCHEDULER_PRIORITY_QUEUE", "SCHEDULER_MEMORY_QUEUE", "STATS_CLASS"):
        names.append(settings[key])
    for name in names:
        if isinstance(name, str) and "." in name:
            load_object(name)


def main() -> None:
    """Obey until the input ends."""
    load_parts()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        else:
            pid = os.fork()
            if pid == 0:
                run(order)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main()
