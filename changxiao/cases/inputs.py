"""动词输入: what each verb takes, as a JSON body or a form has it; not yet any row.

`verbs` turns it into typed input; the API's page describes it from here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from changxiao.cases.actions import Spot
from changxiao.cases.evidence import Given, Measured, Vouched, value_of
from changxiao.kernel.api import check_text

MOST_ENTRIES = 2**31 - 1  # what the column holds


class PhotoIn(BaseModel):
    """照片: a photo that was uploaded before (`PUT /api/v1/media/{sha256}`) and its role."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    role: str
    lon: float | None = None
    lat: float | None = None
    accuracy: float = 0.0

    @property
    def spot(self) -> Spot | None:
        """拍摄位置, where the browser told one."""
        if self.lon is None or self.lat is None:
            return None
        return Spot(self.lon, self.lat, self.accuracy)


class ReadingIn(BaseModel):
    """读数: the name that the criterion gives it, and the value as it was read."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=20)
    value: str = Field(max_length=20)


class WitnessIn(BaseModel):
    """见证人: `account` of a member of staff, else `name` and `post` of whoever was there."""

    model_config = ConfigDict(extra="forbid")
    account: str = Field("", max_length=64)
    name: str = Field("", max_length=40)
    post: str = Field("", max_length=60)


class Common(BaseModel):
    """共同输入: what every verb takes beside its own."""

    model_config = ConfigDict(extra="forbid")
    note: str = Field("", max_length=4000)
    post: str = ""
    on_behalf: str = Field("", max_length=64)
    occurred_at: datetime | None = None
    base_n: int | None = Field(None, ge=0, le=MOST_ENTRIES)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, sent: Any) -> Any:
        # Before anything else, since a field's own error would repeat the text it refuses.
        check_text(sent)
        return sent


class WithPhotos(Common):
    photos: list[PhotoIn] = Field(default_factory=list)


class WithEvidence(WithPhotos):
    """证据: what else than photos the criterion asks for."""

    readings: list[ReadingIn] = Field(default_factory=list, max_length=10)
    witness: WitnessIn = WitnessIn(account="", name="", post="")

    @property
    def given(self) -> Given:
        """所交证据, typed."""
        return Given(
            readings=[Measured(one.name, value_of(one.value)) for one in self.readings],
            witness=Vouched(**self.witness.model_dump()),
            outcome=getattr(self, "outcome", ""),
        )


class FedBack(WithEvidence):
    outcome: str = ""


class WithCriterion(Common):
    criterion: str = ""


class Declined(Common):
    reason: str = ""


class ToCollector(Common):
    collector: str = ""


class AssistIn(BaseModel):
    """协办单位: its code, task and, if not the lead's, its own limit ("4 工作时")."""

    model_config = ConfigDict(extra="forbid")
    unit: str
    task: str = ""
    limit: str = ""


class Dispatched(Common):
    unit: str
    section: str = ""
    assisting: list[AssistIn] = Field(default_factory=list)


class ToUnit(Common):
    unit: str
    person: str = ""


class Confirmed(WithPhotos):
    real: bool = True


class Verified(WithEvidence):
    passed: bool = True


class Until(Common):
    until: datetime


class Assisted(WithPhotos):
    unit: str = ""


class Answered(Common):
    answer: str = ""


class Ordered(Common):
    kind: str = "leader"


class Recalled(Common):
    """撤回: `since` is the first entry that goes; without it the last one alone."""

    since: int | None = Field(None, ge=1, le=MOST_ENTRIES)


class Amended(Common):
    """更正: only what is given changes; coordinates in `crs`."""

    subcategory: str = ""
    criterion: str = ""
    address: str | None = Field(None, max_length=200)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    crs: str = "wgs84"


class SplitIn(Common):
    """拆分: the second problem; `shared` are photos of this case that show it, by hash."""

    subcategory: str
    criterion: str = ""
    description: str = ""
    shared: list[str] = Field(default_factory=list)


class Joined(Common):
    """并案: `to` is the number or code of the case that leads."""

    to: str


class Filled(Common):
    items: list[str] = Field(default_factory=list)
