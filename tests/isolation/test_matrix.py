"""Isolation 隔离 (reliability.md A-10, P9): each address × each way of looking × each ownership.

An address of the urlconf that the table below does not name fails the build.
"""

import re

import pytest
from django.urls import get_resolver

from changxiao.cases import access
from changxiao.cases.models import Case, SupervisionOrder
from changxiao.cases.verbs import VERBS
from changxiao.kernel import scope
from tests.isolation.conftest import (
    CASES,
    NEVER,
    SIGNED_IN,
    TARGETS,
    cleaned,
    sees,
    sheet,
    told,
)


def addresses(resolver=None, before=""):
    for one in (resolver or get_resolver()).url_patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one, path)
        else:
            yield path


N = "<number:number>"
PUBLIC = {"healthz", "readyz", "preferences/language", "preferences/theme", "api/v1/openapi.json"}
# Orders and how many limits they pause, by kind and district: public by design, no case named.
PUBLIC |= {"emergencies/"}
PUBLIC |= {"api/v1/"}
# The signature in the address is the right to it (surfaces/leader/tests/test_daily.py).
PUBLIC |= {"daily/<str:word>/"}
# Sheets of a desk over an area: who reads whose is a table of its own (cases/handover/tests).
SHIFTS = {"cases/handover/", "cases/handover/hand"}
SHIFTS |= {"cases/handover/<int:pk>/", "cases/handover/<int:pk>/take"}
# Written for their asker alone, in the reach of that moment (orgs/tests/test_downloads.py).
SHIFTS |= {"downloads/<int:pk>/", "downloads/<int:pk>/file", "downloads/list/<slug:name>.xlsx"}
LISTS = {"", "cases/", "cases/export.xlsx", "api/v1/cases", "cases/component/<slug:code>"}
LISTS |= {"cases/counts", "exceptional/", "leader/"}
LISTS |= {"search/"}
LISTS |= {"map/", "map/points", "map/rows"}
SIGNED = {"areas/", "catalog/", "catalog/<slug:key>/", "ledger/", "units/", "accounts/post/"}
SIGNED |= {"cases/filters"}
# One's own filters only (cases/saved/tests).
SIGNED |= {f"cases/saved/{path}" for path in ("", "chips", "keep", "put-back")}
SIGNED |= {"cases/saved/<int:pk>/<slug:what>"}
SIGNED |= {"leader/link", "leader/link.svg"}  # one's own link only
SIGNED |= {"components/", "components/near", "components/^(?P<code>[0-9]{16})$"}
SIGNED |= {
    "cases/report/",
    "cases/report/subjects",
    "cases/report/criteria",
    "cases/report/questions",
}
# Old addresses and like cases nearby, each within reach (cases/tests/test_report_views, test_near).
SIGNED |= {"cases/report/places", "cases/report/here"}
SIGNED |= {"places/at"}
# A number's earlier calls, each case within reach (cases/tests/test_calls.py).
SIGNED |= {"cases/report/caller"}
LISTS |= {"cases/callbacks/"}
# Orders are seen with their case by who answers for them, batches by those posts alone
# (workorders/tests/test_orders.py).
SHIFTS |= {a for a in addresses() if a.startswith(("cases/work-orders/", "api/v1/work-orders"))}
# The ground is no secret: residents pick a place on it.
PUBLIC |= {"places/tiles/<slug:edition>/<int:z>/<int:x>/<int:y>.pbf"}
PUBLIC |= {"places/tiles/<slug:edition>/first.json"}
SIGNED |= {"cases/live/ticket", "components/tiles/<int:z>/<int:x>/<int:y>.pbf"}
UPLOAD = {"api/v1/media/<sha256>"}
PHOTO = {"media/<sha256:sha256>.jpg", "media/<sha256:sha256>.pdf"}
PHOTO |= {"media/<sha256:sha256>.clip", "media/<sha256:sha256>.xlsx"}
PAGES = {f"cases/{N}/", f"cases/{N}/print/", f"cases/{N}/do/<slug:verb>/"}
PAGES |= {f"cases/{N}/dossier.pdf", f"cases/{N}/proof.svg"}
PAGES |= {f"cases/{N}/reported/"}
PAGES |= {"leader/supervise/<slug:number>/"}
PAGES |= {f"cases/{N}/pane/", f"cases/{N}/row/", f"cases/{N}/hints/"}
PAGES |= {f"cases/{N}/steps/<slug:name>/"}
SHOWING = f"cases/{N}/photos/<int:pk>/"
PAGES |= {f"cases/{N}/clips/<int:pk>/"}
PAGES |= {f"cases/{N}/photos/", SHOWING, f"{SHOWING}preview.jpg", f"{SHOWING}original/"}
LISTS |= {"cases/photos/"}
# The collector's own queue; who may not send, and that none reads another's bytes, is asked in
# surfaces/field/tests/test_sync.py. A step names a foreign case as it names one that never was.
SIGNED |= {f"field/sync/{path}" for path in ("hello", "today", "ground", "reports")}
PUBLIC |= {"field/", "field/worker.js", "field/manifest.webmanifest"}  # a shell without rows
SIGNED |= {"field/sync/media/<slug:sha256>"}
SIGNED |= {"field/sync/patrols/start", "field/sync/patrols/finish"}
SIGNED |= {"field/sync/cases/<slug:number>/<slug:verb>"}
# A batch names each row that is foreign as it names one that never was.
SIGNED |= {"cases/many/", "api/v1/cases/many"}
LENDING = ("issue_link", "revoke_link")
API = {"api/v1/cases/<number>", "api/v1/cases/<number>/entries"}
API |= {"api/v1/cases/<number>/steps", "api/v1/cases/<number>/amend/preview"}
API |= {f"api/v1/cases/<number>/{verb}" for verb in (*VERBS, *LENDING, "unmask")}
# The accounts pages are allauth's: each asks for its own session and shows no row of ours.
FLAGS = {"flags/", "flags/export.xlsx", "flags/<int:pk>/"}
PAGES |= {f"cases/{N}/feedback/", f"cases/{N}/squad/"}
LISTS |= {"cases/mine/", "cases/tasks/", "cases/rechecks/"}
UPLOAD |= {"media/<sha256:sha256>"}
# Walks of collectors and what they missed: a table of posts in patrols/tests.
PATROLS = {a for a in addresses() if a.startswith("patrols/")}
# The facts of the whole city: every post × every address in evaluation/tests/test_analysis_pages.
PATROLS |= {a for a in addresses() if a.startswith(("evaluation/analysis/", "evaluation/lasting/"))}
# Rankings: drafts for the office, published ones for the ranked (evaluation/tests/test_pages.py).
EVALUATIONS = {a for a in addresses() if a.startswith("evaluation/")}
# Whoever has the token, and nobody else: cases/tests/test_squad.py.
SQUAD = {
    f"s/<token:token>/{path}" for path in ("", "photo/<sha256:sha256>", "photo/<sha256:sha256>.jpg")
}
# A unit is read by everybody; what edits it, people and orders are for the posts of orgs.rules and
# catalog.actions.base, a table each in the tests of their pages.
SIGNED |= {"units/<str:code>/"}
# What a person released to the public, in the words of Open311 (surfaces/protocols/open311/tests).
PUBLIC |= {a for a in addresses() if a.startswith("open311/")}
# The residents' portal: what was released, and one's own case by its code (surfaces/portal/tests).
PUBLIC |= {a for a in addresses() if a.startswith("p/")}
# One's own messages and nobody else's (notices/tests/test_inbox.py).
SIGNED |= {f"notices/{path}" for path in ("", "count", "mine/", "push", "read", "<int:pk>/")}
PUBLIC |= {"notices/worker.js"}  # holds nothing of anybody
# What cameras say, by their box's token (surfaces/protocols/cloudevents/tests).
PUBLIC |= {a for a in addresses() if a.startswith("cloudevents/")}
# WeChat's callback, by its signature and seal (surfaces/protocols/wechat/tests).
PUBLIC |= {a for a in addresses() if a.startswith("wechat/")}
# Who looks at which finds is a table of its own (cases/finds/tests).
SHIFTS |= {"cases/finds/", "cases/finds/<int:pk>/<slug:verb>"}
KEPT = ("units/", "people/", "roles/", "sections/", "changes/", "emergencies/")
KEPT = (*KEPT, "notices/deliveries/")  # who looks there: notices/tests/test_sending.py
CLASSIFIED = (
    SQUAD
    | SHIFTS
    | PUBLIC
    | LISTS
    | SIGNED
    | UPLOAD
    | PHOTO
    | PAGES
    | API
    | FLAGS
    | PATROLS
    | EVALUATIONS
)


