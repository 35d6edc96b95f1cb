"""`changxiao token`: made once, listed without itself, revoked."""

import json

import pytest
from click.testing import CliRunner

from changxiao.cli.token import token
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs import actions, tokens

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    result = CliRunner().invoke(token, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_token_made_on_the_command_line_opens_until_revoked():
    staff = actions.hire(username="li", name="李派遣", act=Act.system("test"))
    made = json.loads(run("create", "li", "--json"))["token"]
    assert tokens.staff_for(f"Bearer {made}") == staff
    row = json.loads(run("list", "li", "--json"))[0]
    assert row["kind"] == "api" and made not in json.dumps(row)
    run("revoke", str(row["id"]))
    assert tokens.staff_for(f"Bearer {made}") is None


def test_an_unknown_user_is_named():
    with pytest.raises(Refused, match="nobody"):
        run("create", "nobody")
