"""From computing to sealing: a draft, publicity, objections decided by two, a seal, a revision."""

import shutil

import pytest

from changxiao.evaluation import actions, bundles, kept, working
from changxiao.evaluation.flow import STEPS, State, open_to
from changxiao.evaluation.models import Evaluation, Objection, SchemeVersion
from changxiao.evaluation.tests.rounds import APRIL, SCHEME, did, drafted, handled, looking
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from tests.support.cast import at

pytestmark = pytest.mark.django_db
ROADS, ON_TIME = "SZ-DL", "on_time_handling_rate"
MAY = at(8, month=5)


def refused(code, do):
    """It is refused so, and nothing has changed."""
    before = list(Entry.objects.values_list("id", flat=True)), list(Evaluation.everything.values())
    with pytest.raises(Refused) as no:
        do()
    assert no.value.code == code
    after = list(Entry.objects.values_list("id", flat=True)), list(Evaluation.everything.values())
    assert before == after


def row_of(evaluation, group=ROADS):
    return next(one for one in evaluation.result["rows"] if one["code"] == group)


def objected(published, note="五号那件停电，不应计超期"):
    with looking("chen", Post.UNIT_LEAD, "9001."):
        act = did(Post.UNIT_LEAD, "chen", note=note)
        return actions.object_to(published, group=ROADS, indicator=ON_TIME, act=act)


def upheld(published):
    one = objected(published)
    act = did(note="停电属实")
    one = actions.propose_decision(one, upheld=True, numerator=1, act=act)
    return actions.confirm_decision(one, agree=True, act=did(Post.LEADER, "zheng"))


# -- computing -----------------------------------------------------------------------------------


def test_a_draft_tells_each_department_and_what_it_was_counted_from(draft):
    assert draft.state == State.DRAFT
    cell = row_of(draft)["cells"][0]
    assert (cell["numerator"], cell["denominator"], row_of(draft)["score"]) == (3, 4, "75.00")
    assert row_of(draft, "YL-LH")["rank"] == 1
    assert draft.size > 0 and len(draft.root) == 64


def test_the_bundle_computes_the_same_digest(draft):
    checked = bundles.check(kept.place(draft) / kept.BUNDLE)
    assert checked.same
    assert checked.found.digest == draft.digest


def test_a_period_that_is_not_over_is_not_computed(scheme):
    refused("period_open", lambda: actions.compute(scheme, label="2026-04", act=did()))


def test_a_label_that_is_none_is_not_computed(scheme):
    refused("period_unreadable", lambda: actions.compute(scheme, label="March", act=did()))


def test_a_month_without_facts_says_so(march, scheme):
    row = drafted(scheme, "2026-02")
    assert row.state == State.FAILED
    assert "2026-02" in row.sentence


def test_computing_anew_counts_what_the_log_has_meanwhile(draft, problem, damaged, roads):
    handled(problem, damaged, roads, day=6)
    again = actions.recompute(draft, act=did())
    working.work()
    again.refresh_from_db()
    assert row_of(again)["cells"][0]["denominator"] == 5
    assert again.digest != draft.digest


def test_a_period_whose_draft_was_dropped_is_computed_again(draft, scheme):
    actions.drop(draft, act=did())
    again = drafted(scheme)
    assert (again.pk, again.state, again.digest) == (draft.pk, State.DRAFT, draft.digest)
    verbs = Entry.objects.filter(stream=draft.stream).order_by("n").values_list("verb", flat=True)
    assert list(verbs) == ["compute", "computed", "drop", "compute", "computed"]


# -- the flow over its whole matrix --------------------------------------------------------------

DO = {
    "recompute": lambda row, act: actions.recompute(row, act=act),
    "drop": lambda row, act: actions.drop(row, act=act),
    "publish": lambda row, act: actions.publish(row, act=act),
    "object": lambda row, act: actions.object_to(row, group=ROADS, indicator=ON_TIME, act=act),
    "seal": lambda row, act: actions.seal(row, act=act),
    "revise": lambda row, act: actions.revise(row, act=act),
}


@pytest.mark.parametrize("verb", sorted(DO))
def test_a_step_is_refused_wherever_the_table_does_not_allow_it(verb, draft):
    step = STEPS[verb]
    for state in State:
        Evaluation.everything.filter(pk=draft.pk).update(state=state)
        for post in Post:
            if state in step.sources and post in step.posts:
                continue
            code = "not_now" if post in step.posts else "not_yours"
            act = did(post, "huang", MAY, note="说明")
            refused(code, lambda act=act: DO[verb](draft, act))


def test_buttons_are_those_of_the_table():
    found = {one.verb for one in open_to(State.DRAFT, frozenset({Post.CENTER_DIRECTOR}))}
    assert found == {"recompute", "drop", "publish", "pick_highlight", "drop_highlight"}
    assert open_to(State.DRAFT, frozenset({Post.UNIT_LEAD})) == []


# -- publicity and objections --------------------------------------------------------------------


def test_published_it_may_be_objected_to_for_five_working_days(published):
    assert published.object_until == at(10, month=4)  # from Friday to Friday


def test_the_department_objects_for_itself_alone(published):
    with looking("chen", Post.UNIT_LEAD, "9002."):
        act = did(Post.UNIT_LEAD, "chen", note="不服")
        refused(
            "not_yours",
            lambda: actions.object_to(published, group=ROADS, indicator=ON_TIME, act=act),
        )


def test_an_objection_that_cannot_be(published):
    asked = [
        ("cell_unknown", "nobody", ON_TIME, APRIL),
        ("cell_unknown", ROADS, "filed", APRIL),
        ("too_late", ROADS, ON_TIME, MAY),
    ]
    for code, group, key, when in asked:
        with looking("chen", Post.UNIT_LEAD, "9001."):
            act = did(Post.UNIT_LEAD, "chen", when, note="不服")
            told = {"group": group, "indicator": key, "act": act}
            refused(code, lambda told=told: actions.object_to(published, **told))


