"""The pages of analysts over HTTP: who may, what stands there, the same in the download."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from changxiao.assets.models import Component
from changxiao.cases.tests.pages import forget_catalog, signed_in
from changxiao.catalog.models import Category, CityPolicy, PlaceKind, Subcategory
from changxiao.evaluation import home_facts, refreshing
from changxiao.evaluation.analysis import lasting_home
from changxiao.evaluation.facts import store
from changxiao.evaluation.flow import SEES_ALL
from changxiao.evaluation.tests.worked import facts
from changxiao.kernel.city import city as a_city
from changxiao.orgs.posts import Post
from changxiao.patrols.models import Patrol
from tests.support.budgets import budget

pytestmark = pytest.mark.django_db
PAGES = ("analysis/", "analysis/cases/", "analysis/hotspots/", "analysis/forecast/", "lasting/")
FILES = ("analysis/pivot.csv", "analysis/pivot.parquet", "analysis/cases.csv", "lasting/table.csv")
OTHERS = ("analysis/hotspots.geojson", "analysis/forecast.csv", "lasting/one/", "lasting/one.csv")
TOLD = """
number|street|channel|category|public_found|filed_at|closed_at|x|y|reported_at|why
2026100101|440511003|public|e0110|+|10-01 09:00|10-02 08:00|1167000000|233000000|10-01 08:00|first
2026100102|440511003|public|e0110|+|10-09 09:00|10-10 08:00|1167000100|233000000|10-09 08:00|back
2026100103|440511003|public|e0110|+|10-20 09:00|-|1167000200|233000000|10-20 08:00|again
2026100104|440507001|hotline|c0101|+|11-20 09:00|11-21 09:00|1167900000|233000000|11-20 08:00|other
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    forget_catalog()
    monkeypatch.setattr(home_facts, "home", lambda: tmp_path)
    lasting_home._table.cache_clear()
    return tmp_path


@pytest.fixture
def told(home):
    return facts(home / "facts", cases=TOLD)


@pytest.fixture
def huang(city):
    return signed_in("huang")


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("post", list(Post))
def test_only_analysts_come_in(told, city, post):
    reader = signed_in(f"u-{post}", post=post)

    for address in (*PAGES, *FILES, *OTHERS):
        query = "?by=street&group=440511003" if "one" in address else ""
        status = reader.get(f"/evaluation/{address}{query}").status_code
        allowed = (
            {200, 400} if "hotspots.geojson" in address or "forecast.csv" in address else {200}
        )
        assert status in (allowed if post in SEES_ALL else {403}), (address, status)


@pytest.mark.parametrize("address", PAGES)
def test_without_facts_a_page_says_what_to_do(home, huang, address):
    answer = huang.get(f"/evaluation/{address}")

    assert answer.status_code == 200 and "还没有事实库" in answer.content.decode()


@pytest.mark.parametrize("address", FILES)
def test_without_facts_a_file_is_refused_in_words(home, huang, address):
    answer = huang.get(f"/evaluation/{address}")

    assert answer.status_code == 400 and "还没有事实库" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "query", "word"),
    [
        ("analysis/", "rows=number", "number"),
        ("analysis/", "columns=sql", "sql"),
        ("analysis/", "measure=x", "x"),
        ("analysis/", "person=wang", "person"),
        ("analysis/", "since=2026-02-31", "2026-02-31"),
        ("analysis/", "box=1,2,3", "1,2,3"),
        ("analysis/", "box=nan,0,1,1", "nan"),
        ("lasting/", "by=person", "person"),
        ("lasting/", "days=7", "7"),
    ],
)
def test_what_cannot_be_asked_is_named(told, huang, address, query, word):
    answer = huang.get(f"/evaluation/{address}?{query}")

    assert answer.status_code == 400 and word in answer.content.decode()


def test_the_pivot_s_downloads_are_what_the_page_shows(told, huang):
    query = "?rows=street&columns=channel"
    page = huang.get(f"/evaluation/analysis/{query}").context["table"]
    written = rows_of(huang.get(f"/evaluation/analysis/pivot.csv{query}"))
    packed = huang.get(f"/evaluation/analysis/pivot.parquet{query}")
    table = pq.read_table(io.BytesIO(packed.content))

    shown = [[one.code, one.name, one.total[0], *(w for w, _to in one.cells)] for one in page.lines]
    assert written[1:-1] == shown and len(shown) == 2
    assert written[-1] == ["", "合计", "4", "3", "1"]
    assert table.column_names == written[0]
    assert [
        ["" if v is None else str(v) for v in row.values()] for row in table.to_pylist()
    ] == written[1:]


def test_each_number_opens_its_cases(told, huang):
    page = huang.get("/evaluation/analysis/?rows=street&columns=month&measure=closed")

    table = page.context["table"]
    for line in table.lines:
        for words, to in (*line.cells, line.total):
            behind = huang.get(f"/evaluation/analysis/cases/?{to}")
            assert behind.context["count"] == int(words or 0)
            listed = rows_of(huang.get(f"/evaluation/analysis/cases.csv?{to}"))
            assert len(listed) - 1 == int(words or 0)
    assert huang.get(f"/evaluation/analysis/cases/?{table.total[1]}").context["count"] == 3


