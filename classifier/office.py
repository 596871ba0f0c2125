"""An office's own topics, words and regulations, put on top of a release that ships.

One file in the workspace, ``chu-de.yml``; the release itself stays as it is. What an office adds is
decided by the rules alone: the model has not learned it.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads it at run time
import hashlib
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, StringConstraints

from classifier.errors import TaxonomyError
from classifier.taxonomy import (
    FileModel,
    Phrase,
    Regulation,
    TaxonomyFile,
    TopicRules,
    contradictions,
    load_release,
    load_taxonomy,
    parse_yaml,
    text_of,
)
from storage.language import t

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "chu-de.yml"


class OfficeTopics(FileModel):
    """What an office adds to a release."""

    release: Phrase
    """The office's own name of the result, e.g. '2026.1-huyen-a'; a change is a new name."""
    extends: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]*$")]
    """The release that it stands on."""
    effective_from: dt.date
    source: str
    headline_tags: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By headline tag of the release: own topics that count for it too."""
    words: dict[str, tuple[Phrase, ...]] = Field(default_factory=dict)
    void: tuple[Phrase, ...] = ()
    topics: tuple[TopicRules, ...] = ()
    numbers: dict[str, tuple[Regulation, ...]] = Field(default_factory=dict)
    """By topic of the release: more regulations that stand for it."""


def load_topics(folder: Path) -> TaxonomyFile:
    """Give the taxonomy of a workspace: the current release, with the office's topics if any.

    Raises:
        TaxonomyError: the office's file has mistakes; all of them are listed.
    """
    path = folder / FILE_NAME
    return load_office(path) if path.exists() else load_release()


def load_file(path: Path) -> TaxonomyFile:
    """Load a whole taxonomy, or an office's additions to one: these name what they extend.

    Raises:
        TaxonomyError: it cannot be read, or has mistakes; all of them are listed.
    """
    try:
        adds = any(line.startswith("extends:") for line in path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        adds = False  # the loader says what is wrong
    return load_office(path) if adds else load_taxonomy(path)


def load_office(path: Path) -> TaxonomyFile:
    """Load an office's file and put it on top of its release.

    Raises:
        TaxonomyError: it cannot be read, or has mistakes; all of them are listed.
    """
    text = text_of(path)
    office = parse_yaml(OfficeTopics, text, name=path.name, context={})
    try:
        base = load_release(office.extends)
    except (OSError, ValueError) as error:
        raise _wrong(path.name, (t("extends: không có bộ này", "extends: no such release"),)) from (
            error
        )
    if problems := tuple(_unknown(office, base)):
        raise _wrong(path.name, problems)
    combined = _combine(office, base, text)
    if problems := tuple(contradictions(combined)):
        raise _wrong(path.name, problems)
    return combined


def _unknown(office: OfficeTopics, base: TaxonomyFile) -> list[str]:
    """Name what refers to nothing, or would change the release itself."""
    tags = {tag.code for tag in base.headline_tags}
    topics = {topic.code for topic in base.topics}
    wrong = [f"headline_tags.{code}" for code in office.headline_tags if code not in tags]
    wrong += [f"numbers.{code}" for code in office.numbers if code not in topics]
    wrong += [f"topics: {topic.code}" for topic in office.topics if topic.code in topics]
    wrong += [f"words.{name}" for name in office.words if name in base.words]
    if office.release == base.release:
        wrong.append("release")
    return wrong


def _combine(office: OfficeTopics, base: TaxonomyFile, text: str) -> TaxonomyFile:
    more = {code: list(numbers) for code, numbers in office.numbers.items()}
    data: dict[str, Any] = base.model_dump(by_alias=True) | {
        "release": office.release,
        "effective_from": office.effective_from,
        "source": office.source,
        "words": base.words | office.words,
        "void": (*base.void, *office.void),
        "headline_tags": [
            tag.model_dump() | {"topics": (*tag.topics, *office.headline_tags.get(tag.code, ()))}
            for tag in base.headline_tags
        ],
        "topics": [
            *(
                topic.model_dump(by_alias=True)
                | {"numbers": [n.model_dump() for n in (*topic.numbers, *more.get(topic.code, ()))]}
                for topic in base.topics
            ),
            *(topic.model_dump(by_alias=True) for topic in office.topics),
        ],
    }
    digest = hashlib.sha256(f"{base.digest}\0{text}".encode()).hexdigest()
    return TaxonomyFile.model_validate(data, context={"digest": digest})


def _wrong(name: str, problems: tuple[str, ...]) -> TaxonomyError:
    return TaxonomyError(
        t(f"{name} không khớp với bộ chủ đề gốc:", f"{name} does not fit its release:"), problems
    )
