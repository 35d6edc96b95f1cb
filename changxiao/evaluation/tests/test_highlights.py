"""亮点: candidates under checks, picked by the office, shown with public pictures."""

import io

import docx
import pytest
from openpyxl import load_workbook

from changxiao.cases.showing import actions as showing
from changxiao.cases.showing.tests.test_showing import by, release_case, stored, with_photo
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog.actions import set_public_rule
from changxiao.catalog.models import CityPolicy
from changxiao.evaluation import actions, home_facts
from changxiao.evaluation.bulletins import telling
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.models_highlights import Highlight
from changxiao.evaluation.tests.rounds import did, looking
from changxiao.evaluation.tests.test_rounds import MAY, refused
from changxiao.evaluation.tests.worked import facts
from changxiao.ledger.media.tests.drawn import scene
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.patrols.models import Patrol
from tests.support.budgets import budget
from tests.support.cast import at
from tests.support.pdf_text import texts

pytestmark = pytest.mark.django_db
PLACE = "440511003001"
SPOT = """
number|community|channel|category|public_found|filed_at|closed_at|x|y|reported_at|why
1|440511003001|public|e0110|+|02-01 09:00|02-02 08:00|1167000000|233000000|02-01 08:00|first
{last}|440511003001|public|e0110|+|02-05 09:00|02-06 08:00|1167000100|233000000|02-05 08:00|back
9|440511003001|public|e0110|+|03-30 09:00|03-31 08:00|1167900000|233000000|03-30 08:00|elsewhere
"""


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path / "home"))
    forget_catalog()


@pytest.fixture
def spot(published, dispatched, tmp_path, monkeypatch):
    """Clean from 6 February to the end of March, walked past on 14 days."""
    monkeypatch.setattr(home_facts, "home", lambda: tmp_path)
    for key, value in (("days", 50), ("times", 1), ("visits", 14)):
        CityPolicy.objects.create(key=f"highlight_{key}", value=f"{value}")
    forget_catalog()
    facts(tmp_path / "facts", cases=SPOT.format(last=dispatched.number))
    for n in range(15):
        Patrol.everything.create(
            number=f"P{n}",
            collector=f"c{n}",
            duty_grid_code="DG",
            community_code=PLACE,
            started_at=at(max(n, 1) + 5),  # two on the first day
            shift_end_at=at(30),
        )
    return published


def pick(row, **more):
    return actions.pick_highlight(row, spot="1", act=did(**more))


def blocks(row):
    with looking():
        return bulletin(telling.source_of(row)).blocks


def said(row):
    return "\n".join(getattr(one, "text", "") for one in blocks(row))


def test_the_office_picks_what_the_bulletin_then_says_and_takes_it_down_again(spot):
    assert "亮点" not in said(spot)

    pick(spot)
    assert "在同一处复发 1 次，2026年2月6日最后一次结案，此后 54 天没有人再发现" in said(spot)
    refused("highlight_picked", lambda: pick(spot))
    actions.drop_highlight(spot, spot="1", act=did())
    assert "亮点" not in said(spot)
    pick(spot)
    assert Highlight.everything.count() == 1
    verbs = Entry.objects.filter(stream=spot.stream).order_by("n").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["pick_highlight", "drop_highlight", "pick_highlight"]


def test_only_a_candidate_is_picked_by_the_office_before_the_seal(spot):
    refused("not_yours", lambda: pick(spot, post=Post.LEADER, by="zheng"))
    refused("highlight_unknown", lambda: actions.drop_highlight(spot, spot="1", act=did()))
    refused("highlight_unknown", lambda: actions.pick_highlight(spot, spot="7", act=did()))
    CityPolicy.objects.filter(key="highlight_visits").update(value="15")  # nobody looked enough
    forget_catalog()
    refused("highlight_unknown", lambda: pick(spot))
    CityPolicy.objects.filter(key="highlight_visits").update(value="14")
    forget_catalog()
    pick(spot)
    sealed = actions.seal(spot, act=did(when=MAY))
    refused("period_sealed", lambda: actions.drop_highlight(sealed, spot="1", act=did(when=MAY)))
    assert "亮点" in said(sealed)


