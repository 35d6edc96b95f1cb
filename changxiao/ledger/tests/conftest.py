"""A log to test on: an own key folder, and entries written by acting."""

import pytest

from changxiao.kernel.act import Act
from changxiao.ledger import actions


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path / "home"))


@pytest.fixture
def write(db):
    """Append entries to streams in turn: write(7) or write(7, "case:x")."""
    heads = {}
    count = 0

    def more(entries, *streams):
        nonlocal count
        names = streams or ("case:1", "case:2", "case:3")
        written = []
        for i in range(entries):
            stream = names[i % len(names)]
            count += 1
            act = Act(actor="wang", key=f"key-{count}", note="备注")
            body = {"count": count, "小类": "井盖"}
            head = heads.get(stream)
            heads[stream] = actions.append(
                stream=stream, verb="report", act=act, body=body, head=head
            )
            written.append(heads[stream])
        return written

    return more
