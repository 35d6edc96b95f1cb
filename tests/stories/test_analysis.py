"""An analyst's morning: does order last, where does it gather, what comes next week."""

import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from changxiao.areas.models import District, Subdistrict
from changxiao.catalog.models import CityPolicy
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post
from tests.stories.cast import SINCE, cast, hashed
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOX = {"west": 116.6, "east": 116.8, "south": 23.3, "north": 23.5, "outline": "[]"}


@pytest.fixture
def huang(running_server, real_database, tmp_path):
    """The centre's director, a city with two streets, and two years of its facts."""
    cast()
    staff = Staff.objects.create(username="huang", name="黄主任", password=hashed())
    Appointment.objects.create(staff=staff, post=Post.CENTER_DIRECTOR, since_date=SINCE)
    district = District.objects.create(code="440511", name="金平区", scheme="map", **BOX)
    for code, name in (("440511001", "石炮台街道"), ("440511002", "金砂街道")):
        Subdistrict.objects.create(code=code, name=name, district=district, scheme="map", **BOX)
    CityPolicy.objects.create(key="lasting_campaigns", value="2026-06-10/2026-06-13 2026-09-10")
    made = Path(real_database.environment["CHANGXIAO_HOME"]) / "facts"
    planted(tmp_path, made)
    return staff


def planted(folder, target):
    """Facts of a made-up city, in two streets of ours, a third of them at one corner."""
    generate(Plan(6000, seed=4, months=24, tasks=False), folder)
    facts, source = store.Facts(target), store.opened(folder)
    facts.cities["440500"] = store.Source("Asia/Shanghai")
    for part in source.of("cases"):
        rows = pq.read_table(folder / part.file, schema=schema.arrow("cases")).to_pylist()
        for n, row in enumerate(rows):
            corner = n % 3 == 0
            row["city"], row["street"] = "440500", f"44051100{n % 2 + 1}"
            row["x"] = 1_167_000_000 + (0 if corner else n * 7919 % 300_000)
            row["y"] = 233_600_000 + (0 if corner else n * 104_729 % 300_000)
            row["category"] = "e9799" if corner else row["category"]
        fresh = store.pa.Table.from_pylist(rows, schema=schema.arrow("cases"))
        store.write(facts, "cases", fresh, city="440500", month=part.month)
    store.save(facts)


@pytest.mark.parametrize("how", [(1440, "zh-hans", "light"), (390, "en", "dark")], ids=str)
def test_an_analyst_s_morning(running_server, browser, huang, how):
    walk = Walk(browser, running_server, how)

    with walk.person("huang") as page:
        page.set_default_navigation_timeout(120_000)  # an engine is loaded, two years are counted
        page.goto(f"{walk.url}/evaluation/lasting/?order=-once")
        walk.look()
        assert page.locator("[aria-sort=descending]").count() == 1
        page.click("tbody a >> nth=0")
        page.wait_for_selector("[data-chart=daily][data-drawn] canvas")
        page.wait_for_selector("[data-chart=curve][data-drawn] canvas")
        walk.look()
        page.click("details.beside summary")
        assert page.locator(".beside-table tbody tr").count() > 300
        walk.look()

        page.goto(f"{walk.url}/evaluation/analysis/")
        page.wait_for_selector("[data-chart=bars][data-drawn] canvas")
        walk.look()
        if how[0] < 500:  # folded, so that the table is not below eight fields
            page.click(".ask-more > summary")
        page.select_option("[name=rows]", "street")
        page.select_option("[name=columns]", "channel")
        page.select_option("[name=measure]", "closed")
        page.click(".ask-form button[type=submit]")
        page.wait_for_url("**columns=channel**")
        number = page.locator(".pivot-table tbody tr >> nth=0 >> td a >> nth=0")
        told = number.inner_text()
        with page.expect_download() as packed:
            page.click('a[href*="pivot.parquet"]')
        table = pq.read_table(io.BytesIO(Path(packed.value.path()).read_bytes()))
        assert table.num_rows == 3 and str(table[2][0]) == told
        number.click()
        page.wait_for_url("**/analysis/cases/**")
        assert told in page.inner_text(".page-head")
        walk.look()

        page.goto(f"{walk.url}/evaluation/analysis/hotspots/")
        page.wait_for_selector("#hotspots [data-box]")
        walk.look()
        page.click("#hotspots tbody a >> nth=0")
        page.wait_for_url("**box=**")
        walk.look()

        page.goto(f"{walk.url}/evaluation/analysis/forecast/")
        page.wait_for_selector("[data-chart=next][data-drawn] canvas")
        assert "MASE" in page.inner_text("main")
        assert page.locator("table tbody tr").count() == 2
        walk.look()
