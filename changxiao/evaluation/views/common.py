"""各页共用: what one acts as, and how a refusal comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from changxiao.evaluation.flow import STEPS
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, acting
from changxiao.ledger.refusals import Replayed


def act_of(request: HttpRequest, form: EditForm, verb: str) -> Act:
    """办理动作 of a form, in a post that may take this step; 403 without one."""
    return form.act(request, acting(request, frozenset(STEPS[verb].posts)))


def tried(request: HttpRequest, form: EditForm, do: Callable[[], Any], said: str) -> Any | None:
    """办理: what the verb gives, None where it refused, which the form then shows."""
    try:
        done = do()
    except Replayed:
        messages.info(request, _("此前已经记录，没有重复"))
        return True
    except Refused as no:
        form.refuse(no)
        return None
    messages.success(request, said)
    return done
