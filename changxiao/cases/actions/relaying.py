"""补充反映与转送: what is heard from outside of a case that is here, and who else has it.

The city's own people never take these steps; a protocol does, as the system, for whoever stands
behind its key.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.cases.actions.base import admitted, record
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.models import Case
from changxiao.cases.models_public import Relay
from changxiao.kernel.act import Act
from changxiao.ledger import actions as ledger


def supplement(case: Case, *, text: str, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """补充反映: whoever reported has more to say, or the city that passed it on has."""
    text = rules.need_text(text, field="description", name=_("补充内容"))
    with admitted(case, "supplement", act) as done:
        row = record(done, body={"said": ledger.seal(text), **listed(photos)})
        attach(row, photos, row.head)
        return row


def relay(case: Case, *, peer: str, way: str, remote: str, status: str, act: Act) -> Case:
    """转送: another city's system has this case as well, there under `remote`."""
    with admitted(case, "relay", act) as done:
        row = record(done, body={"relay": {"peer": peer, "way": way, "remote": remote}})
        told = {"state": Relay.State.TAKEN, "remote": remote, "status": status}
        Relay.objects.update_or_create(
            case=row, peer=peer, defaults={"way": way, "changed_at": done.at, **told}
        )
        return row
