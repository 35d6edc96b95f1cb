// 离线地图: duty grids, unit grids, components, tasks, today's reports and oneself, on a canvas of
// our own: no tile server, no library, no network. What can be tapped is also in the list below it.
import * as store from "./store.js";
import { ground, gridAt, metres, near } from "./ground.js";
import { far, onMove, place } from "./place.js";
import { preset } from "./report.js";
import { View } from "./view.js";

const root = document.querySelector("[data-map]");
const find = (name, from = root) => from.querySelector(`[data-${name}]`);
const view = new View(find("canvas"));
const template = find("thing").content.firstElementChild;
const NEAR = 8;
const AROUND = 0.4; // some nine hundred metres on a phone
let map = null;
let tasks = [];
let reports = [];
let followed = true;

/** 打开地图, each time its place is shown. */
export async function open() {
  map = await ground();
  const today = (await store.kept("today")) ?? { tasks: [] };
  tasks = today.tasks;
  const since = new Date().setHours(0, 0, 0, 0);
  const mine = (await store.all()).filter((one) => one.path === "reports" && one.saved_at >= since);
  reports = mine.map((one) => ({ lon: one.body.lon, lat: one.body.lat, title: one.title, state: one.state }));
  find("none").hidden = Boolean(map);
  find("part").hidden = !map?.partial;
  if (map && !view.placed) start();
  draw();
}

function start() {
  const own = map.cells.filter((cell) => map.duty[map.dutyOf[cell.unit]].own);
  const cells = own.length ? own : map.cells;
  if (!cells.length) return;
  const lons = cells.map((one) => one.west);
  const lats = cells.map((one) => one.north);
  view.fit(Math.min(...lons), Math.min(...lats) - map.height, Math.max(...lons) + map.width, Math.max(...lats));
  const here = place();
  if (here && gridAt(map, here.lon, here.lat)) view.centre(here.lon, here.lat, Math.max(view.scale, AROUND));
}

function draw() {
  if (root.hidden) return;
  view.draw(map, { tasks, reports, here: place() });
  where();
  list();
}

function where() {
  const here = place();
  const grid = here && gridAt(map, here.lon, here.lat);
  const said = find("grid");
  if (!here) said.textContent = said.dataset.lost;
  else if (!grid) said.textContent = said.dataset.outside;
  else said.textContent = `${grid.name} · ${grid.unit}`;
  said.dataset.unit = grid?.unit ?? "";
  find("duty").textContent = grid ? grid.duty : "";
  find("foreign").hidden = !grid || grid.own;
}

function list() {
  const here = place();
  const beside = [...tasks].filter((one) => here && metres(one, here) < 1000);
  const things = [
    ...beside.map((one) => ({ ...one, metres: metres(one, here), is: "task" })),
    ...near(map, here, NEAR).map((one) => ({ ...one, is: "component" })),
  ];
  find("things").replaceChildren(...things.map(line));
  find("beside").hidden = !things.length;
}

function line(thing) {
  const row = template.cloneNode(true);
  row.dataset.is = thing.is;
  find("name", row).textContent = thing.is === "task" ? `${thing.kind} ${thing.title}` : thing.name;
  find("code", row).textContent = thing.is === "task" ? thing.address : thing.code;
  find("far", row).textContent = far(thing.metres);
  row.addEventListener("click", () => choose(thing));
  return row;
}

/** 选中: a task is done under 今天, a component is what a report is about. */
function choose(thing) {
  if (thing.is === "component") preset(thing);
  location.hash = thing.is === "task" ? "today" : "report";
}

function tapped({ lon, lat, reach }) {
  const at = { lon, lat };
  const things = [
    ...tasks.map((one) => ({ ...one, is: "task" })),
    ...(view.close && map ? map.components.map((one) => ({ ...one, is: "component" })) : []),
  ];
  const hits = things.map((one) => ({ ...one, metres: metres(one, at) })).filter((one) => one.metres <= reach);
  hits.sort((a, b) => a.metres - b.metres);
  const here = place();
  const shown = hits.slice(0, 3).map((one) => ({ ...one, metres: here ? metres(one, here) : one.metres }));
  find("picked").replaceChildren(...shown.map(line));
}

function centre() {
  const here = place();
  followed = true;
  if (here) view.centre(here.lon, here.lat, 2.5);
  draw();
}

view.onTap = tapped;
view.onMove = () => {
  followed = false;
  view.draw(map, { tasks, reports, here: place() });
};
find("nearer").addEventListener("click", () => view.zoom(1.6));
find("farther").addEventListener("click", () => view.zoom(1 / 1.6));
find("here").addEventListener("click", centre);
onMove(() => {
  const here = place();
  if (followed && here && view.placed && view.scale >= 1) view.centre(here.lon, here.lat);
  draw();
});
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
