"""What the project says of itself is true: its documents, its dependencies, its packages."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main

import tinbai

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("crawler", "classifier", "storage", "reports")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# Not imported, but needed: the driver that SQLAlchemy loads by the database's address, and the
# reader of PDF files, which is loaded only in the process that reads one.
# underthesea is used through its own core, underthesea_core.
LOADED_BY_NAME = {"psycopg", "pypdfium2", "underthesea"}


def sources() -> list[Path]:
    return [
        ROOT / "tinbai.py",
        *(file for name in PACKAGES for file in (ROOT / name).rglob("*.py")),
    ]


def imported() -> set[str]:
    """Give the top-level modules that the program imports, wherever it does."""
    names: set[str] = set()
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_is_used_and_everything_used_is_a_dependency() -> None:
    wanted = {plain(one) for one in PROJECT["project"]["dependencies"]}
    optional = PROJECT["project"].get("optional-dependencies", {})
    extras = {plain(one) for group in optional.values() for one in group}
    owners = packages_distributions()
    used = {
        name.lower().replace("_", "-") for module in imported() for name in owners.get(module, ())
    }
    used -= {"tinbai"}
    assert wanted - used - LOADED_BY_NAME == set(), "declared, and never imported"
    # Came with what is declared, and is its interface.
    carried = {"twisted", "w3lib", "protego", "pyopenssl", "service-identity", "cssselect"}
    carried |= {"underthesea-core"}
    assert used - wanted - extras - carried == set(), "imported, and not declared"


_IN_LINE = re.compile(r"`tinbai +([^`]+)`")
_ON_ITS_OWN = re.compile(r"^(?: {4})?[\w./]*tinbai +([a-z][^#\n]*)$", re.MULTILINE)


def commands_named() -> Iterator[tuple[str, str]]:
    """Give each command line that a document names, with the document's name."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for line in _IN_LINE.findall(text) + _ON_ITS_OWN.findall(text):
            yield document.name, line.strip()


@pytest.mark.parametrize(("document", "line"), sorted(set(commands_named())))
def test_every_command_that_a_document_names_exists(document: str, line: str) -> None:
    assert document
    command = typer.main.get_command(tinbai.app)
    for word in line.replace("\\|", " ").replace("|", " ").split():
        children = getattr(command, "commands", {})
        if word not in children:
            break
        command = children[word]
    assert command is not typer.main.get_command(tinbai.app)
    assert command.name != "tinbai", line
    options = {option for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line))
    assert named <= options | {"--help"}, line


def test_the_architecture_names_every_package_and_its_modules_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert all(f"{name}/" in text for name in PACKAGES)
    modules = set(re.findall(r"\b([a-z_]+\.py)\b", text))
    there = {file.name for folder in (*PACKAGES, "demo") for file in (ROOT / folder).rglob("*.py")}
    assert modules <= there | {"tinbai.py"}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in sources()
        if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


def test_the_changelog_has_a_place_for_changed_counts() -> None:
    assert "### Changed counts" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_nothing_of_the_project_needs_what_may_lie_beside_it() -> None:
    """Tests may look at ../shared and skip; the program never knows of it."""
    assert not [file.name for file in sources() if "shared/" in file.read_text("utf-8")]
