"""登录: budgets, equal answers, sessions that end, tokens, second factor (reliability.md A-16)."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs import access, actions, checks, profiles, throttle, tokens
from changxiao.orgs.clientip import client_ip
from changxiao.orgs.models import Staff, ThrottleRule

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
PASSWORD = "correct-horse-battery-9"
LOGIN = "/accounts/login/"
HELD = "/accounts/post/"


def act() -> Act:
    return Act.system("test", at=MONDAY)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Cheap hashes: what is tried here is how often and for whom, not what a hash costs."""
    for name, cost in (("time_cost", 1), ("memory_cost", 16), ("parallelism", 1)):
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)


@pytest.fixture(autouse=True)
def _fresh_rules():
    throttle.forget_rules()
    yield
    throttle.forget_rules()


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def li(clock) -> Staff:
    staff = actions.hire(username="li", name="李派遣", act=act())
    actions.appoint(staff, post="dispatcher", act=act())
    own = Act(actor="li", key=str(uuid.uuid4()))
    return actions.set_password(staff, password=PASSWORD, act=own)


def sign_in(client, name: str = "li", password: str = PASSWORD, ip: str = "10.0.0.1"):
    form = {"login": name, "password": password}
    return client.post(LOGIN, form, REMOTE_ADDR=ip)


def is_in(client) -> bool:
    answer = client.post(HELD, {"post": "dispatcher"}, REMOTE_ADDR="10.0.0.1")
    return answer.status_code == 302 and answer["Location"] == "/"


def told(answer) -> str:
    form = answer.context["form"]
    assert answer.status_code == 200
    return str(form.errors) + re.sub(
        r'"[A-Za-z0-9]{32,}"|value="[^"]*"', "", answer.content.decode()
    )


def test_staff_sign_in_and_see_by_their_posts(client, li):
    assert sign_in(client).status_code == 302
    assert is_in(client)
    assert access.viewer_for(li, MONDAY).holds("dispatcher")


def test_an_unknown_name_a_wrong_password_and_a_closed_account_read_alike(client, li):
    wrong = told(sign_in(client, password="wrong"))
    unknown = told(sign_in(client, name="nobody", ip="10.0.0.2"))
    actions.deactivate(li, act=act())
    closed = told(sign_in(client, ip="10.0.0.3"))
    assert "用户名或口令不正确" in wrong
    assert wrong == unknown == closed


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(client, li, monkeypatch):
    done = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *a, **k: done.append("hash") or encode(*a, **k)
    )
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *a, **k: done.append("hash") or verify(*a, **k)
    )
    sign_in(client, password="wrong")
    known, done[:] = len(done), []
    sign_in(client, name="nobody", ip="10.0.0.2")
    assert len(done) == known == 1


def test_five_failures_pause_one_name_at_one_address_for_a_quarter_of_an_hour(client, li, clock):
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 200
    assert sign_in(client, ip="10.0.0.9").status_code == 302
    client.logout()
    clock.shift(timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_a_flood_of_guesses_never_shuts_the_person_out(client, li):
    for n in range(30):
        sign_in(client, password="wrong", ip=f"10.1.0.{n}")
    assert sign_in(client, ip="10.0.0.1").status_code == 302


def test_a_spent_account_budget_leaves_an_address_two_tries_an_hour(client, li):
    for n in range(20):
        sign_in(client, password="wrong", ip=f"10.1.0.{n}")
    for _ in range(2):
        sign_in(client, password="wrong", ip="10.2.0.1")
    assert sign_in(client, ip="10.2.0.1").status_code == 200


def test_an_address_has_fifty_failures_an_hour(client, li):
    ThrottleRule.objects.create(scope="login_ip", limit=3, window=3600)
    throttle.forget_rules()
    for n in range(3):
        sign_in(client, name=f"nobody{n}", password="wrong")
    assert sign_in(client).status_code == 200
    assert sign_in(client, ip="10.0.0.9").status_code == 302


def test_successes_do_not_use_up_an_address(client, li):
    ThrottleRule.objects.create(scope="login_ip", limit=3, window=3600)
    throttle.forget_rules()
    for _ in range(5):
        assert sign_in(client).status_code == 302
        client.logout()


def test_a_limit_is_one_statement_and_holds_within_its_window(django_assert_num_queries):
    throttle.rule("staff")
    with django_assert_num_queries(1):
        assert throttle.allow("report_ip", "10.0.0.1", MONDAY)
    used = [throttle.allow("report_ip", "10.0.0.1", MONDAY) for _ in range(5)]
    assert used == [True] * 4 + [False]
    assert throttle.allow("report_ip", "10.0.0.2", MONDAY)
    assert throttle.allow("report_ip", "10.0.0.1", MONDAY + timedelta(hours=1))
    assert throttle.prune(MONDAY + timedelta(days=1)) == 2


def test_a_session_begins_with_a_new_key(client, li):
    client.get(LOGIN)
    client.session["probe"] = 1
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_an_idle_session_ends_after_half_an_hour(client, li, clock):
    sign_in(client)
    assert is_in(client)
    clock.shift(timedelta(minutes=29))
    assert is_in(client)
    clock.shift(timedelta(minutes=31))
    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(client, li, clock):
    sign_in(client)
    for _ in range(24):
        assert is_in(client)
        clock.shift(timedelta(minutes=29, seconds=59))
    clock.shift(timedelta(minutes=10))
    assert not is_in(client)


def test_a_closed_account_loses_its_session_and_token_at_once(client, li):
    _row, token = actions.issue_token(li, act=act())
    sign_in(client)
    assert is_in(client) and tokens.staff_for(f"Bearer {token}") == li
    actions.deactivate(li, act=act())
    assert not is_in(client) and tokens.staff_for(f"Bearer {token}") is None
    actions.reactivate(li, act=act())
    assert not is_in(client) and tokens.staff_for(f"Bearer {token}") is None


def test_a_dismissed_person_does_not_act_in_the_post(client, li):
    sign_in(client)
    actions.dismiss(li.appointments.get(), act=act())
    assert client.post(HELD, {"post": "dispatcher"}).status_code == 400


def test_pages_are_closed_to_strangers(client):
    answer = client.post(HELD, {"post": "dispatcher"})
    assert answer.status_code == 302 and answer["Location"].startswith(LOGIN)


def test_nobody_signs_up(client):
    assert "password1" not in client.get("/accounts/signup/").content.decode()


def test_a_token_costs_one_statement_and_its_use_is_noted_seldom(li, django_assert_num_queries):
    row, token = actions.issue_token(li, act=act())
    assert tokens.staff_for(f"Bearer {token}", at=MONDAY) == li
    with django_assert_num_queries(1):
        tokens.staff_for(f"Bearer {token}", at=MONDAY + timedelta(minutes=9))
    with django_assert_num_queries(1):
        assert tokens.staff_for("Bearer wrong", at=MONDAY) is None
    row.refresh_from_db()
    assert row.last_used_at == MONDAY and token not in row.digest


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "Bearer \udcff", "Bearer x y"])
def test_an_odd_header_is_nobody(header):
    assert tokens.staff_for(header, at=MONDAY) is None