def test_one_objection_to_a_cell_at_a_time(published):
    objected(published)
    refused("objection_open", lambda: objected(published))


def test_a_decision_shows_the_score_before_and_after(published):
    one = objected(published)
    one = actions.propose_decision(one, upheld=True, numerator=1, act=did(note="属实"))
    assert (one.before, one.after) == ("75.00", "100.00")
    published.refresh_from_db()
    assert row_of(published)["score"] == "75.00"  # nothing changes before another agrees


def test_a_change_that_no_count_can_bear_is_refused(published):
    one = objected(published)
    for counts in ({"numerator": 2}, {"denominator": -2}, {"numerator": -4}):
        told = {"upheld": True, **counts, "act": did(note="属实")}
        refused("correction_impossible", lambda told=told: actions.propose_decision(one, **told))
    refused(
        "nothing_changes", lambda: actions.propose_decision(one, upheld=True, act=did(note="好"))
    )


def test_who_proposed_does_not_confirm(published):
    one = actions.propose_decision(objected(published), upheld=False, act=did(note="不成立"))
    refused("same_person", lambda: actions.confirm_decision(one, agree=True, act=did()))


def test_sent_back_it_is_decided_anew(published):
    one = actions.propose_decision(objected(published), upheld=False, act=did(note="不成立"))
    act = did(Post.LEADER, "zheng", note="再核实")
    one = actions.confirm_decision(one, agree=False, act=act)
    assert (one.state, one.upheld) == (Objection.State.RAISED, None)


def test_upheld_it_changes_the_ranking_and_its_bundle(published):
    upheld(published)
    refused("still_computing", lambda: actions.seal(published, act=did(when=MAY)))
    working.work()
    published.refresh_from_db()
    assert row_of(published)["score"] == "100.00"
    assert published.state == State.PUBLISHED and not published.changed
    assert bundles.check(kept.place(published) / kept.BUNDLE).same


def test_facts_that_came_since_are_not_in_a_corrected_ranking(published, problem, damaged, roads):
    handled(problem, damaged, roads, day=6)
    upheld(published)
    working.work()
    published.refresh_from_db()
    assert row_of(published)["cells"][0]["denominator"] == 4


# -- sealing -------------------------------------------------------------------------------------


def test_it_is_sealed_after_the_time_for_objections_only(published):
    refused("too_early", lambda: actions.seal(published, act=did()))
    row = actions.seal(published, act=did(when=MAY))
    entry = Entry.objects.filter(stream=row.stream).order_by("-n")[0]
    assert (entry.verb, entry.data["digest"]) == ("seal", row.digest)
    assert entry.data["root"] == row.root


def test_an_open_objection_keeps_it_open(published):
    objected(published)
    refused("objections_open", lambda: actions.seal(published, act=did(when=MAY)))


def test_what_is_sealed_does_not_change(published, scheme):
    row = actions.seal(published, act=did(when=MAY))
    for do in (
        lambda: actions.compute(scheme, label="2026-03", act=did(when=MAY)),
        lambda: actions.recompute(row, act=did(when=MAY)),
        lambda: actions.drop(row, act=did(when=MAY)),
    ):
        refused("period_sealed", do)


def test_a_revision_stands_beside_it(published, problem, damaged, roads):
    sealed = actions.seal(published, act=did(when=MAY))
    handled(problem, damaged, roads, day=6)
    refused("note_missing", lambda: actions.revise(sealed, act=did(when=MAY)))
    again = actions.revise(sealed, act=did(when=MAY, note="六号一件补录"))
    working.work()
    again.refresh_from_db()
    sealed.refresh_from_db()
    assert (again.revision, again.number) == (2, "small-2026-03-2")
    assert row_of(again)["cells"][0]["denominator"] == 5
    assert row_of(sealed)["cells"][0]["denominator"] == 4


def test_a_second_sending_changes_nothing(draft):
    act = did(key="the-same-key-1")
    actions.publish(draft, act=act)
    with pytest.raises(Replayed):
        actions.publish(draft, act=act)


# -- schemes -------------------------------------------------------------------------------------


def test_a_change_is_a_new_version_and_the_old_one_stays(draft, scheme):
    later = actions.save_scheme(text=SCHEME.replace("小方案", "新方案"), act=did(note="改名"))
    assert (later.version, draft.scheme.version) == (2, 1)
    with pytest.raises(Refused, match="没有改动"):
        actions.save_scheme(text=later.text, act=did())
    assert SchemeVersion.objects.count() == 2


def test_a_scheme_that_does_not_add_up_is_not_saved(scheme):
    text = SCHEME.replace('weight = 100\nscore = "on', 'weight = "much"\nscore = "on')
    with pytest.raises(Refused):
        actions.save_scheme(text=text, act=did())
    with pytest.raises(Refused, match="修改"):
        actions.save_scheme(text=SCHEME + "# 改", act=did(Post.HANDLER))
    assert SchemeVersion.objects.count() == 1


def test_the_folder_of_a_lost_bundle_is_no_error(draft):
    shutil.rmtree(kept.place(draft))
    assert working.behind(draft, ON_TIME, group=ROADS, part="denominator", most=10) == []


def test_the_cases_behind_a_cell_are_as_many_as_it_counts(draft):
    for part, count in {"numerator": 3, "denominator": 4, "excluded": 0}.items():
        found = working.behind(draft, ON_TIME, group=ROADS, part=part, most=10)
        assert len(set(found)) == count
