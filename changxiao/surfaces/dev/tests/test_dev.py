"""Developer pages: there with CHANGXIAO_DEBUG=1, nowhere else; they say what the rules say."""

import os
import subprocess
import sys
from datetime import timedelta
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, include, path, reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from changxiao.surfaces.dev import clock, partials, why
from tests.support.cast import at

PATHS = ("", "become", "clock", "flow/", "partials/")


@pytest.fixture
def dev(settings):
    forget_catalog()
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "changxiao.surfaces.dev"]
    # Files of an app that is not there in operation are in no manifest.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    ours = import_string(f"{settings.ROOT_URLCONF}.urlpatterns")
    told = ModuleType("addresses_as_with_debug")
    told.urlpatterns = [*ours, path("dev/", include("changxiao.surfaces.dev.urls"))]
    settings.ROOT_URLCONF = told
    real = timezone.now
    clock.move(None)
    yield Client()
    clock.move(None)
    timezone.now = real


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_setting_there_is_no_such_address(city, path, method):
    for client in (Client(), signed_in("admin")):
        assert getattr(client, method)(f"/dev/{path}").status_code in {404, 302}
    assert signed_in("admin").get(f"/dev/{path}").status_code == 404
    assert "changxiao.surfaces.dev" not in settings.INSTALLED_APPS
    assert not [p for p in get_resolver().url_patterns if str(p.pattern).startswith("dev")]
    with pytest.raises(NoReverseMatch):
        reverse("dev")


@pytest.mark.parametrize(("value", "there"), [("1", "True"), ("0", "False"), ("", "False")])
def test_the_setting_alone_brings_them(value, there, tmp_path):
    asked = (
        "import django; django.setup(); from django.urls import get_resolver;"
        "print(any(str(p.pattern) == 'dev/' for p in get_resolver().url_patterns))"
    )
    home = {"CHANGXIAO_HOME": str(tmp_path), "CHANGXIAO_DEBUG": value}
    environment = {**os.environ, **home, "DJANGO_SETTINGS_MODULE": "changxiao.settings"}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == there


def test_one_becomes_anybody(dev, city):
    person("li")
    dev.post("/dev/become", {"user": "li"})

    assert dev.get("/").context["user"].username == "li"


def test_the_clock_moves_and_is_set_right_again(dev, city):
    clock.install()
    begun = timezone.now()
    dev.post("/dev/clock", {"step": "day"})
    dev.post("/dev/clock", {"step": "hour"})
    assert timedelta(hours=25) <= timezone.now() - begun < timedelta(hours=25, minutes=5)

    dev.post("/dev/clock", {"step": ""})
    assert abs(timezone.now() - begun) < timedelta(minutes=5)


def test_who_is_signed_in_stays_so_when_the_clock_moves(dev, city):
    person("li")
    clock.install()
    dev.post("/dev/become", {"user": "li"})
    dev.get("/")
    dev.post("/dev/clock", {"step": "week"})

    assert dev.get("/").status_code == 200


WHY = {
    "whole city": (Post.DISPATCHER, "", None, "管全市：看得到"),
    "own district": (Post.DISPATCHER, "440511", None, "包含案卷所在"),
    "another district": (Post.DISPATCHER, "440507", None, "不包含案卷所在"),
    "own unit": (Post.HANDLER, "", "roads", "承办或协办本案卷"),
    "another unit": (Post.HANDLER, "", "parks", "不在园林绿化处及其下属"),
    "administrator": (Post.CITY_ADMIN, "", None, "不看案卷"),
}


@pytest.mark.parametrize("name", WHY)
def test_it_says_why_somebody_sees_a_case_or_not(dev, dispatched, roads, parks, name):
    post, area, unit, words = WHY[name]
    units = {"roads": roads, "parks": parks}
    client = signed_in("asked", post=post, area=area, unit=units.get(unit))
    sees = client.get(f"/cases/{dispatched.number}/").status_code == 200

    told = list(why.told(Staff.objects.get(username="asked"), dispatched, at(2, 10)))

    assert words in told[0]
    assert any("结论：看得到" in line for line in told) == sees
    page = dev.get("/dev/", {"who": "asked", "number": dispatched.number}).content.decode()
    assert words in page


def test_somebody_without_a_post_is_told_so(dev, dispatched):
    new = Staff.objects.create(username="new", name="新人")
    assert "没有任职" in next(iter(why.told(new, dispatched, at(2, 10))))


def test_every_partial_is_listed_and_most_are_drawn(dev, dispatched):
    page = dev.get("/dev/partials/")
    drawn = page.context["drawn"]

    assert [one.name for one in drawn] == partials.names()
    assert len([one for one in drawn if one.html]) > len(drawn) / 2
    assert dispatched.number in page.content.decode()


def test_the_flow_is_drawn_from_the_table(dev, city):
    page = dev.get("/dev/flow/").content.decode()

    assert "待派遣" in page and "核查不通过" in page and page.count("flow-arc") > 15