def test_a_token_ends_by_date_and_by_revocation_and_keeps_to_its_kind(li):
    row, token = actions.issue_token(li, act=act(), days=1, kind="open311")
    header = f"Bearer {token}"
    assert tokens.staff_for(header, at=MONDAY) is None
    assert tokens.staff_for(header, at=MONDAY, kind="open311") == li
    assert tokens.staff_for(header, at=MONDAY + timedelta(days=1), kind="open311") is None
    actions.revoke_token(row, act=act())
    assert tokens.staff_for(header, at=MONDAY, kind="open311") is None


@pytest.mark.parametrize(
    ("profile", "password", "good"),
    [
        ("asvs", "elevenchars", False),
        ("asvs", "twelve chars", True),
        ("asvs", "password1234", False),
        ("mlps3", "Ten-chars1", True),
        ("mlps3", "nine-Ch4r", False),
        ("mlps3", "onlyletters", False),
    ],
)
def test_each_profile_says_which_passwords_will_do(settings, profile, password, good):
    settings.AUTH_PASSWORD_VALIDATORS = profiles.validators(profile)
    if good:
        validate_password(password)
    else:
        with pytest.raises(ValidationError):
            validate_password(password)


def test_under_mlps3_the_last_five_passwords_are_spent(settings, li):
    settings.AUTH_PASSWORD_VALIDATORS = profiles.validators("mlps3")
    with pytest.raises(Refused, match="最近五次"):
        actions.set_password(li, password=PASSWORD, act=act())
    for n in range(5):
        actions.set_password(li, password=f"Another-one-{n}{n}", act=act())
    actions.set_password(li, password=PASSWORD, act=act())


def test_under_mlps3_a_password_lasts_ninety_days(client, settings, li, clock):
    settings.PASSWORD_PROFILE = "mlps3"
    clock.shift(timedelta(days=91))
    sign_in(client)
    assert client.post(HELD)["Location"] == "/accounts/password/change/"


def test_a_given_password_must_be_changed_first_and_the_session_lives_on(client, li):
    actions.set_password(li, password="given-by-someone-1", act=act())
    sign_in(client, password="given-by-someone-1")
    assert client.post(HELD)["Location"] == "/accounts/password/change/"
    form = {"oldpassword": "given-by-someone-1", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/password/change/", form)
    assert is_in(client)


def test_posts_that_decide_must_enrol_a_second_factor(client, settings, li):
    settings.MFA_POLICY = "staff"
    sign_in(client)
    assert client.post(HELD, {"post": "dispatcher"})["Location"] == "/accounts/2fa/totp/activate/"
    TOTP.activate(li, generate_totp_secret())
    assert is_in(client)


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(MONDAY.timestamp()) // 30))


def test_a_code_opens_once_and_guesses_are_counted(client, li):
    secret = generate_totp_secret()
    TOTP.activate(li, secret)
    sign_in(client)
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_in(client)
    client.logout()
    sign_in(client)
    from django.core.cache import cache

    cache.clear()  # another worker, that has not seen the code
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_codes_even_the_right_one_waits(client, li):
    secret = generate_totp_secret()
    TOTP.activate(li, secret)
    sign_in(client)
    for n in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": f"00000{n}"})
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert "_auth_user_id" not in client.session


def test_only_named_proxies_speak_for_others(settings):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.9.9.9", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2"
    )
    assert client_ip(request) == "10.9.9.9"
    settings.TRUSTED_PROXIES = ["10.9.0.0/16"]
    assert client_ip(request) == "2.2.2.2"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"SITE_URL": "http://city.example", "HTTPS": False}, ["orgs.E001"]),
        ({"PASSWORD_PROFILE": "none"}, ["orgs.E002"]),
        ({"MFA_POLICY": "maybe"}, ["orgs.E003"]),
        ({"SITE_URL": "https://city.example", "HTTPS": True, "DEMO": True}, ["orgs.E004"]),
    ],
)
def test_settings_that_must_not_run_are_found(settings, change, found):
    for name, value in change.items():
        setattr(settings, name, value)
    assert [error.id for error in checks.sign_in()] == found


def test_the_store_is_argon2id(li):
    assert make_password("x").startswith("argon2$argon2id$") and "argon2id" in li.password
