// 单键: `data-key="d"` on a button, link or field: D presses or focuses it; `?` lists all of the page.
//
// Letters do nothing while somebody types, and may be switched off for good in the list of keys.
const dialog = document.getElementById("keys");
const chosen = dialog.querySelector("[data-keys-on]");
const STORE = "cx-keys";
const FIELDS = "input, textarea, select, [contenteditable]";
const NOT_TYPED_IN = "[type=checkbox], [type=radio], [type=range], [type=file]";

chosen.checked = localStorage.getItem(STORE) !== "off";
chosen.addEventListener("change", () => {
  localStorage.setItem(STORE, chosen.checked ? "on" : "off");
  document.documentElement.classList.toggle("keys-off", !chosen.checked);
});
document.documentElement.classList.toggle("keys-off", !chosen.checked);

// Whether single letters may act now; page modules with keys of their own ask this first.
export function lettersAct(event) {
  if (event.defaultPrevented || event.isComposing || !chosen.checked) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (document.querySelector("dialog[open]")) return false;
  const field = event.target.closest(FIELDS);
  return !field || field.matches(NOT_TYPED_IN);
}

const drawn = (one) => one.checkVisibility({ visibilityProperty: true });
const folded = (one) => one.closest("details:not([open])");
const reachable = (one) => !one.disabled && (drawn(one) || (folded(one) && drawn(folded(one))));

function carrying(key) {
  const all = [...document.querySelectorAll("[data-key]")];
  return all.filter((one) => one.dataset.key === key && reachable(one));
}

function press(one) {
  const fold = folded(one);
  if (fold) fold.open = true;
  if (!one.matches(FIELDS)) return one.click();
  one.focus();
  one.select?.();
}

document.addEventListener("keydown", (event) => {
  const escape = event.key === "Escape";
  if (escape ? event.defaultPrevented || document.querySelector("dialog[open]") : !lettersAct(event)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = carrying(key);
  if (!found.length) return;
  event.preventDefault();
  press(escape ? found.at(-1) : found[0]);
});

function named(one) {
  return one.dataset.keyLabel ?? (one.textContent.trim() || one.ariaLabel || one.placeholder || "");
}

function listed() {
  const seen = new Set();
  const rows = [...document.querySelectorAll("[data-key]")].filter((one) => {
    const first = !seen.has(one.dataset.key) && reachable(one);
    if (first) seen.add(one.dataset.key);
    return first;
  });
  return rows.map((one) => {
    const row = document.createElement("div");
    const [key, words] = ["dt", "dd"].map((name) => document.createElement(name));
    const cap = document.createElement("kbd");
    cap.textContent = one.dataset.key === "Escape" ? "Esc" : one.dataset.key.toUpperCase();
    key.append(cap);
    words.textContent = named(one);
    row.append(key, words);
    return row;
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) {
    dialog.querySelector("[data-keys-here]").replaceChildren(...listed());
    dialog.showModal();
  }
  event.target.closest("dialog [data-close]")?.closest("dialog").close();
});
