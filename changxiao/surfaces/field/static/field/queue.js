// 待传队列: sends each item until the server says that it has all of it (reliability.md §6.2, 5).
// 2xx and nothing missing: done. 401: wait for the owner to sign in. 408, 425, 429, 5xx and a dead
// line: the same key later. Any other 4xx: parked with the reason, and the next one goes on.
import * as store from "./store.js";

const PIECE = 262144;
const LATER = new Set([408, 425, 429]);
const MOST_WAIT = 900;
const base = document.body.dataset.sync;
const events = new EventTarget();
let me = null;
let csrf = ""; // of the last greeting that was answered: one that fails takes nothing from a round
let running = false;
let due = 0; // the timer of the next round that an item waits for
let again = false; // asked for during a round: what was saved or came back meanwhile goes at once

export const onChange = (heard) => events.addEventListener("change", heard);
export const who = () => me?.user ?? "";
const changed = () => events.dispatchEvent(new Event("change"));

class Later extends Error {
  constructor(seconds = 0) {
    super("later");
    this.seconds = seconds;
  }
}
class SignIn extends Error {}
class Parked extends Error {
  constructor(words, told = {}) {
    super(words);
    [this.code, this.field] = [told.code ?? "", told.field ?? ""];
  }
}

/** 问候: who is signed in; null without a network or a session (`signedOut` says which). */
export let signedOut = false;
let greeting = null; // one at a time: two that bring no token are given one each, and the later stays
export const hello = () => (greeting ??= greet().finally(() => (greeting = null)));

async function greet() {
  try {
    const answer = await ask("hello", {});
    if (!answer.ok) throw new SignIn(); // signed in, but as nobody who walks the street
    me = await answer.json();
    csrf = me.csrf;
    signedOut = false;
    await store.keep("user", me.user);
  } catch (no) {
    if (no instanceof SignIn) signedOut = true;
    me = null;
  }
  changed();
  return me;
}

export async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(base + path, { redirect: "manual", cache: "no-store", ...options });
  } catch {
    throw new Later();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignIn();
  if (answer.status >= 500 || LATER.has(answer.status)) {
    throw new Later(Number(answer.headers.get("Retry-After")) || 0);
  }
  return answer;
}

async function post(path, item, options, again = true) {
  const headers = {
    "X-CSRFToken": csrf,
    "X-Field-User": item.user,
    "X-Sent-At": new Date().toISOString(),
    ...options.headers,
  };
  const answer = await ask(path, { ...options, headers });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 403 && !told.code) {
    // The token of another session, or another tab's: a greeting brings the owner's.
    const mine = again ? await hello() : null;
    if (mine?.user === item.user) return post(path, item, options, false);
    throw again && !mine && !signedOut ? new Later() : new SignIn(); // a line that broke is no sign-out
  }
  if (told.code === "piece_gap") return told;
  throw new Parked(told.detail || `HTTP ${answer.status}`, told);
}

async function words(item) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": item.key };
  return post(item.path, item, { method: "POST", headers, body: JSON.stringify(item.body) });
}

async function bytes(item, photo) {
  const blob = await store.blob(item.user, photo.sha256);
  if (!blob) throw new Parked(document.body.dataset.gone);
  const path = `media/${photo.sha256}`;
  const there = await ask(path, { method: "HEAD" });
  let start = Math.min(Number(there.headers.get("Upload-Offset")) || 0, Math.max(blob.size - 1, 0));
  for (;;) {
    const piece = blob.slice(start, start + PIECE);
    const range = `bytes ${start}-${start + piece.size - 1}/${blob.size}`;
    const headers = { "Content-Type": photo.type, "Content-Range": range };
    const told = await post(path, item, { method: "PUT", headers, body: piece });
    if (told.whole) {
      const refused = told.missing.find((one) => one.code && one.code !== "photo_busy");
      if (refused) throw new Parked(refused.why);
      return;
    }
    start = told.held;
  }
}

// What builds on another item goes after it, and nowhere without it.
async function inTurn(item) {
  if (!item.after) return;
  const first = await store.one(item.after);
  if (first?.state === "waiting") throw new Later();
  if (first?.state !== "sent") throw new Parked(document.body.dataset.before);
}

/** 发一条: words first, so that no picture holds them up; then what the server still misses. */
async function send(item) {
  await inTurn(item);
  let told = await words(item);
  item.number = told.number;
  await store.save(item);
  if (told.missing.length) {
    for (const photo of item.photos) {
      if (told.missing.some((one) => one.sha256 === photo.sha256)) await bytes(item, photo);
    }
    told = await words(item);
    if (told.missing.length) throw new Later();
  }
  Object.assign(item, { state: "sent", why: "", sent_at: Date.now() });
  await store.done(item);
}

function wait(item, seconds) {
  item.tries += 1;
  const backoff = Math.min(2 ** item.tries, MOST_WAIT) * (0.5 + Math.random() / 2);
  item.next_at = Date.now() + 1000 * Math.max(seconds, backoff);
}

/** 同步: one round through what waits, oldest first; one tab at a time. */
export async function sync({ now = false } = {}) {
  again ||= now;
  if (running) return;
  running = true;
  try {
    do {
      now = again;
      again = false;
      await navigator.locks.request("field-sync", () => round(now));
    } while (again);
  } finally {
    running = false;
    changed();
  }
}

async function round(now) {
  const waiting = (await store.all()).filter((item) => item.state === "waiting");
  const mine = waiting.length ? await hello() : null;
  if (!mine) return;
  waiting.sort((a, b) => a.saved_at - b.saved_at || (a.key < b.key ? -1 : 1));
  for (const item of waiting) {
    if (item.user !== mine.user || (!now && item.next_at > Date.now())) continue;
    try {
      await send(item);
    } catch (no) {
      if (no instanceof SignIn) {
        signedOut = true;
        return;
      }
      if (no instanceof Parked) Object.assign(item, { state: "refused", why: no.message, code: no.code, field: no.field });
      else wait(item, no.seconds ?? 0);
      await store.save(item);
    }
    changed();
  }
  const own = waiting.filter((item) => item.state === "waiting" && item.user === mine.user);
  soon(Math.min(...own.map((item) => item.next_at)));
}

// What is to be tried again does not wait for the next look at everything.
function soon(at) {
  clearTimeout(due);
  if (Number.isFinite(at)) due = setTimeout(sync, Math.max(at - Date.now(), 0));
}
