"""机构的表: units and contracts, people and posts, keys and counters of sign-in."""

from changxiao.orgs.models.downloads import Download
from changxiao.orgs.models.keys import ApiToken, PastPassword, ThrottleCount, ThrottleRule
from changxiao.orgs.models.links import ReportLink
from changxiao.orgs.models.people import Appointment, DutyRoster, Staff, UnitRole
from changxiao.orgs.models.units import ContractSection, Unit, UnitName

__all__ = [
    "ApiToken",
    "Appointment",
    "ContractSection",
    "Download",
    "DutyRoster",
    "PastPassword",
    "ReportLink",
    "Staff",
    "ThrottleCount",
    "ThrottleRule",
    "Unit",
    "UnitName",
    "UnitRole",
]
