"""The frame for somebody who is signed in, and the account pages inside it."""

import pytest

from changxiao.orgs.models import Staff


@pytest.fixture
def signed_in(db, as_system, client):
    person = Staff(username="lipaiqian", name="李派遣")
    person.set_password("a long enough passphrase")
    person.save()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("page", ["/accounts/password/change/", "/accounts/2fa/"])
def test_account_pages_stand_in_our_frame(signed_in, page):
    response = signed_in.get(page)

    assert response.status_code in {200, 302}, response.status_code
    if response.status_code == 200:
        text = response.content.decode()
        assert 'class="top"' in text
        assert "李派遣" in text
        assert "退出登录" in text


def test_signing_out_needs_a_post(signed_in):
    assert signed_in.get("/accounts/logout/").status_code == 200

    signed_in.post("/accounts/logout/")

    assert "_auth_user_id" not in signed_in.session
