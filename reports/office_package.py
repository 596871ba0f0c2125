"""Office Open XML packages as all our files have them: safe text, the same bytes twice. Pure."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

from storage.folding import tidy

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (its production 2)."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FIRST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def xml_text(text: str) -> str:
    """Give a text on one line that XML can hold."""
    return _NOT_XML.sub("", tidy(text))


def utc_stamp(instant: dt.datetime) -> dt.datetime:
    """Give an instant as a package's properties want it: naive, in UTC, whole seconds."""
    return instant.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)


def settle(package: bytes, *, made_at: dt.datetime) -> bytes:
    """Give the package without the present time, which the libraries write in.

    It stands in the properties ('modified') and at the head of every entry.
    """
    settled = io.BytesIO()
    stamp = f"{utc_stamp(made_at).isoformat()}Z".encode()
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(settled, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_TIME)
            after.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return settled.getvalue()
