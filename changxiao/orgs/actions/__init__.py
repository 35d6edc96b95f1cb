"""机构的动作: the only writers of this room; each locks, checks, changes and records.

Each verb leaves one entry on the stream of what it changed (`unit:CODE`, `staff:USERNAME`,
`role:CODE/ROLE/LINE`, `roster:CODE`, `section:CONTRACT/SECTION`); `was` tells what the row said
before. Phone numbers stand in entries as salted commitments and never in clear
(reliability.md §6.1).
"""

from changxiao.orgs.actions.importing import import_people
from changxiao.orgs.actions.keys import issue_token, revoke_token
from changxiao.orgs.actions.leaving import deactivate, end_sessions, hand_over, reactivate
from changxiao.orgs.actions.links import issue_report_link, revoke_report_link
from changxiao.orgs.actions.people import appoint, dismiss, edit_staff, hire, set_password
from changxiao.orgs.actions.roles import end_role, set_role
from changxiao.orgs.actions.rosters import roster, set_week
from changxiao.orgs.actions.sections import edit_section, end_section, sign_section
from changxiao.orgs.actions.units import (
    create_unit,
    edit_unit,
    end_unit,
    merge_units,
    rename_unit,
    reopen_unit,
)

__all__ = [
    "appoint",
    "create_unit",
    "deactivate",
    "dismiss",
    "edit_section",
    "edit_staff",
    "edit_unit",
    "end_role",
    "end_section",
    "end_sessions",
    "end_unit",
    "hand_over",
    "hire",
    "import_people",
    "issue_report_link",
    "issue_token",
    "merge_units",
    "reactivate",
    "rename_unit",
    "reopen_unit",
    "revoke_report_link",
    "revoke_token",
    "roster",
    "set_password",
    "set_role",
    "set_week",
    "sign_section",
]