def test_too_little_for_hot_spots_and_forecasts_is_said_in_words(told, huang):
    assert "少于 30 个" in huang.get("/evaluation/analysis/hotspots/").content.decode()
    assert "预测至少要" in huang.get("/evaluation/analysis/forecast/").content.decode()
    assert huang.get("/evaluation/analysis/hotspots.geojson").status_code == 400


def test_the_lasting_table_tells_each_street_and_says_what_is_unknown(told, huang):
    page = huang.get("/evaluation/lasting/?by=street&days=0")

    rows = {row.code: row for row in page.context["rows"]}
    assert rows["440511003"].told.counted.again == 2
    assert len(page.context["unknown"]) >= 2
    written = rows_of(huang.get("/evaluation/lasting/table.csv?by=street&days=0&order=-cases"))
    assert [row[0] for row in written[1:]] == ["440511003", "440507001"]
    assert written[1][written[0].index("again")] == "2"


@pytest.mark.parametrize("by", ["street", "community", "category", "department"])
def test_one_group_has_its_parts_its_days_and_its_spots(told, huang, by):
    group = {"street": "440511003", "category": "e0110", "department": "roads"}.get(by, "")
    page = huang.get(f"/evaluation/lasting/one/?by={by}&days=0&group={group}")

    assert page.status_code == 200
    (spot, _title, numbers), *_more = page.context["spots"]
    assert (spot.times, numbers) == (2, "2026100101,2026100102,2026100103")
    days = rows_of(huang.get(f"/evaluation/lasting/one.csv?by={by}&days=0&group={group}"))
    assert days[1][:2] == ["2026-10-01", "1"]
    assert huang.get(f"/evaluation/lasting/one/?by={by}&group=none").status_code == 404


def test_the_city_s_own_reach_and_campaigns_change_the_table(told, huang):
    def again():
        page = huang.get("/evaluation/lasting/?days=0")
        return {row.code: row.told.counted.again for row in page.context["rows"]}["440511003"]

    assert again() == 2
    CityPolicy.objects.create(key="lasting_reach", value="e0110=50/5")
    CityPolicy.objects.create(key="lasting_campaigns", value="2026-10-12")
    forget_catalog()
    assert again() == 0
    one = huang.get("/evaluation/lasting/one/?days=0&group=440511003")
    assert one.context["daily_chart"]["bands"] == [["2026-10-12", "2026-10-12"]]


def test_the_index_follows_the_weights_in_force_and_a_download_says_which(told, huang):
    address = "/evaluation/lasting/table.csv?days=0"
    before = rows_of(huang.get(address))
    CityPolicy.objects.create(
        key="lasting_weights", value="kept=0 once=100 flat=0 steady=0 first=0"
    )
    forget_catalog()

    after = rows_of(huang.get(address))

    head = before[0]
    assert [row[-5:] for row in before[1:]] == [["30", "25", "15", "15", "15"]] * 2
    (street,) = [dict(zip(head, row, strict=True)) for row in after if row[0] == "440511003"]
    assert float(street["index"]) == pytest.approx(100 * float(street["once"]))
    assert "指数 = 不复发 × 100%" in huang.get("/evaluation/lasting/?days=0").content.decode()


def test_the_table_is_told_by_kind_of_place_and_cut_by_it(home, huang):
    places = ["440511003001", "440507001001"]
    head, *rows = TOLD.strip().splitlines()
    codes = [places[0]] * 3 + [places[1]]
    told = "\n".join(f"{code}|{row}" for code, row in zip(codes, rows, strict=True))
    facts(home / "facts", cases=f"community|{head}\n{told}")
    PlaceKind.objects.create(community_code=places[0], kind="business")

    by_kind = huang.get("/evaluation/lasting/?by=place_kind&days=0").context["rows"]
    cut = huang.get("/evaluation/lasting/?by=street&days=0&kind=business")

    assert {row.name: row.told.cases for row in by_kind} == {"商区": 3, "（不明）": 1}
    assert [row.code for row in cut.context["rows"]] == ["440511003"]
    written = rows_of(huang.get("/evaluation/lasting/table.csv?by=street&days=0&kind=business"))
    assert [row[0] for row in written] == ["group", "440511003"]
    one = huang.get("/evaluation/lasting/one/?by=street&days=0&kind=business&group=440511003")
    assert "· 商区" in one.content.decode()
    gone = "/evaluation/lasting/one/?by=street&days=0&kind=business&group=440507001"
    assert huang.get(gone).status_code == 404
    assert huang.get("/evaluation/lasting/?kind=shop").status_code == 400


