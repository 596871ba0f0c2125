"""Which program wrote it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def code_version() -> str:
    """Give this program's version, e.g. '0.1.0'; '0' when it runs without being installed."""
    try:
        return version("tinbai")
    except PackageNotFoundError:
        return "0"
