"""工单往返: in by a sheet or the API under the source's number, back in the source's columns."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from changxiao.cases import actions as cases
from changxiao.cases.jobs import answer_duplicates
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.models import ApiToken
from changxiao.orgs.tokens import digest_of
from changxiao.workorders import actions, intake, sources
from changxiao.workorders.models import OrderBatch, OrderReturn, OrderSource, WorkOrder
from tests.support.budgets import budget
from tests.support.cast import act, at

HEADS = [
    "工单编号",
    "来电人",
    "联系电话",
    "诉求内容",
    "诉求类别",
    "地址",
    "办理时限",
    "备注",
    "办理结果",
]
PHONE = "13800138000"
ORDERS = "/cases/work-orders/"


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 0), tick=False):
        yield


def row(number, **more):
    told = {
        "工单编号": number,
        "来电人": "陈大文",
        "联系电话": PHONE,
        "诉求内容": "路面有坑，多次反映",
        "诉求类别": "道路破损",
        "地址": "金平区金东街道北墩",
        "办理时限": "2026/3/2 12:00",
        "备注": "领导关注",
        "办理结果": "",
    } | more
    return [told[head] for head in HEADS]


def sheet(*rows, title="某市12345工单"):
    made = openpyxl.Workbook()
    made.active.append([title])
    made.active.merge_cells("A1:I1")
    for one in (HEADS, *rows):
        made.active.append(one)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def upload(client, data, source="12345", name="工单.xlsx"):
    file = SimpleUploadedFile(name, data)
    answer = client.post(f"{ORDERS}take/", {"source": source, "file": file})
    return OrderBatch.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))


def table(response):
    data = b"".join(response.streaming_content)
    return [list(r) for r in openpyxl.load_workbook(io.BytesIO(data)).active.values]


def finished(case, criterion, unit, answer="已修好"):
    case = cases.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 1)))
    case = cases.confirm(case, act=act("confirm", at(2, 9, 2)))
    case = cases.accept(case, act=act("accept", at(2, 9, 5)))
    case = cases.file(case, criterion=criterion, act=act("file", at(2, 9, 10)))
    case = cases.dispatch(case, to=unit, act=act("dispatch", at(2, 9, 15)))
    case = cases.feed_back(case, act=act("feed_back", at(2, 11), note="已修补"))
    case = cases.verify(case, act=act("verify", at(2, 11, 10)))
    return cases.close(case, answer=answer, act=act("close", at(2, 11, 20)))


def test_the_whole_way_of_a_sheet_there_and_back(city, damaged, roads):
    client = signed_in("chen")
    data = sheet(
        row("GD1"), row("GD2"), row("GD3", 办理时限="尽快"), row("GD1"), row("GD4", 诉求类别="噪声")
    )
    batch = upload(client, data)
    assert (batch.state, batch.good, batch.known, batch.bad) == ("draft", 2, 0, 3)
    page = client.get(f"{ORDERS}take/{batch.pk}/").content.decode()
    for words in ("收下这 2 件", "时间读不出", "与第 3 行编号重复", "噪声（1 行）", "社区中心"):
        assert words in page, words
    assert PHONE not in page and WorkOrder.everything.count() == Case.everything.count() == 0

    # their category is learnt, and the draft is read again by it
    fit = {"key": "11111111-1111-4111-8111-111111111111", "kind_0": "e9799"}
    places = {f"column_{name}": str(n) for name, n in batch.shown["places"].items()}
    assert client.post(f"{ORDERS}take/{batch.pk}/fit", fit | places).status_code == 302
    batch.refresh_from_db()
    assert (batch.good, batch.bad) == (3, 2)
    assert sources.of("12345").categories == {"噪声": "e9799"}

    client.post(f"{ORDERS}take/{batch.pk}/confirm")
    batch.refresh_from_db()
    assert (batch.state, batch.taken, batch.bad) == ("done", 3, 2)
    bad = table(client.get(f"/downloads/list/order-faults.xlsx?batch={batch.pk}"))
    assert bad[0] == [*HEADS, "未收原因"]
    assert [r[0] for r in bad[1:]] == ["GD3", "GD1"] and "时间读不出" in bad[1][-1]
    assert Case.everything.count() == 3

    # the same file once more takes nothing
    again = upload(client, data)
    assert (again.good, again.known) == (0, 3)
    assert "此前收过" in client.get(f"{ORDERS}take/{again.pk}/").content.decode()
    client.post(f"{ORDERS}take/{again.pk}/confirm")
    assert Case.everything.count() == WorkOrder.everything.count() == 3

    # one is done, one joined to it, one declined back
    one, two = (WorkOrder.everything.get(number=n) for n in ("GD1", "GD2"))
    assert one.case.channel == "hotline" and one.case.calls.count() == 1
    cases.join(two.case, to=one.case, act=act("join", at(2, 9)))
    finished(one.case, damaged, roads)
    answer_duplicates(Entry.objects.get(verb="close"))
    with time_machine.travel(at(2, 12, 0), tick=False):
        client = signed_in("chen")
        form = {
            "do": "return",
            "key": "22222222-2222-4222-8222-222222222222",
            "reason": "属环保部门",
        }
        assert client.post(f"{ORDERS}12345/GD4/", form).status_code == 302
        page = client.get(f"{ORDERS}?state=answered&source=12345").content.decode()
        assert all(number in page for number in ("GD1", "GD2", "GD4"))
        send = {"source": "12345", "all": "1", "key": "33333333-3333-4333-8333-333333333333"}
        client.post(f"{ORDERS}send", send)
        client.post(f"{ORDERS}send", send)
        made = OrderReturn.objects.get()
        back = table(client.get(f"/downloads/list/order-answers.xlsx?batch={made.code}"))
    assert back[0] == [*HEADS, "办理状态", "办理单位", "办结时间", "是否解决", "满意度", "受理号"]
    told = {r[0]: dict(zip(back[0], r, strict=True)) for r in back[1:]}
    assert told["GD1"]["办理结果"] == told["GD2"]["办理结果"] == "已修好"
    assert told["GD2"]["办理状态"] == "办结（并案）" and told["GD2"]["办理单位"] == "市政道路处"
    assert told["GD4"]["办理结果"] == "属环保部门" and told["GD4"]["办理状态"] == "退单"
    assert told["GD1"]["备注"] == "领导关注" and told["GD1"]["联系电话"] is None
    assert "没有这样的工单" in client.get(f"{ORDERS}?state=answered").content.decode()
    assert PHONE not in "".join(Entry.objects.values_list("body", flat=True))


@pytest.mark.parametrize("source", list(sources.SHIPPED))
@pytest.mark.parametrize("kind", ["new", "twice in the file", "taken before", "bad"])
def test_every_source_takes_a_row_once_or_says_why_not(city, damaged, source, kind):
    rows = {"new": [row("A")], "twice in the file": [row("A"), row("A")]}
    rows |= {"taken before": [row("A")], "bad": [row("A", 诉求内容="")]}
    client = signed_in("chen")
    if kind == "taken before":
        before = upload(client, sheet(row("A"), title="旧"), source)
        client.post(f"{ORDERS}take/{before.pk}/confirm")
    batch = upload(client, sheet(*rows[kind]), source)
    client.post(f"{ORDERS}take/{batch.pk}/confirm")
    batch.refresh_from_db()

    wanted = {"new": (1, 0, 0), "twice in the file": (1, 0, 1)}
    wanted |= {"taken before": (0, 1, 0), "bad": (0, 0, 1)}
    assert (batch.taken, batch.known, batch.bad) == wanted[kind]
    assert WorkOrder.everything.count() == (kind != "bad")
    if kind != "bad":
        assert Case.everything.get().channel == sources.SHIPPED[source][1]


def test_a_known_number_that_says_something_else_is_for_a_person_to_compare(city, damaged):
    client = signed_in("chen")
    client.post(
        f"{ORDERS}take/{upload(client, sheet(row('GD1'), row('GD2'), row('GD3'))).pk}/confirm"
    )

    told = row("GD1", 办理时限="2026/3/4 12:00"), row("GD2", 诉求内容="坑更大了，请打13912345678")
    batch = upload(client, sheet(*told, row("GD3"), row("GD4")))

    assert (batch.good, batch.known, batch.bad) == (1, 1, 2)
    page = client.get(f"{ORDERS}take/{batch.pk}/").content.decode()
    numbers = dict(WorkOrder.everything.values_list("number", "case__number"))
    assert f"已收为案卷 {numbers['GD1']}，那时是“2026-03-02 12:00”" in page
    assert "那时是“路面有坑，多次反映”" in page and "13912345678" not in page
    client.post(f"{ORDERS}take/{batch.pk}/confirm")
    batch.refresh_from_db()
    assert (batch.taken, batch.known, batch.bad) == (1, 1, 2)
    bad = table(client.get(f"/downloads/list/order-faults.xlsx?batch={batch.pk}"))
    assert [r[0] for r in bad[1:]] == ["GD1", "GD2"] and "请在工单页核对" in bad[1][-1]
    assert Case.everything.get(number=numbers["GD2"]).description == "路面有坑，多次反映"


def test_the_case_s_page_names_the_order_for_whoever_handles_orders(city, damaged, roads):
    client = signed_in("chen")
    client.post(f"{ORDERS}take/{upload(client, sheet(row('GD1'))).pk}/confirm")
    case = WorkOrder.everything.get().case
    address = f"{ORDERS}of-case/{case.number}"

    assert f'hx-get="{address}"' in client.get(f"/cases/{case.number}/").content.decode()
    told = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert f'href="{ORDERS}12345/GD1/"' in told and "GD1</span>" in told
    assert client.get(address)["Location"] == f"{ORDERS}12345/GD1/"
    li = signed_in("li").get(address, headers={"HX-Request": "true"})
    assert "GD1" not in li.content.decode() and sources.titles()["12345"] in li.content.decode()
    assert signed_in("zhao").get(address, headers={"HX-Request": "true"}).status_code == 404
    assert client.get(f"{ORDERS}of-case/202603029999").status_code == 404


def test_a_killed_run_goes_on_and_takes_nothing_twice(city, damaged, monkeypatch):
    client = signed_in("chen")
    batch = upload(client, sheet(*(row(f"A{n}") for n in range(5))))
    intake.start(batch)
    real, done = actions.take_order, []

    def dying(*args, **more):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(real(*args, **more))
        return done[-1]

    monkeypatch.setattr(intake, "take_order", dying)
    with pytest.raises(KeyboardInterrupt):
        intake.run(OrderBatch.objects.get(pk=batch.pk))
    assert WorkOrder.everything.count() == 2
    monkeypatch.setattr(intake, "take_order", real)
    intake.run(OrderBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    assert (batch.taken, batch.known, Case.everything.count()) == (5, 0, 5)


@pytest.fixture
def taken(city, damaged):
    client = signed_in("chen")
    batch = upload(client, sheet(row("GD1")))
    client.post(f"{ORDERS}take/{batch.pk}/confirm")
    return WorkOrder.everything.select_related("case").get()


@pytest.mark.parametrize(
    ("limit", "due", "by"),
    [
        ("2026/3/2 12:00", at(2, 12), "12345 政务服务便民热线"),  # theirs is the earlier one
        ("2026/3/9 12:00", at(2, 15, 15), ""),  # ours: 4 working hours over noon
    ],
)
def test_the_earlier_of_both_limits_is_due_and_says_whose_it_is(
    city, damaged, roads, limit, due, by
):
    client = signed_in("chen")
    batch = upload(client, sheet(row("GD1", 办理时限=limit)))
    client.post(f"{ORDERS}take/{batch.pk}/confirm")
    case = Case.everything.get()
    case = cases.ask_to_confirm(case, act=act("ask_to_confirm", at(2, 9, 1)))
    case = cases.confirm(case, act=act("confirm", at(2, 9, 2)))
    case = cases.accept(case, act=act("accept", at(2, 9, 5)))
    case = cases.file(case, criterion=damaged, act=act("file", at(2, 9, 10)))
    case = cases.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 15)))

    assert (case.handle_due_at, case.due_by) == (due, by)
    late = due + timedelta(minutes=1)
    case = cases.feed_back(case, act=act("feed_back", late, note="已修补"))
    assert case.handled_late


def test_more_time_holds_once_the_source_agrees_and_not_before(taken, damaged, roads):
    case = cases.ask_to_confirm(taken.case, act=act("ask_to_confirm", at(2, 9, 1)))
    case = cases.confirm(case, act=act("confirm", at(2, 9, 2)))
    case = cases.accept(case, act=act("accept", at(2, 9, 5)))
    case = cases.file(case, criterion=damaged, act=act("file", at(2, 9, 10)))
    case = cases.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 15)))
    client, later = signed_in("chen"), at(2, 9, 30)
    with time_machine.travel(later, tick=False):
        ask = {"do": "time", "key": "44444444-4444-4444-8444-444444444444"}
        early = client.post(
            f"{ORDERS}12345/GD1/", ask | {"until": "2026-03-02T10:00", "reason": "等料"}
        )
        assert early.status_code == 422 and "晚于" in early.content.decode()
        client.post(f"{ORDERS}12345/GD1/", ask | {"until": "2026-03-02T13:00", "reason": "等料"})
        case.refresh_from_db()
        assert case.handle_due_at == at(2, 12)
        done = {"do": "settle", "key": "55555555-5555-4555-8555-555555555555", "granted": "1"}
        client.post(f"{ORDERS}12345/GD1/", done)
    taken.refresh_from_db()
    case.refresh_from_db()
    assert (taken.asked, taken.limit_at, case.handle_due_at) == ("granted", at(2, 13), at(2, 13))
    assert case.whole_due_at == at(2, 13)


def test_what_is_filed_already_is_not_declined_back(taken, damaged):
    case = cases.ask_to_confirm(taken.case, act=act("ask_to_confirm", at(2, 9, 1)))
    case = cases.confirm(case, act=act("confirm", at(2, 9, 2)))
    cases.accept(case, act=act("accept", at(2, 9, 5)))
    with pytest.raises(Refused, match="待立案"):
        actions.return_order(taken, reason="不属我们", act=act("unmask", at(2, 9, 10)))
    taken.refresh_from_db()
    assert taken.returned_at is None and taken.case.stage == "accepted"


def test_reopened_after_it_went_back_it_is_answered_anew(taken, damaged, roads):
    from changxiao.workorders import listing

    case = finished(taken.case, damaged, roads)
    made = actions.send_answers(sources.of("12345"), act=act("unmask", at(2, 11, 30)))
    taken.refresh_from_db()
    assert (made.count, listing.state_of(taken, at(2, 12))) == (1, "sent")
    with pytest.raises(Refused, match="没有可回传"):
        actions.send_answers(sources.of("12345"), act=act("unmask", at(2, 11, 40)))

    cases.reopen(case, said="又坏了", act=act("reopen", at(2, 13)))
    assert WorkOrder.objects.filter(listing.WAITING).count() == 1
    case.refresh_from_db()
    cases.close(case, answer="又修了", act=act("close", at(2, 14)))
    assert WorkOrder.objects.filter(listing.ANSWERED).count() == 1


BODY = {
    "source": "12345",
    "number": "API-1",
    "description": "路面有坑",
    "category": "道路破损",
    "address": "金平区金东街道北墩",
    "limit_at": "2026-03-02T12:00:00+08:00",
    "phone": PHONE,
}


@pytest.fixture
def api(city, damaged):
    digest = digest_of("token-chen")
    ApiToken.objects.create(digest=digest, staff=person("chen"), kind="api", created_at=at(1))
    client = Client(headers={"Authorization": "Bearer token-chen"})
    return lambda path="", body=None, **more: (
        client.post(f"/api/v1/work-orders{path}", json.dumps(body), "application/json", **more)
        if body is not None
        else client.get(f"/api/v1/work-orders{path}")
    )


def test_a_machine_sends_an_order_once_and_reads_its_answer(api, damaged, roads):
    first, second = api(body=BODY), api(body=BODY | {"description": "改了"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["case"] == second.json()["case"] and Case.everything.count() == 1

    finished(Case.everything.get(), damaged, roads)
    rows = api("?source=12345&answered_after=2026-03-02T11:00:00%2B08:00").json()["items"]
    assert [(one["number"], one["answer"], one["state"]) for one in rows] == [
        ("API-1", "已修好", "answered")
    ]
    sent = {"source": "12345", "numbers": ["API-1"]}
    key = {"headers": {"Idempotency-Key": "66666666-6666-4666-8666-666666666666"}}
    with time_machine.travel(at(2, 12), tick=False):
        batches = {api("/sent", sent, **key).json()["batch"] for _try in range(2)}
        told = api("?state=sent").json()["items"]
    assert len(batches) == 1 and {one["sent_batch"] for one in told} == batches


@pytest.mark.parametrize(
    ("change", "status", "why"),
    [
        ({"source": "nobody"}, 409, "nobody"),
        ({"category": "外星人"}, 409, "外星人"),
        ({"address": "火星"}, 409, "火星"),
        ({"lon": 113.2, "lat": 23.1}, 409, "汕头"),
        ({"lon": 116.7}, 409, "一起"),
        ({"limit_at": "2026-03-02T12:00:00"}, 409, "时区"),
        ({"number": ""}, 422, "number"),
        ({"number": "x" * 61}, 422, "number"),
    ],
)
def test_what_a_machine_sends_wrong_is_named_and_nothing_is_taken(api, change, status, why):
    answer = api(body=BODY | change)
    assert answer.status_code in {status, 422} and why in answer.content.decode()
    assert WorkOrder.everything.count() == Case.everything.count() == 0


@pytest.mark.parametrize("who", ["wang", "li", "zhang", "zhao"])
def test_orders_are_for_who_answers_for_them(taken, roads, who):
    client = signed_in(who, unit=roads if who == "zhao" else None)
    for path in ("", "take/", f"take/{taken.batch_id}/", "12345/GD1/"):
        assert client.get(f"{ORDERS}{path}").status_code in {403, 404}, path
    assert client.post(f"{ORDERS}send", {"source": "12345"}).status_code == 403


def test_a_clerk_of_another_district_sees_no_foreign_order(taken):
    client = signed_in("lin", area="440507")
    page = client.get(f"{ORDERS}?state=waiting").content.decode()
    assert "没有这样的工单" in page and client.get(f"{ORDERS}12345/GD1/").status_code == 404


def test_the_layout_is_edited_with_preview_history_and_undo(city, damaged):
    client = signed_in("admin")
    address = "/settings/work-orders/12345/"
    form = client.get(address).context["form"]
    told = {n: "" if (v := form[n].value()) is None else v for n in form.fields}
    told |= {"answers": "处理意见 = 答复（退单时为退单理由）\n单号 = 受理号", "area": "440511"}
    preview = client.post(address, told)
    assert "处理意见" in preview.content.decode() and not OrderSource.objects.exists()
    seen = preview.context["preview"].seen
    assert client.post(address, told | {"seen": seen, "confirm": "1"}).status_code == 302
    assert sources.of("12345").answers == [["处理意见", "answer"], ["单号", "case"]]
    wrong = client.post(address, told | {"categories": "噪声 = e0000"})
    assert wrong.status_code == 422 and "e0000" in wrong.content.decode()
    history = client.get("/settings/work-orders/history/source/12345/").content.decode()
    assert "处理意见" in history
    assert client.get("/settings/work-orders/undo/source/12345/?n=1").status_code == 200
    assert "12345 政务服务便民热线" in client.get("/settings/work-orders/").content.decode()


def test_a_page_of_orders_and_one_of_them_keep_their_budgets(city, damaged):
    client = signed_in("chen")
    rows = [row(f"GD{n}") for n in range(12)]
    client.post(f"{ORDERS}take/{upload(client, sheet(*rows)).pk}/confirm")
    client.get(ORDERS)

    with budget("page:orders"):
        page = client.get(ORDERS).content.decode()
    assert page.count("GD1") >= 3
    with budget("page:order"):
        assert client.get(f"{ORDERS}12345/GD7/").status_code == 200
