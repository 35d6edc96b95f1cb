"""Programs of other people against our server: three and georeport, and our own client."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.models import Case
from changxiao.cases.models_public import Relay
from changxiao.catalog.actions import set_public_rule
from changxiao.catalog.models import Subcategory
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs.models import ApiToken, Staff
from changxiao.orgs.tokens import digest_of
from changxiao.surfaces.protocols.open311.client.peers import parse
from changxiao.surfaces.protocols.open311.client.pulling import pull
from changxiao.surfaces.protocols.open311.client.pushing import push
from tests.stories.cast import cast
from tests.support.cast import act

KIND = "e9799"
KEY = "key-of-a-program"


@pytest.fixture
def released(real_database):
    """Two published cases, one key, and a city that shows what is still handled."""
    cast()
    now, kind = timezone.now(), Subcategory.objects.get()
    problem = Problem(channel="collector", subcategory=kind, lon=116.703, lat=23.365)
    staff = Staff.objects.create(username="app", name="某应用")
    digest = digest_of(KEY)
    ApiToken.objects.create(staff=staff, kind="open311", digest=digest, created_at=now)
    told = {"view": "live", "place": "exact"}
    set_public_rule(kind, **told, act=Act.system("test"))
    with scope.viewing(scope.system("test")):
        for minute in (30, 20):
            at = now - timedelta(minutes=minute)
            case = actions.report(problem, act=act("report", at))
            case = actions.accept(case, act=act("accept", at + timedelta(minutes=1)))
            by = act("publish", at + timedelta(minutes=2), by="chen", post="intake")
            actions.publish(case, text="路面有坑", act=by)
    return kind


def test_three_and_georeport_and_our_own_client_are_served(released, running_server, tmp_path):
    url = f"{running_server.url}/open311/v2"
    _three(url, tmp_path)
    _georeport(url)
    _ours(url)


def _three(url, folder):
    # The package was written for another Python: what it misses is given to it here.
    itertools.ifilter = filter
    try:
        from three import Three
    finally:
        del itertools.ifilter
    client = Three(url, api_key=KEY)
    try:
        assert len(client.discovery()["endpoints"]) == 2
        assert [row["service_code"] for row in client.services()] == [KIND]
        assert client.services(KIND)["attributes"] == []
        assert len(client.requests(count=10)) == 2
        today = timezone.now().strftime("%m-%d-%Y")
        assert client.requests(KIND, between=["01-01-2020", "01-02-2020"]) == []
        assert client.requests(start=today, end=today) == []
        form = {"lat": "23.3651", "long": "116.7031", "description": "又有坑"}
        (told,) = client.post(KIND, name="Da Chen", phone="13800138000", **form)
        (one,) = client.request(told["service_request_id"], api_key=KEY)
        assert (one["status"], one["service_code"]) == ("open", KIND)
        (again,) = client.post(KIND, name="Da Chen", phone="13800138000", **form)
        assert again["service_request_id"] == told["service_request_id"]
        from changxiao.cases.samples import pictures

        path = folder / "pit.png"
        path.write_bytes(pictures.drawn("pothole", "before"))
        with path.open("rb") as file:
            (seen,) = client.post(KIND, media=file, **{**form, "description": "看照片"})
        assert Case.everything.get(number=seen["service_request_id"]).photos.count() == 1
        assert client.post("e0000", **form)[0]["code"] == 404
        assert client.token("never-sent")[0]["code"] == 404
    finally:
        client.session.close()


def _georeport(url):
    from georeport import GeoReport

    for fmt in ("json", "xml"):
        client = GeoReport(url, output_format=fmt)
        rows = client.get_service_requests()
        assert len(rows) == 2
        number = rows[0]["service_request_id"]
        one = client.get_service_request(number)
        assert number in str(one)
        assert client.get_service_definition(KIND)["service_code"] == KIND
        assert client.get_service_list()


def _ours(url):
    now = timezone.now()
    told = {"url": url, "pull": {"default": KIND}, "api_key": KEY, "honours_keys": True}
    for fmt in ("json", "xml"):
        peer = parse({**told, "format": fmt}, f"self-{fmt}")
        first = pull(peer, since=now - timedelta(days=1), until=now)
        again = pull(peer, since=now - timedelta(days=1), until=now)
        assert (first.taken, again.taken, again.same) == (2, 0, 2), first
    peer = parse({**told, "push": {"services": {KIND: KIND}}}, "self-push")
    done = push(peer)
    assert (done.sent, push(peer).sent) == (2, 0)
    assert Relay.objects.filter(way="out", state="taken").count() == 2
