// 机器发现: J and K go through the list; Y and N are buttons' own keys (ui/keys.js). After a verdict
// the next one is there already, and the list is where it was.
import { lettersAct } from "../ui/keys.js";

const list = () => document.querySelector(".find-list");

document.addEventListener("keydown", (event) => {
  if (!lettersAct(event)) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step) return;
  const all = [...document.querySelectorAll("a.find-row")];
  const at = all.findIndex((one) => one.hasAttribute("aria-current"));
  const to = all[at + step] ?? (step > 0 ? document.querySelector(".find-list a[rel=next]") : null);
  if (!to) return;
  event.preventDefault();
  to.click();
});

let top = 0;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "finds") top = list()?.scrollTop ?? 0;
  // A refusal is drawn as well: it says why, and keeps the reason that was chosen.
  if (event.detail.xhr.status === 422) event.detail.shouldSwap = true;
});
document.addEventListener("htmx:afterSwap", () => {
  const now = list();
  if (!now) return;
  now.scrollTop = top;
  now.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
});
