"""Flags of evidence are for those who weigh it, within their area, and for no ranked unit."""

import hashlib
import io

import pytest
from openpyxl import load_workbook

from changxiao.cases import actions, jobs
from changxiao.cases.actions import Shown
from changxiao.cases.models import Case
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.kernel import scope
from changxiao.ledger.media.models import Photo
from tests.isolation.conftest import CASES, SIGNED_IN
from tests.support.cast import MONDAY, act

WEIGHS = {"shift_leader", "center_director", "auditor"}
SECRET = "Snapseed QX7"
WORDS = (SECRET, "证据疑点", "照片经过编辑软件", "edited")


@pytest.fixture
def flags(world):
    """A flagged photo in the case of each ownership."""
    found = {}
    with scope.viewing(scope.system("test")):
        for target, number in world.cases.items():
            sha256 = hashlib.sha256(target.encode()).hexdigest()
            photo = Photo.objects.create(
                sha256=sha256, bytes=1, type="image/jpeg", width=4, height=3, phash="0" * 16,
                rendition_sha256=sha256, rendition_bytes=1, thumbnail_sha256=sha256,
                pipeline="test", uploaded_by="li", created_at=MONDAY,
                evidence={"software": f"{SECRET} {target}"},
            )  # fmt: skip
            case = Case.everything.get(number=number)
            done = act("add_photo", by="li", post="dispatcher")
            case = actions.add_photo(case, photos=[Shown(photo, "before")], act=done)
            jobs.flag_evidence(case.head)
            found[target] = EvidenceFlag.everything.get(case=case)
    return found


def reaches(who):
    if who == "auditor":
        return {"own", "other_department", "other_district"}
    return {"own", "other_department"} if who in WEIGHS else set()


@pytest.mark.parametrize("who", SIGNED_IN)
def test_flags_are_listed_to_those_who_weigh_them(desk, flags, who):
    page = desk(who, "GET", "/flags/")
    sheet = desk(who, "GET", "/flags/export.xlsx")

    assert page.status_code == sheet.status_code == (200 if who in WEIGHS else 403)
    for target, flag in flags.items():
        seen = target in reaches(who)
        assert (f"{SECRET} {target}" in page.content.decode()) == seen
        one = desk(who, "GET", f"/flags/{flag.pk}/")
        assert one.status_code == (200 if seen else 404 if who in WEIGHS else 403)
    if who in WEIGHS:
        rows = load_workbook(io.BytesIO(b"".join(sheet))).active.iter_rows(values_only=True)
        assert len(list(rows)) == 1 + len(reaches(who))
    else:
        assert SECRET not in page.content.decode()


@pytest.mark.parametrize("who", sorted(set(SIGNED_IN) - WEIGHS))
def test_no_other_page_says_a_word_of_them(desk, api, world, flags, who):
    said = [desk(who, "GET", path) for path in ("/", "/cases/", "/exceptional/", "/ledger/")]
    for number in world.cases.values():
        paths = ("", "entries")
        said += [desk(who, "GET", f"/cases/{number}/{path}") for path in ("", "print/")]
        said += [api(who, "GET", f"{CASES}/{number}/{path}".rstrip("/")) for path in paths]
    said.append(api(who, "GET", CASES))
    text = "".join(answer.content.decode() for answer in said)
    export = desk(who, "GET", "/cases/export.xlsx")
    if export.status_code == 200:
        book = load_workbook(io.BytesIO(b"".join(export)))
        text += str(list(book.active.iter_rows(values_only=True)))

    assert [word for word in WORDS if word in text] == []


@pytest.mark.parametrize("who", sorted(set(SIGNED_IN) - {"center_director"}))
def test_nobody_but_the_director_decides_by_the_page(desk, flags, who):
    told = {"verb": "dismiss_flag", "reason": "无妨", "key": "3f1c3c1e-0000-4000-8000-000000000001"}
    answer = desk(who, "POST", f"/flags/{flags['own'].pk}/", told)

    assert answer.status_code in {403, 404, 422}
    assert EvidenceFlag.everything.filter(state="open").count() == 3


def test_the_director_decides_within_the_area_and_keeps_the_text_of_a_refusal(desk, flags):
    key = "3f1c3c1e-0000-4000-8000-000000000002"
    told = {"verb": "uphold_flag", "reason": " ", "key": key}
    path = f"/flags/{flags['own'].pk}/"
    refused = desk("center_director", "POST", path, told)
    done = desk("center_director", "POST", path, told | {"reason": "与原图不符"})
    beyond = desk("center_director", "POST", f"/flags/{flags['other_district'].pk}/", told)

    assert (refused.status_code, done.status_code, beyond.status_code) == (422, 302, 404)
    assert key in refused.content.decode()
    states = {
        target: EvidenceFlag.everything.get(pk=flag.pk).state for target, flag in flags.items()
    }
    assert states == {"own": "upheld", "other_department": "open", "other_district": "open"}
    kept = desk("center_director", "GET", "/flags/?state=upheld").content.decode()
    assert "与原图不符" in kept


@pytest.mark.parametrize("query", ["state=gone", "kind=odd", "cursor=@@"])
def test_a_filter_that_means_nothing_is_refused_in_words(desk, flags, query):
    assert desk("center_director", "GET", f"/flags/?{query}").status_code == 400


def test_the_counts_open_the_rows_that_they_count(desk, flags):
    page = desk("auditor", "GET", "/flags/?state=open&kind=edited&unit=SZ-DL")
    assert [row.flag for row in page.context["rows"]] == [flags["own"]]
    assert {one.value: one.count for one in page.context["states"]}["open"] == 1
