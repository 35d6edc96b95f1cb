"""动词输入: what each verb takes, as a JSON body or a form has it; not yet any row.

`verbs` turns it into typed input; the API's page describes it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from changxiao.cases.actions import Declared, Spot
from changxiao.cases.evidence import Given, Measured, Vouched, value_of
from changxiao.kernel.api import check_text
from changxiao.ledger.media.actions import MAX_BYTES

# What may come later, by its own name; a paper comes before it is named.
TYPES = r"^(image/(jpeg|png|webp)|(audio|video)/(webm|mp4)|audio/ogg)?$"
MOST_ENTRIES = 2**31 - 1  # what the column holds
# Fields that came later: unsaid they are left out, so that what a phone sent before the update and
# sends again after it is still the same content.
LATER: Mapping[str, Any] = {"supersedes": "", "on_spot": False}


class PhotoIn(BaseModel):
    """照片: a photo that was uploaded before (`PUT /api/v1/media/{sha256}`) and its role. With
    `bytes` and `type` it may come later: the case says that it is awaited."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    role: str
    lon: float | None = None
    lat: float | None = None
    accuracy: float = 0.0
    bytes: int = Field(default=0, ge=0, le=MAX_BYTES)
    type: str = Field(default="", pattern=TYPES)

    @property
    def declared(self) -> Declared | None:
        """待传照片, where the sender says how large it is and of which type."""
        return Declared(self.sha256, self.bytes, self.type) if self.bytes and self.type else None

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
    supersedes: str = Field("", pattern=r"^([A-Za-z0-9_.:-]{8,64})?$")

    # Fields that came after keys were stored without them: absent, they are no content.
    LATER: ClassVar[frozenset[str]] = frozenset()

    def content(self) -> dict[str, Any]:
        """内容, as the act's digest reads it: a later optional field counts where it is given, so
        that a key of an earlier release still answers as the replay that it is."""
        fields = type(self).model_fields
        absent = {
            name
            for name in self.LATER
            if getattr(self, name) == fields[name].get_default(call_default_factory=True)
        }
        return self.model_dump(mode="json", exclude=absent)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, sent: Any) -> Any:
        # Before anything else, since a field's own error would repeat the text it refuses.
        check_text(sent)
        return sent

    @model_serializer(mode="wrap")
    def _as_it_was(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = write(self)
        return {k: v for k, v in told.items() if k not in LATER or v != LATER[k]}


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


class Accepted(WithCriterion):
    """受理: `shown` is the field of the suggestion that stood beside the case, as the page wrote
    it; it decides nothing, the entry keeps what it says."""

    LATER = frozenset({"shown"})
    shown: str = Field("", max_length=2000)


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


class Published(Common):
    """公开: the words and the address that everybody may read."""

    text: str = Field("", max_length=4000)
    address: str = Field("", max_length=200)


class GivenUp(Common):
    """不再等待: the awaited photo by its hash, without it all; the reason stands in `note`."""

    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")


class CalledAgain(Common):
    """再次来电: what the caller adds, who he is, and what he asks for."""

    said: str = Field("", max_length=4000)
    reporter_name: str = Field("", max_length=64)
    reporter_phone: str = Field("", max_length=32)
    anonymous: bool = False
    wants_callback: bool = False


class CalledBack(Common):
    """回访: `solved` and `satisfaction` where somebody answered; of a joined case `again` reopens
    the lead."""

    reached: bool = True
    solved: bool | None = None
    satisfaction: str = Field("", max_length=12)
    said: str = Field("", max_length=4000)
    again: bool = False


class Reopened(Common):
    """重办: what is not fixed, in the caller's words."""

    said: str = Field("", max_length=4000)


class Filled(Common):
    items: list[str] = Field(default_factory=list)
