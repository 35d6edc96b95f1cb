"""People of the known cast, signed in: one staff row and one appointment each."""

from datetime import date

from django.test import Client

from changxiao.cases import subjects
from changxiao.cases.actions import base
from changxiao.catalog import publicity, questions, residents
from changxiao.catalog.known import known
from changxiao.catalog.snapshot import policies, rules
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post

NAMES = {
    "wang": "王监督",
    "chen": "陈受理",
    "lin": "林值班",
    "li": "李派遣",
    "zhao": "赵处置",
    "huang": "黄主任",
    "zhang": "张领导",
    "admin": "吴管理",
    "shen": "沈审计",
}
POSTS = {
    "wang": Post.COLLECTOR,
    "chen": Post.INTAKE,
    "lin": Post.SHIFT_LEADER,
    "li": Post.DISPATCHER,
    "zhao": Post.HANDLER,
    "huang": Post.CENTER_DIRECTOR,
    "zhang": Post.LEADER,
    "admin": Post.CITY_ADMIN,
    "shen": Post.AUDITOR,
}


def forget_catalog():
    """Another test's rows vanished without an edit, so nothing that was remembered holds."""
    said = (subjects.enabled, subjects._told, subjects._subjects, base._step_rules)
    tables = (questions.table, publicity.table, residents.table)
    for remembered in (known, rules, policies, *said, *tables):
        remembered.clear()


def person(username, *, post=None, unit=None, area=""):
    """One of the cast, appointed since long ago."""
    staff, _made = Staff.objects.get_or_create(
        username=username, defaults={"name": NAMES.get(username, username)}
    )
    post = post or POSTS[username]
    Appointment.objects.get_or_create(
        staff=staff, post=post, unit=unit, area_code=area, since_date=date(2020, 1, 1)
    )
    return staff


def signed_in(username, *, post=None, unit=None, area=""):
    """A browser of that person."""
    client = Client()
    client.force_login(
        person(username, post=post, unit=unit, area=area),
        "django.contrib.auth.backends.ModelBackend",
    )
    return client


def key_in(response):
    """The act's key that a form carries."""
    return response.context["form"]["key"].initial