def settings():
    """What a city edits of itself: no case stands there, and none but its editors comes in."""
    return {a for a in addresses() if a.startswith("settings/")}


def test_every_address_is_classified():
    found = {a for a in addresses() if not a.startswith("accounts/") or a == "accounts/post/"}

    unknown = found - CLASSIFIED - settings() - kept()
    assert unknown == set(), "new addresses: classify them in this file"
    assert CLASSIFIED - found <= {"cases/counts"}


def kept():
    """Units, people and orders: no case stands there; handlers read them and edit none."""
    return {a for a in addresses() if a.startswith(KEPT)} - CLASSIFIED


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_units_people_and_orders_are_closed_to_all_but_their_keepers(desk, world, method):
    for address in kept():
        path = "/" + re.sub(r"<[^>]+>", "x", re.sub(r"<int:\w+>", "1", address))
        assert desk("handler", method, path).status_code in {403, 404, 405}, path
        assert desk("", method, path).status_code == 302, path


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_settings_are_closed_to_all_but_their_editors(desk, world, method):
    for address in settings():
        path = "/" + re.sub(r"<(?:int|number):\w+>", "1", address)
        path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
        path = re.sub(r"<[^>]+>", "x", path)
        # 405 where the address knows the other method only.
        assert desk("handler", method, path).status_code in {403, 405}, path
        assert desk("", method, path).status_code == 302, path


