// 成批办理: the bar shows itself when rows are ticked, counts them, and Shift ticks a stretch.
const bar = document.getElementById("many");
const ticks = () => [...document.querySelectorAll('input[name="number"][form="many"]')];
let last = null;

function count() {
  const ticked = ticks().filter((one) => one.checked).length;
  bar.querySelector("[data-many-count]").textContent = ticked;
  bar.classList.toggle("many-bar--shown", ticked > 0);
  bar.querySelector("[data-many-all]").checked = ticked > 0 && ticked === ticks().length;
}

document.addEventListener("click", (event) => {
  const tick = event.target.closest('input[name="number"][form="many"]');
  if (!tick) return;
  const rows = ticks();
  if (event.shiftKey && last && rows.includes(last)) {
    const [from, to] = [rows.indexOf(last), rows.indexOf(tick)].sort((a, b) => a - b);
    for (const row of rows.slice(from, to + 1)) row.checked = tick.checked;
  }
  last = tick;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-many-all]")) {
    for (const row of ticks()) row.checked = event.target.checked;
  }
  count();
});

document.addEventListener("htmx:afterSettle", count);
count();
