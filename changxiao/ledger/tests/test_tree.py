"""RFC 6962 trees, against the published vectors of Certificate Transparency and each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.ledger import tree

# Leaf data and roots of sizes 0..8 used by the Certificate Transparency reference tests.
DATA = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [tree.leaf_hash(bytes.fromhex(data)) for data in DATA]


def reader(leaves):
    """Complete subtrees straight from the leaves, as the definition has them."""

    def read(level, start, stop):
        width = tree.TILE**level
        return [tree.root_of(leaves[i * width : (i + 1) * width]) for i in range(start, stop)]

    return read


def naive(leaves):
    """RFC 6962 §2.1 word by word: the second implementation the tests hold against the first."""
    if not leaves:
        return tree.EMPTY
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return tree.node_hash(naive(leaves[:split]), naive(leaves[split:]))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    assert tree.root_of(LEAVES[:size]).hex() == ROOTS[size] == naive(LEAVES[:size]).hex()


def test_an_inclusion_proof_is_that_of_certificate_transparency():
    proof = [part.hex() for part in tree.inclusion(reader(LEAVES), 5, 8)]
    assert proof == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_consistency_proof_is_that_of_certificate_transparency():
    proof = [part.hex() for part in tree.consistency(reader(LEAVES), 6, 8)]
    assert proof == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def many(size):
    return [tree.leaf_hash(str(i).encode()) for i in range(size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 255, 256, 257, 700])
def test_every_leaf_proves_itself_and_no_other(size):
    leaves = many(size)
    root = naive(leaves)
    for index in {0, 1, size // 2, size - 1} & set(range(size)):
        path = tree.inclusion(reader(leaves), index, size)
        assert tree.includes(leaves[index], index, size, path, root)
        assert not tree.includes(tree.leaf_hash(b"forged"), index, size, path, root)
        assert not tree.includes(leaves[index], index, size, [*path, root], root)


@given(st.integers(0, 300), st.integers(0, 300))
def test_each_tree_extends_each_smaller_one_and_proves_it(a, b):
    old, new = sorted((a, b))
    leaves = many(new)
    roots = naive(leaves[:old]), naive(leaves)
    path = tree.consistency(reader(leaves), old, new)
    assert tree.extends(old, new, path, *roots)
    if old not in {0, new}:
        assert not tree.extends(old, new, path, tree.leaf_hash(b"forged"), roots[1])
        assert not tree.extends(old, new, path, roots[0], tree.leaf_hash(b"forged"))
        assert not tree.extends(old, new, path[:-1], *roots)


def test_a_leaf_beyond_the_tree_has_no_proof():
    with pytest.raises(ValueError, match="not in a tree"):
        tree.inclusion(reader(LEAVES), 8, 8)
    with pytest.raises(ValueError, match="not the beginning"):
        tree.consistency(reader(LEAVES), 9, 8)
    assert not tree.includes(LEAVES[0], 8, 8, [], LEAVES[0])
