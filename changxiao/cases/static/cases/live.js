// 列表即时更新: changed rows are drawn anew where they stand, new ones wait behind a bar. No row moves
// unless its reader asks: what lies under a hand is what was read there.
import { bindSwitch, ring, wait } from "./bell.js";
import { listen } from "./listen.js";
import { fetchRow, redraw, rowOf } from "./rows.js";
import { toast } from "../ui/toast.js";

const GATHER = 1_500; // ms: several new cases are asked for at once
const MINUTE = 60_000; // time left runs on without any entry
const PATIENCE = 3_000; // a break that mends itself is not worth a word
const PAGE = 20; // rows of one page, as the server cuts them
const ASKED = 5;
const LATE = ["near", "overdue"];
const BY_ITSELF = { "X-Background": "1" };
const strip = document.getElementById("live");
const bar = strip.querySelector("[data-insert]");
const said = strip.querySelector("[data-said]");
const waiting = new Map(); // number → row
let order = [];
let looking;
let telling;

const rows = (root = document) => [...root.querySelectorAll("#queue .row-item")];
const stateOf = (row) => LATE.find((one) => row.querySelector(`.deadline.state-${one}`)) ?? "";
const isUrgent = (row) => Boolean(row.querySelector("strong .state-overdue"));

function address() {
  const url = new URL(location);
  for (const name of ["case", "cursor"]) url.searchParams.delete(name);
  return url;
}

async function fetched(number) {
  const url = address();
  if (number) url.searchParams.set("number", number);
  const answer = await fetch(url, { headers: { "HX-Request": "true", ...BY_ITSELF }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return rows(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function tellBar() {
  bar.hidden = !waiting.size;
  bar.firstElementChild.textContent = strip.dataset.new.replace("{n}", waiting.size);
  wait(waiting.size);
}

// The list as it would be now: what is new waits, what stands here is brought up to date.
async function look() {
  const found = await fetched().catch(() => null);
  if (!found) return;
  order = found.map((row) => row.dataset.number);
  const kinds = [];
  for (const row of found) {
    const { number } = row.dataset;
    const here = rowOf(number);
    if (!here) {
      if (!waiting.has(number)) kinds.push(isUrgent(row) ? "urgent" : "new");
      waiting.set(number, document.adoptNode(row));
    } else if (here.innerText.trim() !== row.innerText.trim() || here.dataset.n !== row.dataset.n) {
      if (stateOf(row) && stateOf(row) !== stateOf(here)) kinds.push("near");
      redraw(here, row);
    }
  }
  await parted(found.length);
  for (const number of waiting.keys()) if (!order.includes(number)) waiting.delete(number);
  tellBar();
  ring(kinds);
}

// Rows that the list would not hold now. Of a list longer than a page only those at its end may
// have been pushed on; they are asked for one by one, a few a look.
async function parted(count) {
  const whole = count < PAGE;
  const missing = rows().filter((row) => !order.includes(row.dataset.number) && !row.classList.contains("is-left"));
  for (const row of missing.slice(0, whole ? missing.length : ASKED)) await update(row.dataset.number);
}

function lookSoon() {
  clearTimeout(looking);
  looking = setTimeout(look, GATHER * (1 + Math.random()));
}

function insert() {
  if (new URL(location).searchParams.has("cursor")) return location.assign(address());
  const list = document.querySelector("#queue .case-rows");
  if (!list) return location.reload();
  const held = document.activeElement.closest(".row-item");
  const before = held?.getBoundingClientRect().top;
  for (const number of [...order].reverse()) {
    const row = waiting.get(number);
    if (!row) continue;
    const after = order.slice(order.indexOf(number) + 1).map(rowOf).find(Boolean);
    list.insertBefore(row, after ?? null);
    row.classList.add("is-new");
    window.htmx.process(row);
  }
  waiting.clear();
  tellBar();
  if (held) list.closest(".console-list").scrollTop += held.getBoundingClientRect().top - before;
}

function shows(number) {
  const shown = document.querySelector("#pane #case");
  return shown?.dataset.number === number ? shown : null;
}

function pane(number, n) {
  const shown = shows(number);
  if (!shown || Number(shown.dataset.n) >= n) return;
  if (shown.querySelector(".act-form")) return toast(strip.dataset.moved, { state: "near" });
  window.htmx.ajax("GET", `/cases/${number}/pane/`, { source: "#pane", target: "#pane", swap: "innerHTML" });
}

// A row that this list's filter or one's reach no longer holds stays where it is, struck out.
async function update(number) {
  const found = await fetched(number).catch(() => null);
  const here = rowOf(number);
  if (!found || !here) return;
  if (found.length) return redraw(here, found[0]).classList.add("is-new");
  part(here, await fetchRow(number, BY_ITSELF));
}

// The words take the place of its stage: the row keeps its height, and what lies below its place.
function part(row, now) {
  const tag = row.querySelector(".case-row-side .tag");
  row.classList.add("is-left", "is-new");
  row.classList.toggle("is-gone", !now);
  if (now) {
    Object.assign(row.dataset, { stage: now.dataset.stage, n: now.dataset.n });
    tag.title = now.querySelector(".case-row-side .tag").textContent;
  }
  tag.textContent = now ? strip.dataset.left : strip.dataset.gone;
}

// Out of reach: there is nothing left to ask for.
function left(number, row) {
  recount();
  if (row) part(row, null);
  if (shows(number)) toast(strip.dataset.gone, { state: "near" });
}

function changed({ number, n, verb }) {
  const row = rowOf(number);
  if (verb === "left") return left(number, row);
  pane(number, n);
  recount();
  if (!row) lookSoon();
  else if (Number(row.dataset.n) < n) update(number);
}

let counting;
function recount() {
  counting ??= setTimeout(() => {
    counting = undefined;
    window.htmx.trigger(".chips-here", "recount");
  }, 2 * GATHER);
}

const noticed = () => document.dispatchEvent(new Event("cx-noticed")); // for the bell

let coming = "";
function state(now) {
  if (now === "live") noticed();
  if (now === coming) return; // each try that fails would put the word off again
  coming = now;
  clearTimeout(telling);
  telling = setTimeout(() => {
    strip.dataset.state = now;
    said.textContent = strip.dataset[now];
  }, now === "broken" ? PATIENCE : 0);
}

strip.hidden = false;
bindSwitch(strip.querySelector("[data-sound]"));
bar.addEventListener("click", insert);
listen(strip.dataset.ticket, { after: strip.dataset.after, changed, reset: look, state, noticed });
setInterval(look, MINUTE);
// Another filter is another list: what waited for the old one is forgotten.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "queue") return;
  waiting.clear();
  tellBar();
});
