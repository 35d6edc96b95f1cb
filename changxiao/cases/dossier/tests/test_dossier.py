"""案卷卷宗: the same state, the same bytes; nobody on it has a name; its QR leads to the log."""

import io
import json

import pytest
import segno
import time_machine
from PIL import Image

from changxiao.cases import actions
from changxiao.cases.actions import Shown
from changxiao.cases.dossier import telling
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import sequencer
from changxiao.ledger.media import actions as media
from changxiao.ledger.models import Entry
from changxiao.ledger.papers import printing
from changxiao.ledger.references import entry_of, parse
from changxiao.orgs.posts import Post
from tests.support.cast import act, at


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 12), tick=False):
        yield


@pytest.fixture
def photo(db):
    picture = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(picture, "JPEG")
    return media.store(
        picture.getvalue(),
        declared_type="image/jpeg",
        name="a.jpg",
        act=Act(actor="wang", key="photo-key-0001"),
    )


@pytest.fixture
def told(dispatched, photo):
    """A case with a photo, an order, a request refused, and numbers in its texts."""
    person("li")
    case = actions.add_photo(
        dispatched,
        photos=[Shown(photo, "before")],
        act=act("add_photo", at(2, 9, 20), by="wang", post=Post.COLLECTOR),
    )
    case = actions.supervise(
        case, kind="leader", act=act("supervise", at(2, 10), note="找13912345678")
    )
    case = actions.ask_extend(case, act=act("ask_extend", at(2, 10, 30), note="等材料"))
    case = actions.refuse_request(case, act=act("refuse_request", at(2, 11), note="不同意"))
    sequencer.drain()
    return case


def paper(case):
    return printing.pdf(telling.TEMPLATE, *telling.dossier(case))


def test_the_same_state_gives_the_same_bytes_whenever_it_is_printed(told):
    first = paper(told)
    with time_machine.travel(at(9, 12), tick=False):
        again = paper(told)

    assert first.startswith(b"%PDF-") and first == again
    assert len(first) > 10_000


def test_another_state_gives_another_paper(told):
    before = paper(told)
    case = actions.nudge(told, act=act("nudge", at(2, 11, 30)))
    sequencer.drain()

    assert paper(case) != before


def test_everything_that_happened_stands_on_it_and_nobody_s_name(told):
    data, pictures = telling.dossier(told)
    said = json.dumps(data, ensure_ascii=False)

    assert [line["hash"] for line in data["story"]] == [e.hash for e in told.entries]
    assert len(data["requests"]) == len(data["orders"]) == len(data["photos"]) == 1
    assert told.number in data["photos"][0]["strip"] and "金平区" in data["photos"][0]["strip"]
    assert data["clocks"] and set(pictures) == {"photo-0.jpg", "proof.svg"}
    for word in ("王监督", "wang", "13912345678"):
        assert word not in said, word


def test_the_qr_says_the_line_and_the_line_finds_the_last_entry(told):
    data, pictures = telling.dossier(told)

    assert entry_of(parse(data["proof"])) == told.head
    same = io.BytesIO()
    segno.make(data["proof"], error="m").save(same, kind="svg", scale=4, border=2, light="#fff")
    assert pictures["proof.svg"] == same.getvalue()


def test_before_the_log_has_ordered_it_there_is_a_paper_without_a_proof(reported):
    data, pictures = telling.dossier(reported)

    assert (data["proof"], pictures) == ("", {})
    assert paper(reported).startswith(b"%PDF-")


def test_what_people_wrote_is_text_and_never_markup(problem):
    from dataclasses import replace

    text = '#read("/etc/passwd") $x$ *b* \\ #panic("x") ' + "长" * 3000 + " 😀 مرحبا"
    case = actions.report(replace(problem, description=text), act=act("report"))

    data, _pictures = telling.dossier(case)
    assert text in dict(data["facts"]).values()
    assert paper(case).startswith(b"%PDF-")


def test_a_template_that_fails_is_refused_in_words(tmp_path):
    bad = tmp_path / "bad.typ"
    bad.write_text('#panic("x")')

    with pytest.raises(Refused, match="没有排成"):
        printing.pdf(bad, {}, {})


def test_a_template_reads_nothing_outside_its_folder(tmp_path):
    bad = tmp_path / "bad.typ"
    bad.write_text('#read("/../../../../etc/hostname")')

    with pytest.raises(Refused, match="没有排成"):
        printing.pdf(bad, {}, {})


def test_whoever_sees_the_case_takes_its_dossier_and_an_entry_says_so(told):
    answer = signed_in("li").get(f"/cases/{told.number}/dossier.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    entry = Entry.objects.get(stream="export:li")
    assert (entry.verb, entry.data["case"], entry.data["entry"]) == (
        "export",
        told.number,
        told.head.hash,
    )


@pytest.mark.parametrize("path", ["dossier.pdf", "proof.svg"])
def test_who_may_not_see_the_case_gets_neither(told, path):
    far = signed_in("far", post=Post.DISPATCHER, area="440507")
    before = Entry.objects.count()

    assert far.get(f"/cases/{told.number}/{path}").status_code == 404
    assert Entry.objects.count() == before


def test_the_dispatch_sheet_shows_photos_with_their_strip_and_the_proof(told):
    page = signed_in("li").get(f"/cases/{told.number}/print/").content.decode()

    assert telling.strip(told, told.photos.get()) in page
    assert f"/cases/{told.number}/proof.svg" in page and "cx-proof-v1 " in page
    assert signed_in("li").get(f"/cases/{told.number}/proof.svg").status_code == 200
