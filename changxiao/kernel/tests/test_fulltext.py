"""The index of words on this database: what is put is found, narrowed by marks, newest first."""

import pytest
from django.db import connection

from changxiao.kernel.bigrams import phrases
from changxiao.kernel.fulltext import Document, Index

INDEX = Index("probe_words")
TEXTS = {
    1: ("金平区东方街道", "井盖丢失"),
    2: ("龙湖区珠池街道", '井盖破损 O\'Brien \\ "x" %s'),
    3: ("东方", "街道办门口占道"),
}


@pytest.fixture
def index(db):
    with connection.cursor() as cursor:
        INDEX.create(cursor.execute)
    told = [Document(key, texts, frozenset({f"a{key % 2}"})) for key, texts in TEXTS.items()]
    INDEX.put(INDEX.rows(told))
    return INDEX


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("井盖", [2, 1]),
        ("井", [2, 1]),
        ("东方街道", [1]),  # 3 has both words, in two texts
        ("街道 东方", [3, 1]),
        ("破损 珠池", [2]),
        ("o'brien", [2]),
        ("OB", []),
        ("OR AND NOT NEAR(", []),
        ("\\", []),
        ("", []),
    ],
)
def test_every_word_must_be_there(index, query, keys):
    assert index.find(phrases(query)) == keys


def test_marks_narrow_and_no_mark_finds_nothing(index):
    assert index.find(phrases("井盖"), marks={"a1"}) == [1]
    assert index.find(phrases("井盖"), marks={"a0", "a1"}) == [2, 1]
    assert index.find(phrases("井盖"), marks=set()) == []
    assert index.find(phrases("a1")) == []


def test_a_page_goes_on_below_a_key(index):
    assert index.find(phrases("井盖"), limit=1) == [2]
    assert index.find(phrases("井盖"), before=2) == [1]


def test_what_is_put_again_is_replaced_and_what_is_removed_is_gone(index):
    index.put(index.rows([Document(1, ("路灯",))]))
    index.remove([2])

    assert index.find(phrases("井盖")) == []
    assert index.find(phrases("路灯")) == [1]
    assert index.count() == 2
