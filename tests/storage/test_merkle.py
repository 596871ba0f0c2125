"""The tree is that of RFC 6962 and 9162: against the definition, and against known values."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.merkle import (
    EMPTY_ROOT,
    Peaks,
    consistency_path,
    inclusion_path,
    inclusion_paths,
    is_consistent,
    leaf_hash,
    root_from,
    root_of,
)

# The test data and roots of the Certificate Transparency reference implementation.
CONTENTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(content) for content in CONTENTS]


def of_rfc(contents: list[bytes]) -> bytes:
    """The definition, word for word: MTH(D[n]) of RFC 9162, 2.1.1."""
    if not contents:
        return hashlib.sha256(b"").digest()
    if len(contents) == 1:
        return hashlib.sha256(b"\x00" + contents[0]).digest()
    k = 1
    while k * 2 < len(contents):
        k *= 2
    return hashlib.sha256(b"\x01" + of_rfc(contents[:k]) + of_rfc(contents[k:])).digest()


def path_of_rfc(number: int, contents: list[bytes]) -> list[bytes]:
    """The definition, word for word: PATH(m, D[n]) of RFC 9162, 2.1.3.1."""
    if len(contents) == 1:
        return []
    k = 1
    while k * 2 < len(contents):
        k *= 2
    if number < k:
        return [*path_of_rfc(number, contents[:k]), of_rfc(contents[k:])]
    return [*path_of_rfc(number - k, contents[k:]), of_rfc(contents[:k])]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Peaks().root == EMPTY_ROOT == hashlib.sha256().digest()


def test_known_proofs() -> None:
    # Of the same implementation: PATH(5, D[8]) and PROOF(6, D[8]).
    assert [one.hex() for one in inclusion_path(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [one.hex() for one in consistency_path(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


contents = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(contents, st.data())
def test_a_tree_that_grew_in_pieces_is_the_tree_of_the_definition(
    made: list[bytes], data: st.DataObject
) -> None:
    leaves = [leaf_hash(one) for one in made]
    cut = data.draw(st.integers(0, len(leaves)))
    grown = Peaks().plus(leaves[:cut]).plus(leaves[cut:])
    assert grown.root == of_rfc(made)
    assert grown.size == len(made)


@given(contents, st.data())
def test_a_leaf_is_proved_and_nothing_else_is(made: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(one) for one in made]
    number = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_path(leaves, number)
    assert path == path_of_rfc(number, made) == inclusion_paths(leaves, [number])[number]
    root, size = root_of(leaves), len(leaves)
    assert root_from(path, leaves[number], number=number, size=size) == root
    assert root_from(path, leaf_hash(b"another leaf"), number=number, size=size) != root
    assert root_from([*path, root], leaves[number], number=number, size=size) is None
    if path:
        assert root_from(path[:-1], leaves[number], number=number, size=size) is None
        broken = [bytes(32), *path[1:]]
        assert root_from(broken, leaves[number], number=number, size=size) != root


@given(contents, st.data())
def test_an_earlier_tree_is_proved_to_be_the_beginning(
    made: list[bytes], data: st.DataObject
) -> None:
    leaves = [leaf_hash(one) for one in made]
    earlier = data.draw(st.integers(1, len(leaves)))
    path = consistency_path(leaves, earlier)

    def shows(path: list[bytes], earlier_root: bytes, root: bytes) -> bool:
        return is_consistent(
            path, earlier=earlier, earlier_root=earlier_root, size=len(leaves), root=root
        )

    before, after = root_of(leaves[:earlier]), root_of(leaves)
    assert shows(path, before, after)
    assert not shows(path, bytes(32), after)
    assert not shows(path, before, bytes(32))
    assert not shows([*path, bytes(32)], before, after)


def test_what_is_not_there_cannot_be_proved() -> None:
    for call in (
        lambda: inclusion_path(LEAVES, 8),
        lambda: inclusion_paths(LEAVES, [0, 8]),
        lambda: consistency_path(LEAVES, 0),
        lambda: consistency_path(LEAVES, 9),
        lambda: Peaks(3, (bytes(32),)),
    ):
        with pytest.raises(ValueError, match=r"no |peaks"):
            call()
    assert root_from([], LEAVES[0], number=1, size=1) is None
    assert not is_consistent([], earlier=9, earlier_root=bytes(32), size=8, root=bytes(32))