PAGES_OF_MANY = ("/", "/cases/counts", "/exceptional/", "/leader/", "/cases/handover/")
PAGES_OF_MANY += ("/cases/mine/", "/cases/tasks/", "/cases/rechecks/", "/cases/photos/")
API_CALLS = [("GET", ""), ("GET", "/entries")]
API_CALLS += [("POST", f"/{verb}") for verb in (*VERBS, *LENDING, "unmask")]
BODIES = {
    "dispatch": {"unit": "SZ-DL"},
    "rule_ownership": {"unit": "SZ-DL"},
    "forward": {"unit": "SZ-DL-01"},
    "split": {"subcategory": "e9799"},
    "join": {"to": "209901010001"},
    "ask_suspend": {"until": "2027-03-02T09:00:00+08:00"},
}


def foreign_to(who):
    return [target for target in TARGETS if target not in sees(who)]


def check_api(api, world, who):
    for method, path in API_CALLS:
        body = BODIES.get(path.strip("/"), {}) | ({"note": "x"} if method == "POST" else {})
        none = told(api(who, method, f"{CASES}/{NEVER}{path}", body), NEVER)
        assert none[0] == 404, (who, method, path, none)
        for target in foreign_to(who):
            number = world.cases[target]
            answer = told(api(who, method, f"{CASES}/{number}{path}", body), number)
            assert answer == none, (who, method, path, target)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_a_foreign_case_answers_like_one_that_never_existed(api, world, who):
    with scope.viewing(scope.system("test")):
        before = list(Case.everything.order_by("id").values_list("number", "n"))
        check_api(api, world, who)
        assert list(Case.everything.order_by("id").values_list("number", "n")) == before


@pytest.mark.parametrize("who", SIGNED_IN)
def test_the_own_cases_are_found(api, desk, world, who):
    for target in sees(who):
        number = world.cases[target]
        assert api(who, "GET", f"{CASES}/{number}").json()["number"] == number
        assert desk(who, "GET", f"/cases/{number}/").status_code == 200


PAGE_CALLS = [("GET", "/dossier.pdf"), ("GET", "/proof.svg")]
PAGE_CALLS += [("GET", "/"), ("HEAD", "/"), ("GET", "/print/"), ("GET", "/do/nope/")]
PAGE_CALLS += [("GET", "/reported/"), ("GET", "/photos/"), ("GET", "/photos/1/preview.jpg")]
PAGE_CALLS += [(m, f"/photos/1/{path}") for m in ("GET", "POST") for path in ("", "original/")]
PAGE_CALLS += [(m, "/clips/1/") for m in ("GET", "POST")]
PAGE_CALLS += [(m, "/steps/intake/") for m in ("GET", "POST")]
PAGE_CALLS += [(m, path) for m in ("GET", "POST") for path in ("/feedback/", "/squad/")]
PAGE_CALLS += [(m, f"/do/{verb}/") for m in ("GET", "POST") for verb in ("dispatch", "unmask")]


