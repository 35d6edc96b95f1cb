// 列表的行: draws one row anew in place, keeping focus, tick and mark; no other row moves.
//
// `refreshRow(number)` asks the server for the row as it stands now; `data-number` names a row.
const URL = (number) => `/cases/${number}/row/`;

export const rowOf = (number) => document.querySelector(`#queue .row-item[data-number="${number}"]`);

export async function refreshRow(number) {
  const before = rowOf(number);
  if (!before) return null;
  const answer = await fetch(URL(number), { headers: { "HX-Request": "true" } });
  if (!answer.ok) {
    before.classList.add("is-gone");
    return before;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const after = document.adoptNode(page.querySelector(".row-item"));
  carry(before, after);
  before.replaceWith(after);
  if (after.dataset.wanted) after.querySelector("a").focus({ preventScroll: true });
  delete after.dataset.wanted;
  window.htmx.process(after);
  return after;
}

function carry(before, after) {
  const [old, now] = [before, after].map((row) => row.querySelector("input[type=checkbox]"));
  now.checked = old.checked;
  const current = before.querySelector("a").getAttribute("aria-current");
  if (current) after.querySelector("a").setAttribute("aria-current", current);
  if (before.contains(document.activeElement)) after.dataset.wanted = "true";
  if (before.dataset.stage !== after.dataset.stage) after.classList.add("is-done");
  else if (before.classList.contains("is-done")) after.classList.add("is-done");
}
