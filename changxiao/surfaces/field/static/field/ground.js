// 外业底图: the duty grids, unit grids and components of a shift, kept on the phone. Which grid a
// point lies in is found here, by the city's own arithmetic (areas/extract.py).
import * as store from "./store.js";
import { ask, who } from "./queue.js";

const FINE = 1e6;
const DEGREE = 111195;
let made = null;

/** 取底图: asked for at each visit online; what the phone has already comes as 304. */
export async function refresh(here) {
  const had = await store.kept("ground");
  const mine = had?.user === who();
  const where = here ? `?lon=${here.lon.toFixed(2)}&lat=${here.lat.toFixed(2)}` : "";
  try {
    const headers = { "X-Background": "1", ...(mine ? { "If-None-Match": had.etag } : {}) };
    const answer = await ask(`ground${where}`, { headers });
    if (!answer.ok) return;
    const told = await answer.json();
    await store.keep("ground", { user: who(), etag: answer.headers.get("ETag"), at: Date.now(), told });
  } catch {
    // no network or no session: what was fetched before stands
  }
}

/** 底图 as the map wants it; null before the first visit online, and for another's. */
export async function ground() {
  const had = await store.kept("ground");
  const user = who() || (await store.kept("user"));
  if (!had || had.user !== user) return null;
  if (made?.etag !== had.etag) made = { etag: had.etag, at: had.at, ...opened(had.told) };
  return made;
}

function opened(told) {
  const [west, north, width, height] = told.lattice;
  const [rows, cols, units] = told.cells;
  const byCell = new Map();
  const cells = rows.map((row, i) => {
    const cell = { row, col: cols[i], unit: units[i] };
    const key = `${row}:${cols[i]}`;
    byCell.set(key, [...(byCell.get(key) ?? []), units[i]]);
    return { ...cell, west: west + cell.col * width, north: north - row * height };
  });
  const cut = new Map(Object.entries(told.cut).map(([unit, rings]) => [Number(unit), rings.map(points)]));
  const kinds = told.components.kinds;
  const components = told.components.rows.map(([code, kind, lon, lat, damaged]) => ({
    ...{ code, lon: lon / FINE, lat: lat / FINE, damaged: Boolean(damaged) },
    ...{ kind: kinds[kind][0], name: kinds[kind][1] },
  }));
  const duty = told.duty.map((one) => ({ ...one, rings: one.rings.map(points) }));
  return { west, north, width, height, cells, byCell, cut, components, duty, units: told.units, dutyOf: told.duty_of, partial: told.partial };
}

function points(steps) {
  const found = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    found.push([x / FINE, y / FINE]);
  }
  return found;
}

function within(rings, lon, lat) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
      if (y0 > lat !== y1 > lat && lon < x0 + ((lat - y0) * (x1 - x0)) / (y1 - y0)) odd = !odd;
    }
  }
  return odd;
}

/** 所在网格: unit and duty grid of a point; null outside what was fetched. */
export function gridAt(map, lon, lat) {
  if (!map) return null;
  const at = `${Math.floor((map.north - lat) / map.height)}:${Math.floor((lon - map.west) / map.width)}`;
  for (const unit of map.byCell.get(at) ?? []) {
    const rings = map.cut.get(unit);
    if (!rings || within(rings, lon, lat)) {
      const duty = map.duty[map.dutyOf[unit]];
      return { unit: map.units[unit], duty: duty.code, name: duty.name, own: duty.own };
    }
  }
  return null;
}

export function metres(one, other) {
  const east = (one.lon - other.lon) * Math.cos((other.lat * Math.PI) / 180);
  return Math.round(Math.hypot(east, one.lat - other.lat) * DEGREE);
}

/** 附近部件, the nearest first. */
export function near(map, here, most) {
  if (!map || !here) return [];
  const all = map.components.map((one) => ({ ...one, metres: metres(one, here) }));
  return all.sort((a, b) => a.metres - b.metres).slice(0, most);
}