def test_pictures_are_the_released_ones_and_go_when_they_are_taken_back(spot, dispatched):
    set_public_rule(None, view="live", place="coarse", act=by(Post.CITY_ADMIN, "admin"))
    drawings = {"before": scene(faces=(100,), size=(640, 480)), "after": scene(size=(640, 480))}
    photos = {role: stored(drawing) for role, drawing in drawings.items()}
    for role, photo in photos.items():
        with_photo(dispatched, role, photo)
    case = release_case(dispatched)
    showing.await_look(case)
    pick(spot)
    office = signed_in("huang")
    address = f"/evaluation/{spot.number}/bulletin"
    assert "/p/photo/" not in office.get(f"{address}/").content.decode()

    for photo in photos.values():
        showing.release_photo(case, photo, boxes=[], act=by())

    page = office.get(f"{address}/").content.decode()
    assert page.count("/p/photo/") == 2
    paper = docx.Document(io.BytesIO(office.get(f"{address}.docx").content))
    words = [one._inline.docPr.get("descr") or "" for one in paper.inline_shapes]
    assert [one[-4:] for one in words if "处置" in one] == ["：处置前", "：处置后"]
    assert office.get(f"{address}.pdf").content.startswith(b"%PDF")
    showing.hide_photo(case, photos["after"], act=by(note="有人脸"))
    assert "/p/photo/" not in office.get(f"{address}/").content.decode()


def test_a_picked_spot_with_its_pictures_stands_in_every_form_of_the_bulletin(
    spot, dispatched, tmp_path
):
    rows = SPOT.replace("\n1|", f"\n{dispatched.number}|").replace("{last}|", "2|")
    facts(tmp_path / "facts", cases=rows)
    set_public_rule(None, view="live", place="coarse", act=by(Post.CITY_ADMIN, "admin"))
    photos = {"before": scene(faces=(100,), size=(640, 480)), "after": scene(size=(480, 640))}
    for role, drawing in photos.items():
        photos[role] = stored(drawing)
        with_photo(dispatched, role, photos[role])
    case = release_case(dispatched)
    showing.await_look(case)
    for photo in photos.values():
        showing.release_photo(case, photo, boxes=[], act=by())
    office, bulletin_ = signed_in("huang"), f"/evaluation/{spot.number}/bulletin"
    address = f"/evaluation/{spot.number}/highlights/"

    candidate = office.get(address).content.decode()
    assert candidate.count("/p/photo/") == 2 and 'value="pick_highlight"' in candidate
    assert f"/cases/?number={dispatched.number},2" in candidate
    assert "#17/23.3/116.7" in candidate
    key = "31111111-1111-4111-8111-111111111111"
    sent = {"key": key, "base_n": "0", "spot": dispatched.number}
    assert office.post(address, {**sent, "verb": "pick_highlight"}).status_code == 302

    picked = office.get(address).content.decode()
    assert 'value="drop_highlight"' in picked and picked.count("/p/photo/") == 2
    assert f"#17/{dispatched.lat}/{dispatched.lon}" in picked  # what was picked keeps its link
    web = office.get(f"{bulletin_}/").content.decode()
    assert "亮点" in web and web.count("/p/photo/") == 2
    paper = docx.Document(io.BytesIO(office.get(f"{bulletin_}.docx").content))
    assert any("在同一处复发 1 次" in one.text for one in paper.paragraphs)
    pdf_texts = "".join(texts(office.get(f"{bulletin_}.pdf").content))
    assert "在同一处复发" in pdf_texts and "处置后" in pdf_texts
    book = load_workbook(io.BytesIO(office.get(f"{bulletin_}.xlsx").content))
    [row] = book["亮点"].iter_rows(min_row=3, max_col=7, values_only=True)
    assert row[2:] == ("2026-02-01", "2026-02-06", 1, 54, 14)
    images = book["亮点"]._images
    assert [(one.anchor._from.row, one.anchor._from.col) for one in images] == [(2, 7), (2, 8)]

    again = {**sent, "key": f"4{key[1:]}", "verb": "drop_highlight"}
    assert office.post(address, again).status_code == 302
    assert (
        "亮点" not in load_workbook(io.BytesIO(office.get(f"{bulletin_}.xlsx").content)).sheetnames
    )
    assert "/p/photo/" not in office.get(f"{bulletin_}/").content.decode()


def test_the_page_lists_candidates_and_does_what_its_button_says(spot):
    office, address = signed_in("huang"), f"/evaluation/{spot.number}/highlights/"
    with budget("page:highlights"):
        page = office.get(address).content.decode()
    assert 'value="pick_highlight"' in page and "没有已公开的处置前后照片" in page
    key = "11111111-1111-4111-8111-111111111111"
    sent = {"key": key, "base_n": "0", "spot": "1", "verb": "pick_highlight"}

    assert office.post(address, sent).status_code == 302

    page = office.get(address).content.decode()
    assert 'value="drop_highlight"' in page and 'value="pick_highlight"' not in page
    refused_page = office.post(address, {**sent, "key": f"2{key[1:]}"})
    assert refused_page.status_code == 422
    assert "这个点位已列为亮点" in refused_page.content.decode()
    auditor = signed_in("shen", post=Post.AUDITOR)
    assert 'value="drop_highlight"' not in auditor.get(address).content.decode()
    assert auditor.post(address, {**sent, "verb": "drop_highlight"}).status_code == 403
    assert signed_in("zhao").get(address).status_code == 403
