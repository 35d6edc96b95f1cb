"""Training from the page: queued, run by a process of the worker's, cancelled, broken off."""

import uuid
from datetime import timedelta

import pytest

from changxiao.cases import training
from changxiao.cases.actions import suggesting
from changxiao.cases.actions.training import ask_training, cancel_training
from changxiao.cases.models_suggesting import SuggestionModel, Training
from changxiao.cases.tests.pages import signed_in
from changxiao.cases.tests.test_hints import learnt as learnt_of
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from tests.support.cast import at

PAGE = "/settings/cases/suggestions/"


class Process:
    """A child that is still at it, until it is told to end or ends by itself."""

    def __init__(self, *_args, **_more):
        self.code = None
        self.killed = False

    def poll(self):
        return self.code

    def kill(self):
        self.killed, self.code = True, -9

    def wait(self):
        return self.code


@pytest.fixture(autouse=True)
def child(monkeypatch):
    made = []

    def start(*args, **more):
        made.append(Process(*args, **more))
        return made[-1]

    monkeypatch.setattr(training, "_running", {})
    monkeypatch.setattr(training.subprocess, "Popen", start)
    return made


def asked(**more):
    return ask_training(act=Act(actor="admin", key=str(uuid.uuid4()), **more))


def press(client, **more):
    told = {"key": str(uuid.uuid4())} | more
    return client.post(f"{PAGE}train/", told, follow=True).content.decode()


def test_a_press_queues_one_and_a_second_waits_for_it(city, child):
    admin = signed_in("admin")
    assert "排队中" in press(admin)
    assert "已有一次训练" in press(admin)
    assert Training.objects.count() == 1
    assert Entry.objects.filter(verb="ask_training").count() == 1
    assert signed_in("chen").post(f"{PAGE}train/", {"key": str(uuid.uuid4())}).status_code == 403


def test_the_worker_starts_it_once_beats_for_it_and_ends_what_was_cancelled(city, child):
    row = asked()
    assert training.sweep(at(2, 9)) == 1 and training.sweep(at(2, 9, 1)) == 0
    row.refresh_from_db()
    assert (len(child), row.state, row.beat_at) == (1, "running", at(2, 9, 1))

    assert "训练已取消" in press(signed_in("admin"), cancel="1")
    training.sweep(at(2, 9, 2))
    row.refresh_from_db()
    assert child[0].killed and row.state == "cancelled"
    with pytest.raises(Refused, match="已经结束"):
        cancel_training(row, act=Act(actor="admin", key=str(uuid.uuid4())))


def test_what_broke_off_is_told_and_the_next_may_start(city, child):
    row = asked()
    training.sweep(at(2, 9))
    child[0].code = 1
    training.sweep(at(2, 9, 1))
    row.refresh_from_db()
    assert row.state == "failed" and "中断" in row.sentence
    assert "中断" in signed_in("admin").get(PAGE).content.decode()

    lost = asked()
    Training.objects.filter(pk=lost.pk).update(state="running", beat_at=at(2, 9))
    training.sweep(at(2, 9) + training.STUCK + timedelta(seconds=1))
    lost.refresh_from_db()
    assert lost.state == "failed"


def test_a_training_that_is_refused_says_why(city, child):
    row = asked()
    training.sweep(at(2, 9))
    training.make(row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and "只有 0 件" in row.sentence
    assert not SuggestionModel.objects.exists()


def test_its_version_is_its_askers_and_not_in_force(city, child, monkeypatch):
    def learnt(*, act, heard):
        for step in suggesting.STEPS:
            heard(step)
        models = {"subcategory": learnt_of("subcategory"), "criterion": None, "unit": None}
        return suggesting._kept(models, 10, at(2, 8), act)

    monkeypatch.setattr(training, "train_suggestions", learnt)
    row = asked()
    training.sweep(at(2, 9))
    training.make(row.pk)
    row.refresh_from_db()
    made = SuggestionModel.objects.get()
    assert (row.state, row.version, made.trained_by) == ("done", made.version, "admin")
    page = signed_in("admin").get(PAGE).content.decode()
    assert "已学成" in page and "现在不用建议" in page


def test_a_cancelled_one_keeps_nothing(city, child, monkeypatch):
    row = asked()
    training.sweep(at(2, 9))

    def learnt(*, act, heard):
        heard("reading")
        Training.objects.update(state="cancelled")
        heard("keeping")

    monkeypatch.setattr(training, "train_suggestions", learnt)
    training.make(row.pk)
    row.refresh_from_db()
    assert row.state == "cancelled" and not SuggestionModel.objects.exists()
