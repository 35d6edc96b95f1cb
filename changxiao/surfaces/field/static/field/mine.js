// 我的: the queue as its owner sees it, what the phone's storage promises, and a way out by file.
import * as store from "./store.js";
import { newKey } from "./item.js";
import { signedOut, sync, who } from "./queue.js";

const root = document.querySelector("[data-mine]");
const find = (name, from = root) => from.querySelector(`[data-${name}]`);
const template = find("line").content.firstElementChild;
const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

function line(item) {
  const row = template.cloneNode(true);
  row.dataset.key = item.key;
  row.dataset.state = item.state;
  find("title", row).textContent = item.title;
  find("when", row).textContent = time.format(item.saved_at);
  find("number", row).textContent = item.number;
  find("why", row).textContent = item.why;
  find("why", row).hidden = !item.why;
  find("acts", row).hidden = item.state !== "refused";
  find("edit", row).hidden = Boolean(item.walk); // nothing is written there that could be changed
  find("again", row).addEventListener("click", () => again(item));
  find("edit", row).addEventListener("click", () => edit(item));
  find("drop", row).addEventListener("click", () => drop(item));
  return row;
}

async function again(item) {
  await store.save({ ...item, state: "waiting", why: "", next_at: 0 });
  await sync({ now: true });
}

// An answer that the city no longer takes (the question changed since) goes into the words.
function moved(item) {
  const words = item.body.description ?? item.body.note ?? "";
  if (!item.code?.startsWith("answer_") || !(item.field in (item.body.answers ?? {}))) return [words, null];
  const { [item.field]: values, ...rest } = item.body.answers;
  return [`${words} ${item.asked?.[item.field] ?? item.field}：${[values].flat().join("、")}`.trim(), rest];
}

// Other content is another item: it takes a key of its own, the old one is never sent again.
async function edit(item) {
  const [words, answers] = moved(item);
  const said = window.prompt(root.dataset.ask, words);
  if (said === null) return;
  const name = "description" in item.body ? "description" : "note";
  const body = { ...item.body, [name]: said, ...(answers ? { answers } : {}) };
  const changed = { ...item, key: newKey(), body: { ...body, supersedes: item.key }, state: "waiting", why: "", next_at: 0, tries: 0 };
  await store.replace(item, changed);
  await sync({ now: true });
}

async function drop(item) {
  if (!window.confirm(root.dataset.sure)) return;
  await store.remove(item.key);
  await draw();
}

/** 导出: everything not yet sent, pictures too, as one file that a desk can read. */
async function download() {
  const out = [];
  for (const item of (await store.all()).filter((one) => one.state !== "sent")) {
    const pictures = [];
    for (const { sha256 } of item.photos) {
      const blob = await store.blob(item.user, sha256);
      if (blob) pictures.push({ sha256, data: await asUrl(blob) });
    }
    out.push({ ...item, pictures });
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(out)], { type: "application/json" }));
  link.download = `changxiao-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
}

const asUrl = (blob) =>
  new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });

async function space() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  find("used").textContent = `${(usage / 1048576).toFixed(1)} / ${(quota / 1048576).toFixed(0)} MB`;
  find(persisted ? "firm" : "loose").hidden = false;
}

// Each look at the queue draws anew; a line that stays the same stays under the thumb that is on it.
const told = new WeakMap();
function redraw(list, rows) {
  const words = JSON.stringify(rows);
  if (told.get(list) === words) return;
  told.set(list, words);
  list.replaceChildren(...rows.map(line));
}

export async function draw() {
  const items = (await store.all()).sort((a, b) => b.saved_at - a.saved_at);
  const user = who() || (await store.kept("user")) || "";
  const mine = items.filter((item) => !user || item.user === user);
  for (const state of ["waiting", "refused", "sent"]) {
    const rows = mine.filter((item) => item.state === state).slice(0, state === "sent" ? 50 : 1000);
    redraw(find(`list="${state}"`), rows);
    find(`count="${state}"`).textContent = String(mine.filter((i) => i.state === state).length);
  }
  root.dataset.waiting = String(mine.filter((item) => item.state === "waiting").length);
  const unsent = items.filter((item) => item.state !== "sent");
  for (const badge of document.querySelectorAll("[data-unsent]")) {
    badge.textContent = String(unsent.length);
    badge.hidden = !unsent.length;
  }
  find("others").hidden = unsent.every((item) => item.user === user);
  for (const ask of document.querySelectorAll("[data-sign-in]")) ask.hidden = !signedOut;
  find("user").textContent = user;
}

find("send").addEventListener("click", () => sync({ now: true }));
find("export").addEventListener("click", download);
space();
