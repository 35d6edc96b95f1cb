// 案卷地图: the filtered cases over the city, first as a picture and then as a map that moves; what is in
// view stands as rows beside it.
import { Still } from "../areas/still.js";
import { fitting, named } from "../areas/view.js";
import { listen } from "./listen.js";
import { paint } from "./marks.js";
import { moving } from "./moving.js";
import { decode, extent, features, gather, merged, tally, visible } from "./points.js";

const LISTED = 20;
const GATHER = 2_000, AT_ONCE = 50; // ms, and numbers asked for in one go
const page = document.getElementById("case-map");
const part = (name) => page.querySelector(`[data-${name}]`);

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

// What is drawn, on whichever of the two pictures: each has `bounds`, `zoom`, `put(features)`, `choose(number)`.
class CaseMap {
  constructor(held, picture) {
    Object.assign(this, { held, picture });
  }

  // The log said that some cases changed: their points, and no others, are put in anew.
  take(held) {
    this.held = held;
    legend(held);
    this.draw();
  }

  draw() {
    const cells = gather(this.held, this.picture.bounds, this.picture.zoom);
    this.picture.put(features(this.held, cells));
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.list(), 200);
  }

  async list() {
    const { count, numbers } = visible(this.held, this.picture.bounds, LISTED);
    const words = count > numbers.length ? page.dataset.first : page.dataset.here;
    const html = await rows(numbers);
    part("said").textContent = words.replace("{n}", count.toLocaleString()).replace("{m}", numbers.length);
    // The row under the reader's hands stays; the list follows at the next move.
    if (!part("list").matches(":hover, :focus-within")) part("list").innerHTML = html;
  }

  // Those that a reader pressed on the map.
  async pick(numbers) {
    const some = numbers.slice(0, LISTED);
    this.picture.choose(some[0]);
    part("picked").innerHTML = await rows(some);
    part("picked").hidden = false;
    part("picked").scrollIntoView({ block: "nearest" });
  }
}

function follow(cases) {
  for (const [begin, end] of [["focusin", "focusout"], ["pointerover", "pointerout"]]) {
    page.addEventListener(begin, (event) => {
      const row = event.target.closest(".map-row");
      if (row) cases.picture.choose(row.dataset.number);
    });
    page.addEventListener(end, (event) => event.target.closest(".map-row") && cases.picture.choose());
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

// The picture of the cases, before anything is there that moves.
class CaseStill extends Still {
  constructor(box, view) {
    super(box, view, (pen, place, c) => paint(pen, place, c, this.told ?? [], this.chosen));
  }

  put(told) {
    this.told = told;
    this.draw();
  }

  choose(number) {
    this.chosen = number;
    this.draw();
  }
}

const frame = () => new Promise((done) => requestAnimationFrame(done));

// Whoever saves data gets the map that moves when it is asked for: it is half a megabyte.
function wanted() {
  if (!navigator.connection?.saveData) return null;
  part("stays").hidden = part("move").hidden = false;
  return new Promise((done) => part("move").addEventListener("click", done, { once: true }));
}

async function start() {
  const box = page.querySelector("[data-map]");
  const coming = fetched(box.dataset.first, {}).then((answer) => answer.json()).catch(() => null);
  const held = await points();
  legend(held);
  const size = { width: box.clientWidth, height: box.clientHeight };
  const city = () => fitting(box.dataset.bounds.split(",").map(Number), size, { margin: 24, nearest: 15 });
  const where = extent(held);
  const still = new CaseStill(box, named(location.hash, size)
    ?? (where ? fitting(where, size, { margin: 60, nearest: 15 }) : city()));
  still.ground = await coming;
  const cases = new CaseMap(held, still);
  cases.draw();
  // Told for whoever measures: the picture is on the screen, then the map moves, then all is drawn.
  await frame();
  await frame();
  page.dataset.painted = Math.round(performance.now());
  follow(cases);
  hear(cases);
  await wanted();
  await moves(box, cases, still).catch(() => {
    part("stays").hidden = false;
    part("move").hidden = true;
  });
}

async function moves(box, cases, still) {
  const map = await moving(box, page, still.view, { cases, told: still.told });
  still.remove();
  part("stays").hidden = true;
  page.dataset.movable = Math.round(performance.now());
  map.once("idle", () => { page.dataset.whole = Math.round(performance.now()); });
}

// The view stays where the reader moved it when the filter changes.
page.closest("main").querySelector("form").addEventListener("submit", (event) => {
  event.target.action = event.target.getAttribute("action").replace(/#.*/, "") + location.hash;
});

if (page.querySelector("[data-map]")) start().catch(() => {
  part("said").textContent = page.dataset.failed;
});
