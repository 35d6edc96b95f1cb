"""A resident's browser, the cast's city, and challenges that a test solves in no time."""

import hashlib
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from changxiao.cases import actions, subjects
from changxiao.cases.samples import pictures
from changxiao.catalog import known, publicity, residents
from changxiao.catalog.actions import set_policy, set_public_rule
from changxiao.kernel.act import Act
from changxiao.orgs.posts import Post
from tests.support.cast import act


@pytest.fixture(autouse=True)
def _fresh():
    """Memories go between tests."""
    for memory in (subjects.enabled, subjects._told, known.known, publicity.table, residents.table):
        memory.clear()


@pytest.fixture
def town(damaged):
    """汕头 with 道路破损, read by everybody while it is handled; four bits of work."""
    set_policy("portal_work_bits", value="4", act=Act.system("test"))
    subject = damaged.subcategory
    set_public_rule(subject, view="live", place="exact", act=Act.system("test"))
    publicity.table.clear()
    return damaged


@pytest.fixture
def phone(town):
    """A phone that nobody has signed in on."""
    return Client(HTTP_ACCEPT_LANGUAGE="zh-hans", REMOTE_ADDR="192.0.2.7")


@pytest.fixture
def photo():
    def made(name="坑.png"):
        return SimpleUploadedFile(name, pictures.drawn("pothole", "before"), "image/png")

    return made


def solve(page):
    """The challenge of a form, solved as its worker does."""
    asked = re.search(r'data-work="([^"]+)"', page)[1]
    bits = int(asked.split("-")[1])
    return next(
        f"{asked}.{n}"
        for n in range(1 << 20)
        if int.from_bytes(hashlib.sha256(f"{asked}.{n}".encode()).digest()) >> (256 - bits) == 0
    )


def filled(phone, **change):
    """A form as a phone sends it: its own key, a solved challenge, a place, one sentence."""
    page = phone.get("/p/").content.decode()
    told = {
        "key": str(uuid.uuid4()),
        "work": solve(page),
        "lon": "116.703",
        "lat": "23.365",
        "crs": "wgs84",
        "description": "门口路面有个大坑",
        "kind": "e9799",
    }
    return {name: value for name, value in (told | change).items() if value is not None}


def send(phone, **change):
    return phone.post("/p/", filled(phone, **change))


def code_of(answer):
    """The code in the address that an answer leads to."""
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return re.search(r"/p/[rc]/([0-9A-Z-]{19})/", answer["Location"])[1]


def live(verb, **more):
    """An act of the cast at the clock's own time."""
    return act(verb, None, origin="", **more)


def to_dispatch(case, criterion, roads):
    case = actions.ask_to_confirm(case, act=live("ask_to_confirm"))
    case = actions.confirm(case, act=live("confirm"))
    case = actions.accept(case, act=live("accept"))
    case = actions.file(case, criterion=criterion, act=live("file"))
    return actions.dispatch(case, to=roads, act=live("dispatch"))


def to_close(case, criterion, roads):
    case = to_dispatch(case, criterion, roads)
    case = actions.feed_back(case, act=live("feed_back", note="内部备注：老王去补"))
    case = actions.verify(case, act=live("verify", note="看过"))
    return actions.close(case, answer="坑已补平，谢谢。", act=live("close"))


def released(case, text="路面有坑", address="金砂东路"):
    by = live("publish", by="chen", post=Post.INTAKE)
    return actions.publish(case, text=text, address=address, act=by)
