// 外业: the frame of the phone's pages: four places, the service worker, and when to sync.
import * as today from "./today.js";
import * as walk from "./walk.js";
import { begin } from "./report.js";
import { draw } from "./mine.js";
import * as ground from "./ground.js";
import { place } from "./place.js";
import { hello, onChange, sync } from "./queue.js";

const EVERY = 30000;
const PLACES = ["today", "map", "report", "mine"];

function show() {
  const here = PLACES.includes(location.hash.slice(1)) ? location.hash.slice(1) : "today";
  for (const section of document.querySelectorAll("[data-at]")) section.hidden = section.dataset.at !== here;
  if (here === "map") import("./map.js").then((map) => map.open());
  for (const link of document.querySelectorAll(".field-bar a")) {
    if (link.hash === `#${here}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function line() {
  document.querySelector("[data-offline]").hidden = navigator.onLine;
  if (navigator.onLine) sync({ now: true });
}

async function install() {
  const registration = await navigator.serviceWorker?.register(document.body.dataset.worker, { scope: document.body.dataset.scope });
  const offer = document.querySelector("[data-update]");
  const ready = (worker) => {
    if (worker?.state !== "installed" || !navigator.serviceWorker.controller) return;
    offer.hidden = false;
    offer.onclick = () => worker.postMessage("update");
  };
  ready(registration?.waiting);
  registration?.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker.addEventListener("statechange", () => ready(worker));
  });
  let had = Boolean(navigator.serviceWorker?.controller);
  navigator.serviceWorker?.addEventListener("controllerchange", () => {
    if (had) location.reload(); // the first worker takes over a page that is new already
    had = true;
  });
}

async function start() {
  addEventListener("hashchange", show);
  addEventListener("online", line);
  addEventListener("offline", line);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  onChange(() => Promise.all([draw(), today.draw(), walk.draw()]));
  show();
  await draw();
  await begin();
  await navigator.storage?.persist?.();
  line();
  await hello();
  await today.refresh();
  await ground.refresh(place());
  await begin();
  document.body.dataset.ready = "1";
  setInterval(() => sync(), EVERY);
}

install();
start();
