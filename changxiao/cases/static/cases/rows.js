// 列表的行: draws one row anew in place, keeping focus, tick and mark; no other row moves.
//
// `refreshRow(number)` asks the server for the row as it stands now, `redraw(before, after)` puts in
// one that is here already; `data-number` names a row.
const URL = (number) => `/cases/${number}/row/`;

export const rowOf = (number) => document.querySelector(`#queue .row-item[data-number="${number}"]`);

// The row as it stands now; null where it is out of reach.
export async function fetchRow(number, headers = {}) {
  const answer = await fetch(URL(number), { headers: { "HX-Request": "true", ...headers } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".row-item");
}

export async function refreshRow(number, headers = {}) {
  const before = rowOf(number);
  if (!before) return null;
  const fresh = await fetchRow(number, headers);
  if (!fresh) {
    before.classList.add("is-gone");
    return before;
  }
  const after = redraw(before, fresh);
  const left = before.dataset.stage !== after.dataset.stage || before.classList.contains("is-done");
  after.classList.toggle("is-done", left);
  return after;
}

export function redraw(before, fresh) {
  const after = document.adoptNode(fresh);
  const held = before.contains(document.activeElement) && document.activeElement;
  const [old, now] = [before, after].map((row) => row.querySelector("input[type=checkbox]"));
  now.checked = old.checked;
  const current = before.querySelector("a").getAttribute("aria-current");
  if (current) after.querySelector("a").setAttribute("aria-current", current);
  before.replaceWith(after);
  if (held) after.querySelector(held === old ? "input[type=checkbox]" : "a").focus({ preventScroll: true });
  window.htmx.process(after);
  return after;
}
