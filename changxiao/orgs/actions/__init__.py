"""机构的动作: the only writers of this room; each locks, checks, changes and records.

Each verb leaves one entry on the stream of what it changed (`unit:CODE`, `staff:USERNAME`). Phone
numbers stand in entries as salted commitments and never in clear (reliability.md §6.1).
"""

from changxiao.orgs.actions.keys import issue_token, revoke_token
from changxiao.orgs.actions.leaving import deactivate, end_sessions, hand_over, reactivate
from changxiao.orgs.actions.links import issue_report_link, revoke_report_link
from changxiao.orgs.actions.people import (
    appoint,
    dismiss,
    hire,
    roster,
    set_password,
    set_role,
)
from changxiao.orgs.actions.units import create_unit, merge_units, rename_unit, sign_section

__all__ = [
    "appoint",
    "create_unit",
    "deactivate",
    "dismiss",
    "end_sessions",
    "hand_over",
    "hire",
    "issue_report_link",
    "issue_token",
    "merge_units",
    "reactivate",
    "rename_unit",
    "revoke_report_link",
    "revoke_token",
    "roster",
    "set_password",
    "set_role",
    "sign_section",
]