def test_a_junction_is_where_traffic_lights_stand(told, huang):
    subject = {"edition": "gb30428", "kind": "component"}
    traffic = Category.objects.create(code="02", name="道路交通设施", **subject)
    light = Subcategory.objects.create(
        code="0214", name="交通信号灯", category=traffic, status="sourced", **subject
    )
    at = {"4405110214000001": 116.70015, "4405110214000002": 116.7006, "4405110214000003": 116.75}
    for code, lon in at.items():  # the first two 46 m apart, one junction
        told_of = {"subcategory": light, "name": "灯", "updated_at": datetime.now(UTC)}
        Component.everything.create(code=code, lon=lon, lat=23.3, **told_of)

    rows = huang.get("/evaluation/lasting/?by=junction&days=0").context["rows"]

    assert [(row.code, row.told.cases) for row in rows] == [("4405110214000001", 3)]
    assert rows[0].name.endswith("路口 4405110214000001")
    assert rows[0].told.counted.again == 2
    page = huang.get("/evaluation/lasting/?by=junction&days=0").content.decode()
    to = "/evaluation/lasting/one/?by=junction&amp;days=0&amp;group=4405110214000001"
    assert f'href="{to}">{rows[0].name}</a>' in page and "2/" in page
    one = huang.get(to.replace("&amp;", "&")).content.decode()
    assert f"<h1>{rows[0].name}</h1>" in one and "/cases/?number=" in one
    written = rows_of(huang.get("/evaluation/lasting/table.csv?by=junction&days=0"))
    assert [row[0] for row in written] == ["group", "4405110214000001"]
    gone = "/evaluation/lasting/one/?by=junction&days=0&group=4405110214000003"
    assert huang.get(gone).status_code == 404


def test_what_a_city_that_says_nothing_weighs_is_what_is_published():
    from changxiao.catalog import policy
    from changxiao.catalog.policy_lasting import PARTS as NAMED
    from changxiao.catalog.policy_lasting import weights
    from changxiao.evaluation.lasting.index import PARTS, WEIGHTS

    assert weights(str(policy.setting("lasting_weights").default)) == WEIGHTS
    assert NAMED == PARTS


def test_patrols_of_a_street_are_its_visits(told, huang, django_assert_max_num_queries):
    from changxiao.patrols.tests.conftest import laid_out

    grid = laid_out()
    begin = datetime(2026, 10, 2, tzinfo=UTC)
    for n in range(5):
        at = begin + timedelta(days=n)
        Patrol.everything.create(
            number=f"P{n}",
            collector=f"c{n}",
            duty_grid_code=grid.code,
            community_code=grid.community.code,
            started_at=at,
            shift_end_at=at,
        )
    street = grid.community.subdistrict.code
    changed = facts(home_facts.home() / "facts", cases=TOLD.replace("440511003", street))
    assert changed
    with budget("page:lasting"):
        page = huang.get("/evaluation/lasting/?days=0")
    row = next(row for row in page.context["rows"] if row.code == street)
    assert row.told.visits == 5 and row.name == "街道"


def test_pages_keep_their_budgets(told, huang):
    huang.get("/evaluation/analysis/")
    with budget("page:analysis"):
        huang.get("/evaluation/analysis/?rows=street&columns=category&channel=public")
    with budget("page:lasting-one"):
        huang.get("/evaluation/lasting/one/?days=0&group=440511003")


def test_a_formula_in_a_code_is_text_in_the_file(home, huang):
    facts(home / "facts", cases=TOLD.replace("440507001", "=2+5"))

    written = rows_of(huang.get("/evaluation/analysis/pivot.csv?rows=street&columns="))
    assert "'=2+5" in {row[0] for row in written}


def test_cells_are_geojson(told, huang, monkeypatch):
    from changxiao.evaluation.outlook import hotspots

    monkeypatch.setattr(hotspots, "FEWEST_CELLS", 1)
    answer = huang.get("/evaluation/analysis/hotspots.geojson")

    assert json.loads(answer.content)["type"] == "FeatureCollection"


def test_facts_are_brought_up_where_the_log_has_grown_and_made_anew_after_a_restore(
    home, monkeypatch
):
    started = []
    monkeypatch.setattr(refreshing._child, "start", lambda *_size: started.append("more") or 1)
    monkeypatch.setattr(refreshing._anew, "start", lambda *_size: started.append("anew") or 1)
    monkeypatch.setattr(refreshing, "home", lambda: home)
    monkeypatch.setattr(refreshing.log, "size", lambda: 3)
    monkeypatch.setattr(refreshing.log, "root", lambda size: bytes([size]))
    now = datetime.now(UTC)

    assert refreshing.sweep(now) == 0  # no city was set up
    monkeypatch.setattr(refreshing, "home_city", lambda: a_city("440500"))
    assert refreshing.sweep(now) == 1  # there are none yet
    made = facts(home / "facts", cases=TOLD)
    for size, root in ((2, "02"), (3, "03"), (3, "77"), (9, "09")):
        made.cities["440500"] = store.Source("Asia/Shanghai", size, root)
        store.save(made)
        refreshing.sweep(now)
    assert started == ["more", "more", "anew", "anew"]
