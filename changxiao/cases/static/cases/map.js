// 案卷地图: the filtered cases over the city; what is in view stands as rows beside the map.
import { open, show } from "../areas/ground.js";
import { listen } from "./listen.js";
import { components, drawMarks, layers } from "./marks.js";
import { decode, extent, features, gather, merged, tally, visible } from "./points.js";

const LISTED = 20;
const GATHER = 2_000, AT_ONCE = 50; // ms, and numbers asked for in one go
const page = document.getElementById("case-map");
const part = (name) => page.querySelector(`[data-${name}]`);
const bounds = (map) => map.getBounds().toArray().flat();

async function preloaded(address) {
  return fetched(address, {});
}

async function fetched(address, headers = { "X-Background": "1" }) {
  const answer = await fetch(address, { headers });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  return answer;
}

async function points(numbers) {
  const asked = new URLSearchParams(location.search);
  if (numbers) asked.set("number", numbers.join(","));
  // The first answer is on its way already: the page preloads this very address.
  const answer = await (numbers ? fetched : preloaded)(`${page.dataset.points}?${asked}`);
  if (!numbers && answer.headers.get("X-Cut") === "1") {
    part("said").textContent = page.dataset.cut.replace("{n}", answer.headers.get("X-Count"));
  }
  return decode(await answer.arrayBuffer());
}

async function rows(numbers) {
  const answer = await fetched(`${page.dataset.rows}?number=${numbers.join(",")}`);
  return answer.text();
}

function legend(held) {
  tally(held).forEach((count, mark) => {
    page.querySelector(`[data-count="${mark}"]`).textContent = count.toLocaleString();
  });
}

class CaseMap {
  constructor(map, held) {
    this.map = map;
    this.held = held;
    map.on("moveend", () => this.draw());
    map.on("click", (event) => this.clicked(event));
    for (const layer of ["clusters", "singles"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
  }

  // The log said that some cases changed: their points, and no others, are put in anew.
  take(held) {
    this.held = held;
    legend(held);
    this.draw();
  }

  draw() {
    const cells = gather(this.held, bounds(this.map), this.map.getZoom());
    const told = features(this.held, cells);
    this.map.getSource("cases").setData({ type: "FeatureCollection", features: told });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.list(), 200);
  }

  async list() {
    const { count, numbers } = visible(this.held, bounds(this.map), LISTED);
    const words = count > numbers.length ? page.dataset.first : page.dataset.here;
    const html = await rows(numbers);
    part("said").textContent = words.replace("{n}", count.toLocaleString()).replace("{m}", numbers.length);
    // The row under the reader's hands stays; the list follows at the next move.
    if (!part("list").matches(":hover, :focus-within")) part("list").innerHTML = html;
  }

  async clicked({ point }) {
    const around = [[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]];
    const found = this.map.queryRenderedFeatures(around, { layers: ["clusters", "singles"] });
    if (!found.length) return;
    const cluster = found.find((one) => one.properties.count);
    if (cluster) {
      this.map.easeTo({ center: cluster.geometry.coordinates, zoom: this.map.getZoom() + 2 });
      return;
    }
    const numbers = [...new Set(found.map((one) => one.properties.number))].slice(0, LISTED);
    this.choose(numbers[0]);
    part("picked").innerHTML = await rows(numbers);
    part("picked").hidden = false;
    part("picked").scrollIntoView({ block: "nearest" });
  }

  choose(number) {
    this.map.setFilter("chosen", ["==", ["get", "number"], number ?? ""]);
  }
}

function switches(map) {
  page.addEventListener("change", (event) => {
    const level = event.target.dataset.level;
    if (level === "duty") show(map, "duty", event.target.checked);
    if (level === "components") map.setLayoutProperty(level, "visibility", event.target.checked ? "visible" : "none");
  });
}

function follow(cases) {
  for (const [begin, end] of [["focusin", "focusout"], ["pointerover", "pointerout"]]) {
    page.addEventListener(begin, (event) => {
      const row = event.target.closest(".map-row");
      if (row) cases.choose(row.dataset.number);
    });
    page.addEventListener(end, (event) => event.target.closest(".map-row") && cases.choose());
  }
}

function hear(cases) {
  const numbers = new Set();
  let waiting;
  async function take() {
    const some = [...numbers].slice(0, AT_ONCE);
    for (const number of some) numbers.delete(number);
    const fresh = await points(some).catch(() => null);
    waiting = numbers.size ? setTimeout(take, GATHER) : undefined;
    if (fresh) cases.take(merged(cases.held, some, fresh));
  }
  const changed = ({ number }) => {
    numbers.add(number);
    waiting ??= setTimeout(take, GATHER);
  };
  const reset = async () => cases.take(await points());
  if (page.dataset.ticket) listen(page.dataset.ticket, { after: page.dataset.after, changed, reset, state() {} });
}

function drawn(map) {
  return new Promise((done) => {
    const look = () => {
      if (!map.isSourceLoaded("cases")) return;
      map.off("render", look);
      requestAnimationFrame(done);
    };
    map.on("render", look);
  });
}

async function start() {
  const coming = points();
  const placed = location.hash.length > 1;
  const more = components({}, page.dataset.components.replace("0/0/0", "{z}/{x}/{y}"));
  more.source.tiles = more.source.tiles.map((one) => location.origin + one);
  const empty = { type: "FeatureCollection", features: [] };
  const { map } = await open(page.querySelector("[data-map]"), {
    sources: { cases: { type: "geojson", data: empty }, components: more.source },
    more: (c) => [components(c).layer, ...layers(c)],
    painted: (on, c) => drawMarks(on, c),
    hash: true,
  });
  const held = await coming;
  legend(held);
  const cases = new CaseMap(map, held);
  const where = placed ? null : extent(held);
  if (where) map.fitBounds(where, { padding: 60, maxZoom: 15, animate: false });
  cases.draw();
  // Told for whoever measures: the cases are on the screen, then everything is.
  map.once("idle", () => { page.dataset.whole = Math.round(performance.now()); });
  switches(map);
  follow(cases);
  hear(cases);
  await drawn(map);
  page.dataset.painted = Math.round(performance.now());
}

// The view stays where it is when the filter changes.
page.closest("main").querySelector("form").addEventListener("submit", (event) => {
  event.target.action = event.target.getAttribute("action").replace(/#.*/, "") + location.hash;
});

if (page.querySelector("[data-map]")) start().catch(() => {
  part("said").textContent = page.dataset.failed;
});
