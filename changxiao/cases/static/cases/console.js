// 案卷台: list at the left, case at the right. J/K and arrows move, a step taken goes on to the next.
import { lettersAct } from "../ui/keys.js";
import { toast } from "../ui/toast.js";
import { refreshRow, rowOf } from "./rows.js";

const wide = matchMedia("(width >= 1024px)");
const pane = document.getElementById("pane");
const PAUSE = 90; // of a held-down key: the rows passed over are not fetched
let timer = 0;

const links = () => [...document.querySelectorAll("#queue .row-item:not(.is-done, .is-gone, .is-left) a.case-row")];
const current = () => document.querySelector("#queue a[aria-current]");
const numberOf = (link) => link?.closest(".row-item").dataset.number ?? "";

function mark(link) {
  current()?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  link.scrollIntoView({ block: "nearest" });
  const address = new URL(location);
  address.searchParams.set("case", numberOf(link));
  history.replaceState(history.state, "", address);
  // The step taken next is answered with the case that follows.
  pane.setAttribute("hx-vals", JSON.stringify({ next: numberOf(following(link, 1)) }));
}

function following(link, step) {
  const all = [...document.querySelectorAll("#queue a.case-row")];
  const open = links();
  for (let at = all.indexOf(link) + step; at >= 0 && at < all.length; at += step) {
    if (open.includes(all[at])) return all[at];
  }
  return step > 0 ? (open.find((one) => one !== link) ?? null) : null;
}

// Whoever moves on before the case came has no more use for it; other failures have their toast.
function open(address) {
  window.htmx.ajax("GET", address, { source: pane, target: pane, swap: "innerHTML" }).catch(() => {});
}

function show(link, { after = 0 } = {}) {
  mark(link);
  clearTimeout(timer);
  timer = setTimeout(() => {
    open(`${link.pathname}pane/`);
  }, after);
}

function move(step) {
  const from = current();
  const all = [...document.querySelectorAll("#queue a.case-row")];
  const to = from ? all[all.indexOf(from) + step] : all[0];
  if (!to) {
    if (step > 0) document.querySelector("#queue .pager a[rel=next]")?.focus();
    return;
  }
  to.focus({ preventScroll: true });
  show(to, { after: PAUSE });
}

// A click selects; on the selected row Enter goes to the whole page, as the link says.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#queue a.case-row");
  if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.detail === 0 && link === current()) return;
  event.preventDefault();
  show(link);
});

document.addEventListener("keydown", (event) => {
  if (!wide.matches || !lettersAct(event)) return;
  const inList = event.target === document.body || event.target.closest("#queue");
  const arrows = inList ? { ArrowDown: 1, ArrowUp: -1 } : {};
  const step = { j: 1, k: -1 }[event.key.toLowerCase()] ?? arrows[event.key];
  if (step) move(step);
  else if (event.key === "x") current()?.closest(".row-item").querySelector("input").click();
  else if (event.key === "Enter" && event.target === document.body) current()?.click();
  else return;
  event.preventDefault();
});

// A step was taken in the pane: the next case is already here, the row of the last tells its stage.
document.addEventListener("acted", async (event) => {
  const { number, now } = event.detail;
  const link = now !== number && rowOf(now)?.querySelector("a.case-row");
  if (link) {
    mark(link);
    link.focus({ preventScroll: true });
    pane.scrollTop = 0;
  }
  await refreshRow(number);
  window.htmx.trigger(".chips-here", "recount");
  if (rowOf(number) && !links().length) toast(pane.dataset.end);
});

// Empty filters stay out of the address bar.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches(".queue-filters")) return;
  for (const [name, value] of [...event.detail.formData]) {
    if (value === "") event.detail.formData.delete(name);
  }
  // Nothing left means all of them, and not the filter that is one's default.
  if (![...event.detail.formData].length) event.detail.formData.set("all", "1");
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "queue") start();
});

function start() {
  if (!wide.matches) return;
  const asked = new URL(location).searchParams.get("case");
  const link = rowOf(asked)?.querySelector("a.case-row");
  if (asked && !link) {
    open(`/cases/${asked}/pane/`);
  } else if (link ?? links()[0]) {
    show(link ?? links()[0]);
  }
}

start();
wide.addEventListener("change", start);
