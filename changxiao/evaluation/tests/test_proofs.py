"""Files behind an answer and behind a score: kept through refusals, shown to whom they concern."""

import io
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from changxiao.cases.tests.pages import signed_in
from changxiao.evaluation import actions
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_proofs import Proof
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.replay import checks
from changxiao.evaluation.scoring.flow import SheetState
from changxiao.evaluation.scoring.tests.samples import LINES, MIXED
from changxiao.evaluation.tests.rounds import APRIL, did, drafted
from changxiao.kernel import sheets
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db


def png(color="red"):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "PNG")
    return SimpleUploadedFile("整改后.png", out.getvalue(), "image/png")


def table():
    data = sheets.write("整改", [["点位"], ["井盖 12 处"]], (9,)).read()
    return SimpleUploadedFile("整改台账.xlsx", data, sheets.XLSX)


@pytest.fixture
def sheet(city, roads, parks):
    with time_machine.travel(APRIL, tick=False):
        scheme = actions.save_scheme(text=MIXED, act=did())
        told = {"period": "2026-03", "lines": LINES, "file": "x.xlsx", "act": did()}
        yield actions.submit_scores(scheme, **told)


@pytest.fixture
def task(sheet):
    actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng"))
    return GapTask.everything.get(group="SZ-DL")


def stored(by="huang", file=None):
    file = file or png()
    told = {"declared_type": file.content_type, "name": file.name, "also": media.PROOFS}
    return media.store(file, act=did(by=by), **told)


def attached(sheet, *files, item="survey", **more):
    return actions.attach_proofs(sheet, item=item, files=files, act=did(**more))


def posted(client, url, form="form", **told):
    key = client.get(url).context[form]["key"].initial
    return client.post(url, {"key": key, "base_n": 0, **told})


def code(client, url):
    answer = client.get(url)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # read to its end, the file is closed
    return answer.status_code


def kept_in(response):
    """The box of the one file that is there already."""
    (found,) = re.findall(r'name="kept" value="([^"]+)"', response.content.decode())
    return found


def test_an_answer_with_files_keeps_them_through_a_refusal(task, roads, parks):
    lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
    page = reverse("gap", args=[task.number])
    told = {"note": " ", "verb": "answer_gap"}
    refused = posted(lead, page, files=[png(), table()], **told)
    assert refused.status_code == 422 and not Photo.objects.exists()
    broken = SimpleUploadedFile("合影.png", b"GIF89a", "image/png")
    told["note"] = "已更换"
    refused = posted(lead, page, files=[png(), broken], **told)
    assert "合影.png：证据只收" in refused.content.decode()
    assert GapTask.everything.get(pk=task.pk).state == "open" and not Proof.objects.exists()
    kept = kept_in(refused)
    other = signed_in("qian", post=Post.UNIT_LEAD, unit=parks)
    assert posted(lead, page, files=[table()], kept=[kept, "0" * 64], **told).status_code == 302
    photo, paper = (one.photo for one in Proof.objects.order_by("id"))
    assert (photo.is_picture, paper.is_document) == (True, True)
    with budget("page:gap"):
        shown = lead.get(page).content.decode()
    assert photo.thumbnail_url in shown and paper.url in shown
    for url in (photo.url, paper.url):
        assert (code(lead, url), code(other, url)) == (200, 404)
    entry = Entry.objects.get(stream=task.stream, verb="answer_gap")
    assert entry.data["files"] == [photo.sha256, paper.sha256]
    assert list(checks.check_gaps()) == []
    Proof.objects.filter(photo=paper).delete()
    assert len(list(checks.check_gaps())) == 1


def test_what_was_kept_for_one_is_not_for_another(task, roads):
    lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
    broken = SimpleUploadedFile("x.png", b"GIF89a", "image/png")
    told = {"note": "已更换", "verb": "answer_gap"}
    page = reverse("gap", args=[task.number])
    refused = posted(lead, page, files=[png(), broken], **told)
    kept = kept_in(refused)
    second = signed_in("sun", post=Post.UNIT_LEAD, unit=roads)
    assert posted(second, page, kept=[kept], **told).status_code == 302
    assert not Proof.objects.exists()


def refuses(code, do):
    """It is refused so, and nothing has changed."""
    before = Entry.objects.count(), Proof.objects.count()
    with pytest.raises(Refused) as no:
        do()
    assert no.value.code == code
    assert (Entry.objects.count(), Proof.objects.count()) == before


def test_scans_stand_behind_an_item_as_long_as_the_sheet_may_count(sheet):
    photo = stored()
    refuses("proof_missing", lambda: attached(sheet))
    refuses("item_unknown", lambda: attached(sheet, photo, item="other"))
    refuses("proofs_many", lambda: attached(sheet, *[photo] * 13))
    for post in set(Post) - {Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}:
        refuses("not_yours", lambda post=post: attached(sheet, photo, post=post))
    attached(sheet, photo)
    attached(sheet, photo)
    assert Proof.objects.count() == 1
    assert list(checks.check_sheets()) == []
    for state in SheetState:
        ScoreSheet.everything.update(state=state)
        if state in {SheetState.PROPOSED, SheetState.CONFIRMED}:
            attached(sheet, photo)
        else:
            refuses("not_now", lambda: attached(sheet, photo))


def test_the_office_attaches_on_the_page_and_the_ranked_see_what_counted(march, sheet, roads):
    page = reverse("score_sheet", args=[sheet.number])
    office = signed_in("huang", post=Post.CENTER_DIRECTOR)
    told = {"item": "survey", "verb": "attach_proofs", "note": ""}
    assert posted(office, page, "attach", **told).status_code == 422
    assert posted(office, page, "attach", files=[png()], **told).status_code == 302
    photo = Photo.objects.get()
    with budget("page:score-sheet"):
        assert photo.thumbnail_url in office.get(page).content.decode()
    lead = signed_in("chen", post=Post.UNIT_LEAD, unit=roads)
    assert code(lead, photo.url) == 404
    actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng"))
    gap = reverse("gap", args=[GapTask.everything.get(group="SZ-DL").number])
    assert photo.thumbnail_url in lead.get(gap).content.decode()
    from changxiao.evaluation.models import SchemeVersion

    draft = drafted(SchemeVersion.objects.get())
    assert code(lead, photo.url) == 404
    actions.publish(draft, act=did())
    with budget("page:evaluation"):
        shown = lead.get(reverse("evaluation", args=[draft.number])).content.decode()
    assert photo.thumbnail_url in shown and "“群众问卷”的证据文件" in shown
    assert code(lead, photo.url) == 200
    assert code(signed_in("admin", post=Post.CITY_ADMIN), photo.url) == 404
