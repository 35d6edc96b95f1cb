// 提示: what came of an act, in a corner, read out once. `undo` offers to take it back for ten seconds.
//
// From the server: the response header HX-Trigger {"toast": {words, state, undo}} (ui/toasts.py).
// state: on-track | near | overdue; undo: {url, label, fields}: posted by htmx as a form would be.
const SECONDS = { plain: 6, undo: 10, overdue: 20 };
const ICONS = { "on-track": "circle-check", near: "alert-triangle", overdue: "alert-triangle" };
const region = document.getElementById("toasts");

export function toast(words, { state = "on-track", undo = null, stays = false } = {}) {
  const note = document.createElement("div");
  note.className = `toast-note state-${state}`;
  note.append(icon(ICONS[state] ?? "info-circle"), text(words));
  if (undo) note.append(undoing(undo, () => note.remove()));
  note.append(closing(() => note.remove()));
  region.append(note);
  if (!stays) fade(note, undo ? SECONDS.undo : (SECONDS[state] ?? SECONDS.plain));
  return note;
}

// One of the frame's own sentences, translated in the page: offline, online, broken, denied, copied.
export function say(name, options) {
  return toast(region.dataset[name], options);
}

// Time stands still while somebody reads it with the pointer or the focus on it.
function fade(note, seconds) {
  let left = seconds * 10;
  const tick = setInterval(() => {
    if (note.matches(":hover, :focus-within")) return;
    if (--left > 0 && note.isConnected) return;
    clearInterval(tick);
    note.remove();
  }, 100);
}

function undoing({ url, label, fields = {} }, done) {
  const form = document.createElement("form");
  form.setAttribute("hx-post", url);
  form.setAttribute("hx-swap", "none");
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  const button = document.createElement("button");
  Object.assign(button, { className: "btn", type: "submit", textContent: label });
  button.dataset.key = "z";
  form.append(button);
  form.addEventListener("htmx:afterRequest", done);
  window.htmx.process(form);
  return form;
}

function closing(close) {
  const button = document.createElement("button");
  Object.assign(button, { className: "toast-close", type: "button", ariaLabel: region.dataset.close });
  button.append(icon("x"));
  button.addEventListener("click", close);
  return button;
}

function text(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${region.dataset.sprite}#${name}`);
  drawing.append(use);
  return drawing;
}

document.addEventListener("toast", (event) => toast(event.detail.words, event.detail));
