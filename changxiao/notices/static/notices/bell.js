// 铃铛: how many messages are unread, in the frame and in the window's title, without a reload.
// One window of a browser listens for all of them; where there are no live updates it asks by the minute.
import { ring, tell } from "../cases/bell.js";
import { listen } from "../cases/listen.js";
import { toast } from "../ui/toast.js";

const MINUTE = 60_000;
const STORE = "cx-notice";
const bell = document.getElementById("bell");
const shown = bell.querySelector("[data-bell-count]");
const words = bell.getAttribute("aria-label");
const listed = document.getElementById("live");
const windows = new BroadcastChannel("cx-notices");

function draw(unread) {
  shown.hidden = !unread;
  shown.textContent = unread > 99 ? "99+" : String(unread);
  bell.setAttribute("aria-label", unread ? bell.dataset.words.replace("{n}", shown.textContent) : words);
  tell(unread);
}

async function ask({ aloud = false } = {}) {
  const answer = await fetch(bell.dataset.count, { headers: { "X-Background": "1" }, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const { unread, newest } = await answer.json();
  draw(unread);
  if (!newest) return;
  const known = Number(sessionStorage.getItem(STORE) ?? 0);
  sessionStorage.setItem(STORE, newest.id);
  // What was unread before this window opened is a figure; only what comes meanwhile is said aloud.
  if (!aloud || newest.id <= known) return;
  toast(newest.text, { state: newest.urgent ? "overdue" : "near" });
  if (!listed) ring([newest.urgent ? "urgent" : "new"]); // the list of cases rings for itself
}

const first = ask();
const heard = () => first.then(() => ask({ aloud: true }));
// What was missed while nobody listened is asked for at once.
const state = (now) => now === "live" && heard();

function live() {
  listen(bell.dataset.ticket, { changed() {}, reset: heard, state, noticed() {
    windows.postMessage("noticed");
    heard();
  } });
}

windows.addEventListener("message", heard);
setInterval(heard, MINUTE);
// The list of cases listens already, and passes on what is meant for the bell.
if (listed) document.addEventListener("cx-noticed", heard);
else if (!bell.dataset.ticket) { /* no live updates in this city */ }
else if (navigator.locks) navigator.locks.request("cx-notices", () => new Promise(live));
else live();
