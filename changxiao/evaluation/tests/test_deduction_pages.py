"""扣款单页: a contract's late cases, by number and in yuan, as the city's rows say."""

import io
import re

import docx
import pytest
from django.urls import reverse

from changxiao.cases import actions as cases
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog.actions import set_policy
from changxiao.evaluation import actions
from changxiao.evaluation.schemes import EXAMPLES
from changxiao.evaluation.scoring.tests.samples import line
from changxiao.evaluation.tests.rounds import did, drafted
from changxiao.kernel.act import Act
from changxiao.ledger.models import Entry
from changxiao.orgs.models import ContractSection
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

pytestmark = pytest.mark.django_db
SCHEME = (EXAMPLES / "contractor.toml").read_text(encoding="utf-8")


def dispatched(problem, damaged, section, *, day, done):
    """A case of the section, fed back at that hour (limit: 4 h from 09:15)."""
    case = cases.report(problem, act=act("report", at(day)))
    cases.accept(case, act=act("accept", at(day, 9, 5)))
    cases.file(case, criterion=damaged, act=act("file", at(day, 9, 10)))
    to = section.contractor
    cases.dispatch(case, to=to, section=section, act=act("dispatch", at(day, 9, 15)))
    cases.feed_back(case, act=act("feed_back", at(day, done, 15), note="已修补"))
    return case.number


@pytest.fixture
def charged(problem, damaged, roads, parks):
    """Two contracts of one contractor, late once and twice, and a price for one of them."""
    forget_catalog()
    kinds = {"contractor": roads, "oversight": parks, "since_date": at(2).date()}
    one, two = (
        ContractSection.objects.create(contract_number=number, section="一标段", **kinds)
        for number in ("HT-1", "HT-2")
    )
    late = [dispatched(problem, damaged, one, day=2, done=17)]
    late += [dispatched(problem, damaged, two, day=day, done=17) for day in (3, 4)]
    good = dispatched(problem, damaged, two, day=5, done=11)
    set_policy("deduction_per_point", value="HT-2=500", act=Act.system("test"))
    scheme = actions.save_scheme(text=SCHEME.replace("cases = 10", "cases = 1"), act=did())
    yield actions.publish(drafted(scheme), act=did()), late, good
    forget_catalog()


def test_each_contract_is_charged_case_by_case(charged):
    row, late, good = charged
    office = signed_in("huang")

    page = office.get(reverse("deductions", args=[row.number])).content.decode()
    told = re.sub(r"<[^>]+>|\s+", " ", page)

    # one case, 0.2 points, no price; two cases, 0.4 points at 500 yuan
    assert re.search(r"HT-1 +一标段 +−0\.20", told)
    assert re.search(r"HT-2 +一标段 +−0\.40 +200\.00", told)
    assert all(number in page for number in late) and good not in page
    assert "扣 0.40 分，每分 500 元，扣款 200.00 元。" in page

    paper = office.get(reverse("deductions_docx", args=[row.number])).content
    words = docx.Document(io.BytesIO(paper))
    assert ["HT-2", "一标段", "−0.40", "200.00"] in [
        [cell.text for cell in line.cells][1:] for line in words.tables[0].rows
    ]
    assert office.get(reverse("deductions_pdf", args=[row.number])).content[:5] == b"%PDF-"
    assert Entry.objects.filter(stream="export:huang").count() == 2


ONSITE = '\n[[outside]]\nkey = "onsite"\ntitle = "现场考核"\nkind = "points"\ncap = 10\n'


def test_points_from_outside_stand_on_the_slip_with_their_evidence(charged):
    text = SCHEME.replace("cases = 10", "cases = 1").replace("\nversion = 1", "\nversion = 2")
    scheme = actions.save_scheme(text=text + ONSITE, act=did())
    given = [line("onsite", "SZ-DL", minus="1.5", reason="保洁不到位", evidence="点位 3 照片")]
    told = {"period": "2026-04", "lines": given, "file": "a.xlsx"}
    april = {"when": at(4, month=5)}
    sheet = actions.submit_scores(scheme, **told, act=did(**april))
    actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng", **april))
    row = drafted(scheme, "2026-04", **april)
    page = signed_in("huang").get(reverse("deductions", args=[row.number])).content.decode()
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"未分标段 +−1\.50", told)  # two contracts: it names neither
    assert re.search(r"−1\.50 +保洁不到位 +点位 3 照片 +contractor-2026-04-1", told)
    counted = row.result["rows"][0]["outside"]
    assert counted == [{"item": "onsite", "points": "-1.50", "most": 0}]


def test_whoever_is_not_a_contractor_has_no_slip(published):
    office = signed_in("huang")
    for name in ("deductions", "deductions_docx", "deductions_pdf"):
        assert office.get(reverse(name, args=[published.number])).status_code == 404
    assert not Entry.objects.filter(stream="export:huang").exists()
