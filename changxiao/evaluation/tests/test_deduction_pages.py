"""扣款单页: a contract's late cases, by number and in yuan, as the city's rows say."""

import io
import re

import docx
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from changxiao.cases import actions as cases
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog.actions import set_policy
from changxiao.evaluation import actions, bundles, kept
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.rankings.marks import Outside
from changxiao.evaluation.replay.checks import check_sheets
from changxiao.evaluation.schemes import EXAMPLES, read_scheme
from changxiao.evaluation.scoring.counted import read_counted
from changxiao.evaluation.scoring.tests.samples import line
from changxiao.evaluation.scoring.tests.test_contracts import ONSITE
from changxiao.evaluation.tests.rounds import did, drafted
from changxiao.kernel import sheets
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.models import ContractSection, Unit
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


APRIL = {"when": at(4, month=5)}


def onsite():
    """The same scheme with points for what is found on the spot."""
    text = SCHEME.replace("cases = 10", "cases = 1").replace("\nversion = 1", "\nversion = 2")
    return actions.save_scheme(text=text + ONSITE, act=did())


def ranked(scheme, given):
    told = {"period": "2026-04", "lines": given, "file": "a.xlsx"}
    sheet = actions.submit_scores(scheme, **told, act=did(**APRIL))
    actions.confirm_scores(sheet, act=did(Post.LEADER, "zheng", **APRIL))
    return drafted(scheme, "2026-04", **APRIL)


def test_points_from_outside_stand_on_the_slip_with_their_evidence(charged):
    given = [line("onsite", "SZ-DL", minus="1.5", reason="保洁不到位", evidence="点位 3 照片")]
    row = ranked(onsite(), given)
    page = signed_in("huang").get(reverse("deductions", args=[row.number])).content.decode()
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"未分标段 +−1\.50", told)  # two contracts: it names neither
    assert re.search(r"−1\.50 +保洁不到位 +点位 3 照片 +contractor-2026-04-1", told)
    counted = row.result["rows"][0]["outside"]
    assert counted == [{"item": "onsite", "points": "-1.50", "most": 0}]


def test_points_that_name_their_contract_are_charged_there_and_carried_everywhere(charged):
    given = [
        line("onsite", "SZ-DL", minus="1.5", reason="保洁不到位", contract="HT-2"),
        line("onsite", "SZ-DL", minus="1", reason="资料不齐"),
    ]
    row = ranked(onsite(), given)
    office = signed_in("huang")
    page = office.get(reverse("deductions", args=[row.number])).content.decode()
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"HT-2 +一标段 +−1\.50 +750\.00", told)
    assert re.search(r"未分标段 +−1\.00", told)
    assert not re.search(r"HT-1 +一标段", told)
    # the only section of the contract was written down with it
    (named, bare) = row.result["outside"]
    assert (named["contract"], named["section"]) == ("HT-2", "一标段")
    assert "contract" not in bare
    for name, args in (
        ("evaluation", [row.number]),
        ("score_sheet", ["contractor-2026-04-1"]),
    ):
        assert "合同 HT-2 一标段" in office.get(reverse(name, args=args)).content.decode()
    assert bundles.check(kept.place(row) / kept.BUNDLE).same
    assert list(check_sheets()) == []
    table = sheets.read(io.BytesIO(counted_table(office, row)))
    scheme = read_scheme(row.scheme.text, LIBRARY)
    assert read_counted(table, scheme) == ([Outside.read(one) for one in row.result["outside"]], [])


def counted_table(client, row):
    return client.get(reverse("evaluation_scores", args=[row.number])).content


@pytest.mark.parametrize("contract", ["HT-9", "HT-OTHER", "HT-OVER"])
def test_a_contract_that_is_not_the_contractors_in_the_period_is_refused(charged, parks, contract):
    kinds = {"oversight": parks, "section": "二标段", "since_date": at(2).date()}
    roads = Unit.objects.get(code="SZ-DL")
    over = {"until_date": at(30).date()}
    ContractSection.objects.create(contract_number="HT-OTHER", contractor=parks, **kinds)
    ContractSection.objects.create(contract_number="HT-OVER", contractor=roads, **over, **kinds)
    scheme = onsite()
    before = Entry.objects.count()
    given = [line("onsite", "SZ-DL", minus="1", reason="积尘", contract=contract)]
    with pytest.raises(Refused) as no:
        ranked(scheme, given)
    assert no.value.code == "contract_wrong" and contract in no.value.sentence
    assert (Entry.objects.count(), ScoreSheet.everything.count()) == (before, 0)


def test_the_template_has_a_row_for_each_contract_and_the_preview_says_what_names_none(charged):
    Unit.objects.filter(code="SZ-DL").update(kind=Unit.Kind.MAINTENANCE_CONTRACTOR)
    onsite()
    with time_machine.travel(at(4, month=5), tick=False):
        office = signed_in("huang")
        args = ["contractor", "2026-04"]
        rows = sheets.read(io.BytesIO(office.get(reverse("scores_template", args=args)).content))
        assert [row[4:6] for row in rows] == [["合同编号", "标段"], *NAMED]
        for row, (minus, contract) in zip(rows[1:], (("1", "HT-1"), ("2", "")), strict=True):
            row[4:6] = contract, ""
            row[7:9] = minus, "积尘"
        data = sheets.write("表", rows, [9] * len(rows[0])).read()
        file = SimpleUploadedFile("现场.xlsx", data)
        page = office.post(reverse("scores_of", args=args), {"file": file}).content.decode()
    assert "合同 HT-1 一标段" in page and "有 1 行扣分没有写合同" in page


NAMED = [["HT-1", "一标段"], ["HT-2", "一标段"]]


def test_whoever_is_not_a_contractor_has_no_slip(published):
    office = signed_in("huang")
    for name in ("deductions", "deductions_docx", "deductions_pdf"):
        assert office.get(reverse(name, args=[published.number])).status_code == 404
    assert not Entry.objects.filter(stream="export:huang").exists()