@pytest.mark.parametrize("who", SIGNED_IN)
def test_a_foreign_page_answers_like_one_that_never_existed(desk, world, who):
    for method, path in PAGE_CALLS:
        none = told(desk(who, method, f"/cases/{NEVER}{path}"), NEVER)
        assert none[0] == 404, (who, path)
        for target in foreign_to(who):
            number = world.cases[target]
            answer = told(desk(who, method, f"/cases/{number}{path}"), number)
            assert answer == none, (who, method, path, target)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_a_foreign_case_is_ordered_on_by_nobody(desk, world, who):
    path = "/leader/supervise/{}/"
    form = {"key": "11111111-1111-4111-8111-111111111111", "note": "x"}
    none = told(desk(who, "POST", path.format(NEVER), form), NEVER)
    for target in foreign_to(who):
        number = world.cases[target]
        assert told(desk(who, "POST", path.format(number), form), number) == none
    with scope.viewing(scope.system("test")):
        assert not SupervisionOrder.objects.exists()


@pytest.mark.parametrize("who", ["", "disabled"])
def test_whoever_is_not_signed_in_gets_nothing(api, desk, world, who):
    for number in (*world.cases.values(), NEVER):
        for method, path in API_CALLS:
            assert api(who, method, f"{CASES}/{number}{path}").status_code == 401, path
        for _method, path in PAGE_CALLS:
            assert desk("", "GET", f"/cases/{number}{path}").status_code == 302, path
    for path in (CASES, f"{CASES}?number={world.cases['own']}"):
        assert api(who, "GET", path).status_code == 401
    for path in ("/", "/cases/", "/cases/export.xlsx", "/components/", "/units/"):
        assert desk("", "GET", path).status_code == 302, path


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_of_no_use_tells_nothing_either(api, desk, world, method):
    for path in ("", "/entries", "/accept"):
        none = told(api("handler", method, f"{CASES}/{NEVER}{path}"), NEVER)
        for number in world.cases.values():
            assert told(api("handler", method, f"{CASES}/{number}{path}"), number) == none
    none = told(desk("handler", method, f"/cases/{NEVER}/"), NEVER)
    for target in foreign_to("handler"):
        number = world.cases[target]
        assert told(desk("handler", method, f"/cases/{number}/"), number) == none


def queries(world):
    yield from ("", "stage=dispatched", "overdue=1", "overdue=0", "area=440511", "area=440507")
    yield from ("unit=SZ-DL", "unit=YL-LH", "subcategory=e9799", "channel=public")
    yield from (f"number={number}" for number in world.cases.values())


def everything_listed(api, desk, world, who):
    """All that this person's lists, counts, searches and exports say."""
    said = {}
    for query in queries(world):
        said[query] = cleaned(api(who, "GET", f"{CASES}?{query}&limit=200").content.decode())
        said[f"page {query}"] = told(desk(who, "GET", f"/cases/?{query}"), "@@")
    searched = [*world.cases.values(), "address", "2026", *(f"{t}-address" for t in TARGETS)]
    for words in searched:
        said[f"search {words}"] = told(desk(who, "GET", f"/cases/?q={words}"), "@@")
        said[f"find {words}"] = told(desk(who, "GET", f"/search/?q={words}"), "@@")
    for query in ("", "unit=YL-LH", "area=440507"):
        said[f"sheet {query}"] = sheet(desk(who, "GET", f"/cases/export.xlsx?{query}"))
    for path in PAGES_OF_MANY:
        said[path] = told(desk(who, "GET", path), "@@")
    return said


def check_lists(api, desk, world, who):
    told_with = everything_listed(api, desk, world, who)
    foreign = [world.cases[target] for target in foreign_to(who)]
    with scope.viewing(scope.system("test")):
        Case.everything.filter(number__in=foreign).delete()
    told_without = everything_listed(api, desk, world, who)
    assert {k for k in told_with if told_with[k] != told_without[k]} == set(), who


LOOKING = ["intake", "collector-wang", "handler", "squad", "city_admin", "leader", "unit_lead"]


@pytest.mark.parametrize("who", LOOKING)
def test_lists_counts_searches_and_exports_know_no_foreign_row(
    api, desk, world, who, time_machine_at
):
    check_lists(api, desk, world, who)


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel("2026-03-02T10:00:00+08:00", tick=False):
        yield


def test_without_the_scope_these_tests_fail(api, desk, world, monkeypatch, time_machine_at):
    from django.db.models import Q

    monkeypatch.setattr(access, "reach", lambda viewer: Q())
    with pytest.raises(AssertionError), scope.viewing(scope.system("test")):
        check_api(api, world, "handler")
    with pytest.raises(AssertionError):
        check_lists(api, desk, world, "handler")
