"""The daily whole verification is a process of its own: the worker goes on ordering meanwhile."""

from django.db import transaction
from django.utils import timezone

from changxiao.kernel.act import Act
from changxiao.ledger import actions, checkpoints, sequencer
from changxiao.ledger.models import Checkpoint


def test_the_daily_one_is_signed_beside_the_worker(real_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", real_database.url)
    for number in range(3):
        with transaction.atomic():
            act = Act.system("test", f"daily/{number}")
            actions.append(stream=f"case:{number}", verb="report", act=act, body={}, head=None)
    sequencer.run_batch()

    checkpoints.sweep(timezone.now())
    assert checkpoints.daily.running and checkpoints.daily.start() == 0, "one at a time"
    checkpoints.daily.wait(60)

    assert [row.size for row in Checkpoint.objects.all()] == [3]
    checkpoints.sweep(timezone.now())
    assert not checkpoints.daily.running, "signed is signed"
