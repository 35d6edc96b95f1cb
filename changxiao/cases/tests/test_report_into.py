"""A call about what is known already: reported and joined in one act, or neither."""

import pytest
import time_machine

from changxiao.cases import actions, jobs, replay
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, key_in, signed_in
from changxiao.cases.tests.test_report_views import ADDRESS, told
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

HERE = {"lon": "116.703", "lat": "23.365", "crs": "wgs84"}


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


def send(client, damaged, lead, **more):
    key = more.pop("key", None) or key_in(client.get(ADDRESS))
    return client.post(ADDRESS, {"key": key, "into": lead.number} | told(damaged, **more))


def second():
    return Case.everything.latest("pk")


def verbs(case):
    return list(case.entries.values_list("verb", flat=True))


def test_the_caller_gets_a_number_of_his_own_and_nobody_a_second_case(filed, damaged):
    client = signed_in("chen")
    answer = send(client, damaged, filed)
    case = second()

    assert answer["Location"] == f"/cases/{case.number}/reported/"
    assert (case.stage, case.duplicate_of, verbs(case)) == ("joined", filed, ["report", "join"])
    assert case.due_at is None and case.waits_for_answer
    assert list(replay.check()) == []
    assert case.number not in client.get("/cases/?stage=reported").content.decode()


def test_the_receipt_names_the_case_he_was_joined_to(filed, damaged):
    client = signed_in("chen")
    page = client.get(send(client, damaged, filed)["Location"]).content.decode()

    assert f"并入案卷 {filed.number}（待派遣）" in page
    assert f"/cases/{second().number}/do/split_off/" in page


def test_both_reporters_get_the_lead_s_answer(public_problem, damaged):
    lead = actions.report(public_problem, act=act("report"))
    send(signed_in("chen"), damaged, lead)
    ended = actions.decline(lead, reason="属于铁路部门", act=act("decline", at(2, 10)))
    jobs.answer_duplicates(ended.head)

    assert (ended.answer, second().answer) == ("属于铁路部门", "属于铁路部门")


def test_it_is_another_problem_after_all(filed, damaged):
    send(signed_in("chen"), damaged, filed)
    back = actions.split_off(second(), act=act("split_off", at(2, 10), note="是另一处"))

    assert (back.stage, back.duplicate_of) == ("reported", None)


def test_who_chose_no_kind_of_problem_gets_the_lead_s(filed, damaged):
    send(signed_in("chen"), damaged, filed, subcategory="")

    assert second().subcategory == filed.subcategory


def test_the_same_form_sent_twice_is_one_report(filed, damaged):
    client = signed_in("chen")
    key = key_in(client.get(ADDRESS))
    send(client, damaged, filed, key=key)
    again = send(client, damaged, filed, key=key)

    assert again["Location"] == f"/cases/{second().number}/"
    assert Case.everything.count() == 2


def test_a_lead_that_ended_meanwhile_leaves_no_report_and_keeps_the_draft(filed, damaged):
    client = signed_in("chen")
    actions.void(filed, act=act("void", at(2, 9, 15), note="重复"))
    before = Entry.objects.count()
    answer = send(client, damaged, filed)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"案卷{filed.number}已作废" in page and "路面有坑" in page and "13800138000" in page
    assert (Case.everything.count(), Entry.objects.count()) == (1, before)


def test_a_case_beyond_reach_cannot_be_joined(filed, damaged):
    client = signed_in("chen", area="440507")
    before = Entry.objects.count()
    answer = send(client, damaged, filed)

    assert answer.status_code == 422 and "没有受理号" in answer.content.decode()
    assert (Case.everything.count(), Entry.objects.count()) == (1, before)


@pytest.mark.parametrize("post", sorted(set(Post)))
def test_only_who_may_join_is_offered_it_and_only_for_an_open_case(filed, damaged, post):
    client = signed_in("somebody", post=post)
    page = client.get("/cases/report/here", HERE)
    offered = page.status_code == 200 and 'name="into"' in page.content.decode()

    assert offered == (post in {Post.INTAKE, Post.SHIFT_LEADER, Post.DISPATCHER})


def test_an_ended_case_is_shown_but_not_to_be_joined(filed):
    actions.void(filed, act=act("void", at(2, 9, 15), note="重复"))
    page = signed_in("chen").get("/cases/report/here", HERE).content.decode()

    assert filed.number in page and 'name="into"' not in page


def test_a_collector_who_sends_it_all_the_same_is_turned_away(filed, damaged):
    client = signed_in("wang")

    assert send(client, damaged, filed, channel="collector").status_code == 403
    assert Case.everything.count() == 1


def test_the_verb_alone_reports_nothing_where_it_may_not_join(filed, problem):
    before = Entry.objects.count()
    with pytest.raises(Refused, match="并案须由"):
        actions.report_into(problem, to=filed, act=act("report", at(2, 10)))

    assert (Case.everything.count(), Entry.objects.count()) == (1, before)


def test_the_verb_repeated_is_answered_as_before(filed, problem):
    done = act("join", at(2, 10), key="one-key")
    case = actions.report_into(problem, to=filed, act=done)
    with pytest.raises(Replayed):
        actions.report_into(problem, to=filed, act=done)

    assert verbs(case) == ["report", "join"] and Case.everything.count() == 2
