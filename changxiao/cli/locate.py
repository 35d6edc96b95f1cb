"""`changxiao locate`: where does this point belong? One, or a file of them. No database, no home.

Prints district, street, community, unit grid, duty grid and the metres to the nearest boundary of
the community. Shapes below the district are generated, see docs/places.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from changxiao.areas.locate import Locator, Place, locator_of
from changxiao.kernel.city import city
from changxiao.kernel.geo import check_degrees, read_crs
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@click.command(
    help=_(
        "定位：经度 LON、纬度 LAT 属于哪个区、街道、社区、单元网格、责任网格，"
        "离最近的社区边界多少米。例如 116.70 23.36 --crs gcj02。"
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("lon", required=False)
@click.argument("lat", required=False)
@click.option("--crs", default="wgs84", show_default=True, help=_("坐标系：wgs84、gcj02、bd09。"))
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("CSV 文件，列 lon,lat，可有 crs；输出原列加定位结果，坏行写到 stderr，退出码 1。"),
)
@click.option("--city", "code", default="440500", show_default=True, help=_("城市代码或目录名。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def locate(  # noqa: PLR0917 - one argument an option
    lon: str | None,
    lat: str | None,
    crs: str,
    batch: Path | None,
    code: str,
    as_json: bool,
) -> None:
    """定位: minus signs are parts of numbers here, so western longitudes need no `--`."""
    read_crs(crs)
    locator = locator_of(city(code).folder.name)
    if batch is not None:
        if lon or lat:
            raise click.UsageError(_("--batch 不与 LON、LAT 同用。"))
        _batch(batch, locator, crs, as_json=as_json)
    elif lon is None or lat is None:
        raise click.UsageError(_("请给出 LON 和 LAT，或用 --batch 文件。"))
    else:
        _single(locator, read_degrees(lon, "lon"), read_degrees(lat, "lat"), crs, as_json=as_json)


def read_degrees(text: str, field: str) -> float:
    """度数: Refused `degrees_unreadable` naming the field, the value and the remedy."""
    try:
        value = float(text)
    except ValueError:
        told = {"field": field, "value": text}
        sentence = _("%(field)s“%(value)s”不是数字：请填十进制度数，如 116.70。") % told
        raise Refused("degrees_unreadable", sentence, field=field) from None
    check_degrees(*((value, 0.0) if field == "lon" else (0.0, value)))
    return value


def _single(locator: Locator, lon: float, lat: float, crs: str, *, as_json: bool) -> None:
    place = locator.at(lon, lat, crs=crs)
    if as_json:
        row = {**place.as_dict(), "boundary_m": round(place.boundary_m, 1)}
        row |= {"city": locator.ground.city.code, "crs": str(read_crs(crs)), "lon": lon, "lat": lat}
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    for title, text in _lines(place):
        click.echo(f"{title}\t{text}")


def _lines(place: Place) -> list[tuple[str, str]]:
    none = _("（此处未划网格）")
    return [
        (_("区"), f"{place.district} {place.district_code}"),
        (_("街道"), f"{place.street} {place.street_code}"),
        (_("社区"), f"{place.community} {place.community_code}"),
        (_("单元网格"), place.unit_grid or none),
        (_("责任网格"), place.duty_grid or none),
        (_("离最近边界"), _("%(metres)s 米") % {"metres": f"{place.boundary_m:.1f}"}),
    ]


def _batch(path: Path, locator: Locator, crs: str, *, as_json: bool) -> None:
    from changxiao.cli import locate_batch

    bad = locate_batch.run(path, locator, crs, as_json=as_json)
    click.get_current_context().exit(1 if bad else 0)
