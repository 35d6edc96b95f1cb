"""Pictures of a tile source in GCJ-02 lie under our own layers where the ground is.

The source is drawn here: on every one of its pictures a ring stands around the GCJ-02 coordinates
of one place. Some 500 metres lie between the datums, so a map that forgets them shows it elsewhere.
"""

import io
import re
from math import asinh, hypot, pi, radians, tan

import numpy as np
import pytest
from PIL import Image, ImageDraw

from changxiao.kernel import geo
from tests.stories import basics
from tests.stories.cast import cast, filed
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOURCE = "https://tiles.example.org/{z}/{x}/{y}.png"
PLACE = (116.703, 23.365)  # degrees WGS-84, where `filed` puts its cases
RING = "#ff00ff"
ASK = """async (places) => {
  const { toGcj02 } = await import(document.querySelector("[data-shift]").dataset.shift);
  return places.map(([lon, lat]) => toGcj02(lon, lat));
}"""


@pytest.fixture
def gcj02_source(monkeypatch):
    """A city whose operator named such a source; it must stand before the server starts."""
    monkeypatch.setenv("CHANGXIAO_MAP_TILES", SOURCE)
    monkeypatch.setenv("CHANGXIAO_MAP_TILES_CRS", "gcj02")
    monkeypatch.setenv("CHANGXIAO_MAP_TILES_CREDIT", "example")


def test_a_case_stands_where_the_pictures_show_its_place(gcj02_source, fresh_server, browser):
    cast()
    (number,) = filed(1)
    walk = Walk(browser, fresh_server, (390, "zh-hans", "light"), maps=True)

    with walk.person("li") as page:
        page.context.route(re.compile("tiles.example.org"), drawn)
        page.goto(f"{walk.url}/map/?stage=filed#17/{PLACE[1]}/{PLACE[0]}")
        basics.whole(page)
        canvas = page.locator("#case-map canvas")
        x, y = ring_in(canvas.screenshot())
        box = canvas.bounding_box()
        assert hypot(x - box["width"] / 2, y - box["height"] / 2) < 3
        canvas.click(position={"x": x, "y": y})
        page.wait_for_selector(f'[data-picked] [data-number="{number}"]')

        agree(page)


def agree(page):
    """The browser's formula is the server's, all over the country."""
    lons, lats = (axis.ravel() for axis in np.meshgrid(np.arange(75, 135), np.arange(18, 54)))
    theirs = page.evaluate(ASK, np.column_stack([lons, lats]).tolist())
    ours = np.column_stack(geo.wgs84_to_gcj02(lons, lats))
    assert np.abs(np.array(theirs) - ours).max() < 1e-9


def drawn(route):
    """A picture of the source: paper, and as much of the ring as lies on it."""
    zoom, column, row = map(int, re.findall(r"\d+", route.request.url)[-3:])
    lon, lat = geo.wgs84_to_gcj02(*([degrees] for degrees in PLACE))
    x = (lon[0] + 180) / 360 * 2**zoom - column
    y = (1 - asinh(tan(radians(lat[0]))) / pi) / 2 * 2**zoom - row
    picture = Image.new("RGB", (256, 256), "#ffffff")
    middle = (x * 256, y * 256)
    ImageDraw.Draw(picture).circle(middle, 60, outline=RING, width=10)
    file = io.BytesIO()
    picture.save(file, "PNG")
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(body=file.getvalue(), content_type="image/png", headers=headers)


def ring_in(screenshot):
    """The middle of the ring, in pixels of the map."""
    seen = np.asarray(Image.open(io.BytesIO(screenshot)).convert("RGB")).astype(int)
    rows, columns = np.nonzero((seen[..., 0] > 200) & (seen[..., 1] < 90) & (seen[..., 2] > 200))
    assert len(rows), "the source's pictures are not on the map"
    return (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
