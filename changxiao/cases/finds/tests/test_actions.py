"""What becomes of a camera's word: it waits for a person, is repeated, believed or rejected."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changxiao.cases import actions as cases
from changxiao.cases.finds import actions, sources
from changxiao.cases.finds.cameras import CameraDraft, drop_camera, set_camera
from changxiao.cases.finds.models import Camera, Find, FindSource
from changxiao.cases.finds.tests.conftest import by, policies
from changxiao.cases.finds.trust import mute_source, unmute_source
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed
from changxiao.orgs.posts import Post
from tests.support.cast import MONDAY, act

pytestmark = pytest.mark.django_db
S = Find.State


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=True) as clock:
        yield clock


def later(clock, **more):
    clock.move_to(timezone.now() + timedelta(**more))


def stored():
    return Find.everything.count(), Case.everything.count(), Entry.objects.count()


def test_a_find_waits_and_a_persons_yes_reports_it(see):
    find = see(confidence=0.91, frame=[0.1, 0.2, 0.3, 0.4])
    assert find.state == S.WAITING and not Case.everything.exists()

    find = actions.affirm_find(find, act=by())

    case = find.case
    assert (case.channel, case.stage, case.address) == ("machine", "reported", "金砂路与东厦路口")
    assert "金砂路口东" in case.description and "91%" in case.description
    assert case.entries.get().actor == "chen"  # a person reported it, on what a machine saw
    assert [e.verb for e in Entry.objects.filter(stream=find.stream).order_by("n")] == [
        "take_find",
        "affirm_find",
    ]


def test_no_keeps_the_reason_and_reports_nothing(see):
    find = actions.reject_find(see(), reason="other", act=by())

    assert (find.state, find.reason, find.decided_by) == (S.REJECTED, "other", "chen")
    assert not Case.everything.exists()


@pytest.mark.parametrize("metres", [0, 49])
def test_the_same_again_only_counts(see, metres):
    first = see()
    again = see(metres=metres)

    assert (again.pk, again.count, Find.everything.count()) == (first.pk, 2, 1)


@pytest.mark.parametrize(("metres", "kind"), [(51, "pothole"), (0, "crack")])
def test_another_place_or_class_is_another_find(see, metres, kind):
    see()
    see(metres=metres, kind=kind)

    assert Find.everything.filter(state=S.WAITING).count() == 2


def _affirmed(find):
    return actions.affirm_find(find, act=by())


def _rejected(find):
    return actions.reject_find(find, reason="nothing", act=by())


@pytest.mark.parametrize(
    ("decide", "minutes", "finds"),
    [
        (lambda find: find, 600, 1),  # it still waits
        (_affirmed, 600, 1),  # its case is open
        (_rejected, 29, 1),  # a person has just looked
        (_rejected, 31, 2),
    ],
)
def test_how_long_a_find_takes_in_repeats(see, _monday, decide, minutes, finds):
    decide(see())
    later(_monday, minutes=minutes)
    see()

    assert Find.everything.count() == finds


def test_an_ended_case_takes_in_nothing_more(see, _monday):
    case = _affirmed(see()).case
    cases.decline(case, reason="重复反映", act=by())
    see()

    assert Find.everything.filter(state=S.WAITING).count() == 1


def test_near_an_open_case_of_the_kind_it_joins_and_asks_nobody(see, problem):
    case = cases.report(problem, act=act("report"))
    find = see(metres=20)
    again = see()

    assert (find.state, find.case, again.pk, again.count) == (S.JOINED, case, find.pk, 2)
    with pytest.raises(Refused) as no:
        actions.affirm_find(find, act=by())
    assert no.value.code == "decided" and Case.everything.count() == 1


def test_the_same_event_is_taken_once_whatever_it_became(see):
    key = str(uuid.uuid4())
    seen = actions.Sighting(camera=Camera.objects.get(), kind="pothole", lon=116.703, lat=23.365)
    box = Act(actor="box-1", key=key, digest="same")
    first, again = Act(actor="box-1", key=str(uuid.uuid4()), digest="x"), box
    actions.take_find(seen, act=first)
    actions.take_find(seen, act=again)  # a repeat: it counts
    before = stored()
    for act_, refusal in (
        (first, Replayed),
        (again, Replayed),
        (Act(actor="box-1", key=key, digest="other"), KeyReused),
        (Act(actor="box-2", key=key, digest="same"), KeyReused),
    ):
        with pytest.raises(refusal):
            actions.take_find(seen, act=act_)
    assert stored() == before and Find.everything.get().count == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "cat"}, "class_unknown"),
        ({"lon": 116.0}, "outside_city"),
    ],
)
def test_what_is_not_registered_or_elsewhere_is_refused(camera, change, code):
    before = stored()
    told = {"kind": "pothole", "lon": 116.703, "lat": 23.365} | change
    with pytest.raises(Refused) as no:
        actions.take_find(actions.Sighting(camera=camera, **told), act=by("box-1", ""))
    assert no.value.code == code and stored() == before


def test_a_camera_that_is_off_says_nothing(camera, see):
    draft = CameraDraft(name="关", box="box-1", classes=camera.classes, enabled=False)
    set_camera(camera.code, draft, act=Act.system("test"))
    camera.refresh_from_db()
    with pytest.raises(Refused) as no:
        see()
    assert no.value.code == "camera_off"


WHO = {
    Post.INTAKE: "",
    Post.SHIFT_LEADER: "",
    Post.CENTER_DIRECTOR: "not_yours",
    Post.DISPATCHER: "not_yours",
    Post.COLLECTOR: "not_yours",
    Post.HANDLER: "not_yours",
    Post.AUDITOR: "not_yours",
    Post.LEADER: "not_yours",
    "": "not_yours",
}


@pytest.mark.parametrize(("post", "code"), WHO.items())
@pytest.mark.parametrize("area", ["", "440511", "440507"])
def test_who_may_say_yes_or_no(see, post, code, area):
    find = see()
    grants = (scope.Grant(str(post), area),) if post else ()
    before = stored()
    code = code or ("not_yours" if area == "440507" else "")
    for verb, more in (("affirm_find", {}), ("reject_find", {"reason": "nothing"})):
        with scope.viewing(scope.Viewer("staff", "somebody", grants)):
            if code:
                with pytest.raises(Refused) as no:
                    getattr(actions, verb)(find, act=by("somebody", post), **more)
                assert no.value.code == code and stored() == before
            elif verb == "affirm_find":
                assert actions.affirm_find(find, act=by("somebody", post)).state == S.AFFIRMED


def test_of_two_people_the_second_reads_that_it_was_decided(see):
    find = see()
    mine = by()
    actions.affirm_find(find, act=mine)
    before = stored()
    with pytest.raises(Replayed):
        actions.affirm_find(find, act=mine)
    for late in (lambda: actions.affirm_find(find, act=by()), lambda: _rejected(find)):
        with pytest.raises(Refused) as no:
            late()
        assert no.value.code == "decided"
    assert stored() == before


def test_a_no_without_a_known_reason_is_refused(see):
    find = see()
    for reason in ("", "nonsense", "unclear "):
        with pytest.raises(Refused) as no:
            actions.reject_find(find, reason=reason, act=by())
        assert no.value.field == "reason"
    assert Find.everything.get().state == S.WAITING


@pytest.fixture
def strict():
    policies(find_least=3, find_floor_percent=20, find_mute_days=10)


def judge(see, *verdicts):
    for step, verdict in enumerate(verdicts):
        find = see(metres=200 * (step + 1))
        if verdict == "yes":
            cases.decline(_affirmed(find).case, reason="演示", act=by())
        else:
            actions.reject_find(find, reason=verdict, act=by())


def test_a_source_that_is_wrong_too_often_is_muted_and_the_other_class_is_not(
    camera, see, strict, _monday
):
    judge(see, "nothing", "other", "allowed")

    row = FindSource.objects.get()
    assert row.kind == "pothole" and row.muted(timezone.now())
    entry = Entry.objects.get(stream=row.stream)
    assert (entry.verb, entry.actor, entry.data["judged"]) == ("mute_source", "system:finds", 3)
    quiet = see()
    assert (quiet.state, see().pk, see(kind="crack").state) == (S.MUTED, quiet.pk, S.WAITING)
    with pytest.raises(Refused):
        actions.affirm_find(quiet, act=by())


def test_after_the_citys_days_it_asks_again_and_counts_anew(camera, see, strict, _monday):
    judge(see, "nothing", "other", "allowed")
    later(_monday, days=10, minutes=1)

    assert see().state == S.WAITING
    assert sources.rate_of(FindSource.objects.get(), timezone.now()).judged == 0


def test_the_cameras_page_asks_as_often_for_one_class_that_counts_anew_as_for_many(
    camera, see, strict, _monday
):
    judge(see, "nothing", "other", "allowed")
    later(_monday, days=10, minutes=1)
    actions.reject_find(see(), reason="nothing", act=by())
    asked = set()
    for kinds in (["crack"], ["litter", "smoke"]):
        FindSource.objects.bulk_create(
            FindSource(camera=camera, kind=kind, counted_from=timezone.now()) for kind in kinds
        )
        with CaptureQueriesContext(connection) as captured:
            (told,) = sources.standings([camera], timezone.now()).values()
        rates = {one.kind: (one.rate.true, one.rate.judged, one.seen) for one in told}
        assert rates == {"pothole": (0, 1, 4), "crack": (0, 0, 0)}
        asked.add(len(captured))
    assert len(asked) == 1


def test_what_could_not_be_made_out_says_nothing_of_the_camera(see, strict):
    judge(see, "unclear", "unclear", "unclear", "nothing", "other")

    assert not FindSource.objects.exists()


def test_a_trustworthy_source_is_never_muted(see, strict):
    judge(see, "yes", "yes", "yes", "nothing")

    assert not FindSource.objects.exists()


def test_a_person_unmutes_and_mutes_and_each_is_an_entry(camera, see, strict, _monday):
    judge(see, "nothing", "other", "allowed")
    row = unmute_source(camera, "pothole", act=by())
    assert not row.muted(timezone.now()) and see().state == S.WAITING
    before = stored()
    for wrong, code in (
        (lambda: unmute_source(camera, "pothole", act=by()), "not_muted"),
        (lambda: mute_source(camera, "cat", act=by()), "muted_already"),
        (lambda: mute_source(camera, "crack", act=by("zhao", Post.HANDLER)), "not_yours"),
    ):
        with pytest.raises(Refused) as no:
            wrong()
        assert no.value.code == code and stored() == before
    mute_source(camera, "crack", act=by("huang", Post.CENTER_DIRECTOR))
    verbs = Entry.objects.filter(stream__startswith="find_source:").order_by("id")
    assert [one.verb for one in verbs] == ["mute_source", "unmute_source", "mute_source"]


def test_a_camera_that_found_something_is_switched_off_and_not_deleted(camera, see):
    see()
    with pytest.raises(Refused) as no:
        drop_camera(camera, act=Act.system("test"))
    assert no.value.code == "camera_used" and Camera.objects.exists()
    Find.everything.all().delete()
    drop_camera(camera, act=Act.system("test"))
    assert not Camera.objects.exists()


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("", {}, "code"),
        ("a/b", {}, "code"),
        ("x" * 41, {}, "code"),
        ("ok", {"name": " "}, "name"),
        ("ok", {"box": "nobody"}, "box"),
        ("ok", {"lon": 116.7}, "lon"),
        ("ok", {"classes": {}}, "classes"),
        ("ok", {"classes": {"坑": "e9799"}}, "classes"),
        ("ok", {"classes": {"pothole": "e0000"}}, "classes"),
    ],
)
def test_a_camera_that_will_not_do_is_refused_by_field(camera, code, change, field):
    told = {"name": "新", "box": "box-1", "classes": {"pothole": "e9799"}} | change
    with pytest.raises(Refused) as no:
        set_camera(code, CameraDraft(**told), act=Act.system("test"))
    assert no.value.field == field and Camera.objects.count() == 1


def test_a_find_ends_in_the_stage_every_report_begins_with(see):
    assert _affirmed(see()).case.stage == Stage.REPORTED
