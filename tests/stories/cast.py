"""The people, units and the one criterion of a walk, in a database that really commits."""

from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from changxiao.areas.home import settle
from changxiao.cases import actions
from changxiao.catalog.models import Category, FilingCriterion, Responsibility, Subcategory
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.city import city
from changxiao.orgs.models import Appointment, Staff, Unit
from changxiao.orgs.posts import Post

PASSWORD = "walks-through-shantou-2026"
SINCE = date(2020, 1, 1)
PEOPLE = {
    "wang": ("王监督", Post.COLLECTOR),
    "chen": ("陈受理", Post.INTAKE),
    "lin": ("林值班", Post.SHIFT_LEADER),
    "li": ("李派遣", Post.DISPATCHER),
    "zhao": ("赵处置", Post.HANDLER),
    "wu": ("吴管理", Post.CITY_ADMIN),
}


def cast() -> Unit:
    """市政道路处 with its handler, the centres' desks, 道路破损 with photos before and after."""
    settle(city("440500"))
    roads = Unit.objects.create(
        code="SZ-DL",
        name="汕头市市政道路桥梁管理处",
        kind=Unit.Kind.DEPARTMENT,
        path="9001.",
        since_date=SINCE,
    )
    for username, (name, post) in PEOPLE.items():
        staff = Staff.objects.create(username=username, name=name, password=hashed())
        unit = roads if post == Post.HANDLER else None
        Appointment.objects.create(staff=staff, post=post, unit=unit, since_date=SINCE)
    criterion = _criterion()
    Responsibility.objects.create(
        criterion=criterion, area_code="440511", unit=roads, since_date=SINCE
    )
    return roads


@cache
def hashed() -> str:
    """The password of everybody, hashed once: a hash is meant to be dear."""
    return make_password(PASSWORD)


def session_of(username: str) -> dict[str, str]:
    """The cookie of somebody who has signed in. The form for it is walked by stories of its own;
    the others would hash a password and draw two pages for each person that takes a step."""
    client = Client()
    client.force_login(
        Staff.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
    )
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _criterion() -> FilingCriterion:
    category = Category.objects.create(kind="event", edition="local", code="97", name="市政道路")
    subcategory = Subcategory.objects.create(
        kind="event",
        edition="local",
        code="9799",
        category=category,
        name="道路破损",
        name_en="Damaged road",
        status="local",
    )
    return FilingCriterion.objects.create(
        code="E9799-01",
        subcategory=subcategory,
        condition="路面破损、坑洼",
        amount=Decimal(4),
        unit="work_hour",
        since_date=SINCE,
    )


def filed(count: int, run: str = "first") -> list[str]:
    """Numbers of so many cases that wait for a dispatcher, oldest first; each run by itself."""

    def act(verb: str, username: str, n: int) -> Act:
        return Act(actor=username, post=PEOPLE[username][1], key=f"filed-{run}-{verb}-{n}")

    criterion = FilingCriterion.objects.select_related("subcategory").get()
    found = []
    with scope.viewing(scope.system("tests")):
        for n in range(count):
            problem = actions.Problem(
                channel="collector",
                subcategory=criterion.subcategory,
                lon=116.703,
                lat=23.365,
                description=f"路面有坑 {n}",
                address=f"金砂东路{n + 1}号",
            )
            case = actions.report(problem, act=act("report", "wang", n))
            case = actions.accept(case, act=act("accept", "chen", n))
            found.append(actions.file(case, criterion=criterion, act=act("file", "lin", n)).number)
    return found
