// 草稿: a form with `data-draft="key"` keeps what was typed in this browser until it was taken.
//
// Kept per person and for a day; hidden fields, files, passwords and `data-private` fields never are.
import { signedOut } from "./requests.js";

const DAY = 86_400_000;
const SENT = "cx-draft-sent";
const user = document.body.dataset.user;
const slot = (form) => `cx-draft:${user}:${form.dataset.draft}`;
const SKIP = "[type=hidden], [type=file], [type=password], [type=submit], [data-private]";
const fields = (form) => [...form.elements].filter((one) => one.name && !one.matches(SKIP));
const ticked = (one) => one.type === "checkbox" || one.type === "radio";
const values = (one, mark) => [...one.options].filter((row) => row[mark]).map((row) => row.value);

function chosen(one) {
  if (ticked(one)) return one.checked;
  return one.multiple && one.options ? values(one, "selected") : one.value;
}

function first(one) {
  if (ticked(one)) return one.defaultChecked;
  if (!one.options) return one.defaultValue;
  const before = values(one, "defaultSelected");
  return one.multiple ? before : (before[0] ?? one.options[0]?.value ?? "");
}

function put(one, value) {
  if (ticked(one)) one.checked = value;
  else if (Array.isArray(value)) for (const row of one.options) row.selected = value.includes(row.value);
  else one.value = value;
}

const same = (one) => String(chosen(one)) === String(first(one));
const named = (form) => fields(form).map((one, n) => [`${one.name}#${n}`, one]);

const kept = (form) => JSON.parse(localStorage.getItem(slot(form)) ?? "null");

// What a form shows that came back is its default now, and was typed all the same.
function save(form) {
  const typed = kept(form)?.told ?? {};
  const changed = named(form).filter(([name, one]) => name in typed || !same(one));
  // Fields that come with a choice made in the form may not be here yet: what was typed in them stays.
  const here = new Set(named(form).map(([name]) => name));
  const away = Object.entries(typed).filter(([name]) => !here.has(name));
  const told = Object.fromEntries([...away, ...changed.map(([name, one]) => [name, chosen(one)])]);
  if (!Object.keys(told).length) localStorage.removeItem(slot(form));
  else localStorage.setItem(slot(form), JSON.stringify({ at: Date.now(), told }));
}

function restore(form) {
  const { told } = kept(form) ?? {};
  // A form that came back refused or previewed already holds what was typed.
  if (!told || form.querySelector("[aria-invalid=true]")) return;
  const before = named(form).filter(([name, one]) => name in told && String(told[name]) !== String(chosen(one)));
  for (const [name, one] of before) put(one, told[name]);
  if (before.length) form.prepend(note(form));
}

function note(form) {
  const told = document.getElementById("draft-note").content.cloneNode(true).firstElementChild;
  told.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(slot(form));
    form.reset();
    told.remove();
  });
  return told;
}

const all = (root) => [...root.querySelectorAll("form[data-draft]")];

// Sent, and the next page is a signed-in one without the form: it was taken. On the sign-in page
// nothing is known yet, so the draft stays and waits.
function settle() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && !all(document).some((form) => slot(form) === sent)) localStorage.removeItem(sent);
}

function sweep() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith("cx-draft:")) continue;
    const { at } = JSON.parse(localStorage.getItem(key));
    if (Date.now() - at > DAY) localStorage.removeItem(key);
  }
}

if (user) {
  sweep();
  settle();
  all(document).forEach(restore);
  document.addEventListener("htmx:load", (event) => refill(event.detail.elt));
  document.addEventListener("htmx:load", (event) => all(event.detail.elt.parentElement).forEach(restoreOnce));
  document.addEventListener("input", (event) => {
    const form = event.target.form?.closest("form[data-draft]");
    if (form) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-draft]") && !form.matches("[hx-post]")) sessionStorage.setItem(SENT, slot(form));
    // Whoever signs out leaves nothing behind for the next person at this desk.
    if (form.action.endsWith("/logout/")) forget();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, xhr } = event.detail;
    if (!elt.matches("form[data-draft]") || !successful || signedOut(xhr)) return;
    // The form once more, as a preview shows it, is a form that was not taken yet.
    if (!xhr.responseText.includes(`data-draft="${elt.dataset.draft}"`)) localStorage.removeItem(slot(elt));
  });
} else {
  sessionStorage.removeItem(SENT);
}

function restoreOnce(form) {
  if (!form.querySelector(".draft-note")) restore(form);
}

// Fields that came into a form later get back what was typed in them before.
function refill(part) {
  const form = part.parentElement?.closest("form[data-draft]");
  const told = form && kept(form)?.told;
  if (!told || part.querySelector("[aria-invalid=true]")) return;
  for (const [name, one] of named(form)) if (part.contains(one) && name in told) put(one, told[name]);
}

function forget() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`cx-draft:${user}:`)) localStorage.removeItem(key);
  }
}
