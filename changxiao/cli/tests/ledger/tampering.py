"""What an administrator with full rights on the database could try (reliability.md A-04, T17).

Each trick changes the log behind the product's back and names the exit code and the first bad
index that both verifiers must then give.
"""

from dataclasses import dataclass

from django.db import connection

from changxiao.ledger import actions, chain, tree
from changxiao.ledger.models import Checkpoint, Entry, Leaf
from changxiao.ledger.triggers import TABLES, _wanted


def sql(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def open_tables():
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("SET CONSTRAINTS ALL DEFERRED")
        for table in TABLES:
            sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for name, _verb, _table in _wanted(connection.vendor):
        sql(f"DROP TRIGGER {name}")


@dataclass(frozen=True)
class Trick:
    name: str
    code: int
    index: int | None
    play: object


def entry_at(index):
    return Leaf.objects.select_related("entry").get(index=index).entry


def set_entry(entry, **columns):
    names = ", ".join(f"{name} = %s" for name in columns)
    sql(f"UPDATE ledger_entry SET {names} WHERE id = %s", *columns.values(), entry.id)


def rehash(entry):
    entry.refresh_from_db()
    link = chain.link(bytes.fromhex(entry.prev), actions.framed(entry)).hex()
    set_entry(entry, hash=link)
    return link


def flip_body():
    entry = entry_at(7)
    set_entry(entry, body=entry.body.replace("井盖", "井蓋"))


def flip_hash():
    entry = entry_at(7)
    set_entry(entry, hash=entry.hash[:-1] + ("0" if entry.hash[-1] != "0" else "1"))


def other_actor_rehashed():
    set_entry(entry_at(7), actor="li")
    rehash(entry_at(7))


def other_time():
    set_entry(entry_at(7), recorded_at="2020-01-01 00:00:00+00:00")


def last_entry_rehashed():
    set_entry(entry_at(39), verb="close")
    rehash(entry_at(39))


def delete_entry():
    sql("DELETE FROM ledger_entry WHERE id = %s", entry_at(7).id)


def delete_leaf():
    sql('DELETE FROM ledger_leaf WHERE "index" = 7')


def drop_case():
    ours = "SELECT id FROM ledger_entry WHERE stream = 'case:2'"
    sql(f"DELETE FROM ledger_leaf WHERE entry_id IN ({ours})")
    sql("DELETE FROM ledger_entry WHERE stream = 'case:2'")


def drop_case_and_close_ranks():
    drop_case()
    for index, leaf in enumerate(Leaf.objects.order_by("index")):
        sql('UPDATE ledger_leaf SET "index" = %s WHERE "index" = %s', index, leaf.index)


def truncate():
    ids = list(Leaf.objects.filter(index__gte=33).values_list("entry_id", flat=True))
    sql('DELETE FROM ledger_leaf WHERE "index" >= 33')
    for number in ids:
        sql("DELETE FROM ledger_entry WHERE id = %s", number)


def swap_leaves():
    one, two = entry_at(6), entry_at(7)
    sql("UPDATE ledger_leaf SET entry_id = NULL WHERE 1 = 0")
    sql('UPDATE ledger_leaf SET "index" = 1000 WHERE "index" = 6')
    sql('UPDATE ledger_leaf SET "index" = 6 WHERE "index" = 7')
    sql('UPDATE ledger_leaf SET "index" = 7 WHERE "index" = 1000')
    assert one.stream != two.stream


def swap_hashes():
    one, two = Leaf.objects.get(index=6), Leaf.objects.get(index=7)
    sql('UPDATE ledger_leaf SET hash = %s WHERE "index" = 6', two.hash)
    sql('UPDATE ledger_leaf SET hash = %s WHERE "index" = 7', one.hash)


def insert_in_the_middle():
    last = Entry.objects.filter(stream="case:1").latest("n")
    act = actions.Act(actor="wang", key="forged")
    forged = actions.append(stream="case:1", verb="close", act=act, body={}, head=last)
    sql('UPDATE ledger_leaf SET "index" = "index" + 1000 WHERE "index" >= 39')
    sql('UPDATE ledger_leaf SET "index" = "index" - 999 WHERE "index" >= 1000')
    leaf = tree.leaf_hash(bytes.fromhex(forged.hash)).hex()
    sql('INSERT INTO ledger_leaf ("index", entry_id, hash) VALUES (39, %s, %s)', forged.id, leaf)


def chain_all_anew():
    set_entry(entry_at(7), actor="li")
    heads = {}
    for leaf in Leaf.objects.select_related("entry").order_by("index"):
        entry = leaf.entry
        prev = heads.get(entry.stream, chain.first(entry.stream).hex())
        set_entry(entry, prev=prev)
        heads[entry.stream] = rehash(entry)
        fresh = tree.leaf_hash(bytes.fromhex(heads[entry.stream])).hex()
        sql('UPDATE ledger_leaf SET hash = %s WHERE "index" = %s', fresh, leaf.index)


def forge_checkpoint():
    row = Checkpoint.objects.get(number=2)
    fake = row.note.replace("\n40\n", "\n39\n")
    sql("UPDATE ledger_checkpoint SET note = %s, size = 39 WHERE number = 2", fake)


def lose_checkpoint():
    sql("DELETE FROM ledger_checkpoint WHERE number = 1")


def forge_column():
    sql("UPDATE ledger_checkpoint SET root = %s WHERE number = 2", "0" * 64)


TRICKS = [
    Trick("body changed", 2, 7, flip_body),
    Trick("hash changed", 2, 7, flip_hash),
    Trick("field changed and rehashed", 3, 7, other_actor_rehashed),
    Trick("time set back", 2, 7, other_time),
    Trick("last entry changed and rehashed", 3, 39, last_entry_rehashed),
    Trick("entry deleted", 3, 7, delete_entry),
    Trick("leaf deleted", 3, 7, delete_leaf),
    Trick("case dropped", 3, 1, drop_case),
    Trick("case dropped, ranks closed", 4, 0, drop_case_and_close_ranks),
    Trick("tail cut", 4, 33, truncate),
    Trick("places swapped", 4, 0, swap_leaves),
    Trick("leaf hashes swapped", 3, 6, swap_hashes),
    Trick("entry inserted", 4, 20, insert_in_the_middle),
    Trick("all chained anew", 4, 0, chain_all_anew),
    Trick("checkpoint forged", 5, None, forge_checkpoint),
    Trick("checkpoint lost", 4, None, lose_checkpoint),
]
