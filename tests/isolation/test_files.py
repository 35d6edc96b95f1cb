"""Photos and documents go where their case goes, and no further (reliability.md A-10)."""

import io

import pytest

from changxiao.cases import actions
from changxiao.cases.actions import Shown
from changxiao.cases.models import Case
from changxiao.kernel import scope, sheets
from changxiao.kernel.act import Act
from changxiao.ledger.media.models import Photo
from tests.isolation.conftest import (
    SIGNED_IN,
    sees,
    told,
)
from tests.support.cast import act


@pytest.fixture
def photographed(world, tmp_path):
    """A photo of 园林绿化处's case, and its address."""
    from PIL import Image

    from changxiao.ledger.media import actions as media

    image = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(image, "JPEG")
    with scope.viewing(scope.system("test")):
        photo = media.store(
            image.getvalue(),
            declared_type="image/jpeg",
            name="a.jpg",
            act=Act(actor="system:test", key="photo-key-0001"),
        )
        case = Case.everything.get(number=world.cases["other_department"])
        shown = [Shown(Photo.objects.get(sha256=photo.sha256), "before")]
        actions.add_photo(case, photos=shown, act=act("add_photo", by="li", post="dispatcher"))
    return f"/media/{photo.rendition_sha256}.jpg"


@pytest.fixture
def documented(world, tmp_path):
    """A PDF of 园林绿化处's case, and its address."""
    from changxiao.ledger.media import actions as media
    from changxiao.ledger.media.tests import papers

    with scope.viewing(scope.system("test")):
        paper = media.store(
            papers.pdf(),
            declared_type="application/pdf",
            name="a.pdf",
            act=Act(actor="system:test", key="paper-key-0001"),
            also=media.PAPERS,
        )
        case = Case.everything.get(number=world.cases["other_department"])
        done = act("add_photo", by="li", post="dispatcher")
        actions.add_photo(case, photos=[Shown(paper, "document")], act=done)
    return f"/media/{paper.sha256}.pdf"


def test_documents_are_had_with_their_case_or_not_at_all(desk, documented):
    none = told(desk("intake", "GET", f"/media/{'0' * 64}.pdf"), "@@")
    for who in (*SIGNED_IN, ""):
        answer = told(desk(who, "GET", documented), "@@")
        if "other_department" in sees(who):
            assert answer[0] == 200, who
        else:
            assert answer[:2] == none[:2], who
            assert answer[0] == 404, who


def test_a_workbook_that_proves_nothing_is_had_by_nobody(desk, world):
    from changxiao.ledger.media import actions as media
    from changxiao.ledger.media.tests.test_workbooks import written

    with scope.viewing(scope.system("test")):
        by = Act(actor="system:test", key="book-key-0001")
        kept = media.store(
            written(), declared_type=sheets.XLSX, name="a.xlsx", act=by, also=media.PROOFS
        )
    none = told(desk("intake", "GET", f"/media/{'0' * 64}.xlsx"), "@@")
    for who in (*SIGNED_IN, ""):
        assert told(desk(who, "GET", f"/media/{kept.sha256}.xlsx"), "@@")[:2] == none[:2], who
    assert none[0] == 404


def test_photos_are_seen_with_their_case_or_not_at_all(desk, photographed):
    for size in ("", "?size=thumb"):
        none = told(desk("intake", "GET", f"/media/{'0' * 64}.jpg{size}"), "@@")
        for who in (*SIGNED_IN, ""):
            answer = told(desk(who, "GET", photographed + size), "@@")
            if "other_department" in sees(who):
                assert answer[0] == 200, who
            else:
                assert answer[:2] == none[:2], who
                assert answer[0] == 404, who
