// 热点: hot and cold cells over the city; the rows beside the map choose one.
import { open } from "../areas/ground.js";

const page = document.getElementById("hotspots");
const box = page?.querySelector("[data-map]");
const empty = { type: "FeatureCollection", features: [] };

// Hot cells are filled, cold ones only outlined: told apart without their colours.
const layers = (c) => [
  { id: "hot", type: "fill", source: "cells", filter: ["get", "hot"],
    paint: { "fill-color": c.overdue, "fill-opacity": ["interpolate", ["linear"], ["get", "z"], 2, 0.35, 8, 0.8] } },
  { id: "cold", type: "line", source: "cells", filter: ["!", ["get", "hot"]],
    paint: { "line-color": c.accent, "line-width": 1 } },
  { id: "chosen", type: "line", source: "chosen", paint: { "line-color": c.ink, "line-width": 3 } },
];

const square = ([west, south, east, north]) => ({
  type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
});

async function start() {
  const coming = fetch(page.dataset.cells, { headers: { "X-Background": "1" } }).then((answer) => answer.json());
  const { map } = await open(box, {
    sources: { cells: { type: "geojson", data: empty }, chosen: { type: "geojson", data: empty } }, more: layers,
  });
  const cells = await coming;
  map.getSource("cells").setData(cells);
  const corners = cells.features.flatMap((one) => one.geometry.coordinates[0]);
  if (corners.length) {
    const lons = corners.map((at) => at[0]), lats = corners.map((at) => at[1]);
    map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 40, maxZoom: 14, animate: false });
  }
  const choose = (event) => {
    const row = event.target.closest("[data-box]");
    if (!row) return;
    const edges = row.dataset.box.split(",").map(Number);
    map.getSource("chosen").setData(square(edges));
    if (event.type === "click") map.easeTo({ center: [(edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2], zoom: 14 });
  };
  for (const kind of ["pointerover", "focusin", "click"]) page.addEventListener(kind, choose);
  map.once("idle", () => { page.dataset.painted = ""; });
}

if (box) start().catch(() => { box.hidden = true; });
