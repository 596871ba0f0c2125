"""Which texts are addresses that a person may be led to. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web_address(text: str) -> bool:
    """Tell whether a text is a whole http or https address, and nothing but that.

    >>> is_web_address("https://xa.test/tin/1"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    if not text.isprintable() or any(sign in text for sign in ' <>"'):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
