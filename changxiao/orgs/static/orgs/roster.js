// A block of cells copied from Excel fills the grid from the cell it is pasted into.
const table = document.querySelector("[data-roster]");

function cellsFrom(area) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("textarea")]);
  const top = rows.findIndex((row) => row.includes(area));
  const left = rows[top].indexOf(area);
  return rows.slice(top).map((row) => row.slice(left));
}

// Excel puts what holds a line break into quotes and doubles the quotes inside.
function lines(text) {
  const cells = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const quoted = /"((?:[^"]|"")*)"(?=\t|\n|$)/g;
  return cells.replace(quoted, (_, inner) => inner.replaceAll('""', '"').replaceAll("\n", "、"))
    .split("\n").map((line) => line.split("\t"));
}

table?.addEventListener("paste", (event) => {
  const area = event.target.closest("textarea");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!area || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const grid = cellsFrom(area);
  lines(text).forEach((row, y) => row.forEach((words, x) => {
    const cell = grid[y]?.[x];
    if (cell && !cell.readOnly) cell.value = words.trim();
  }));
});

// Arrows walk between cells where the caret can go no further, as in a sheet.
table?.addEventListener("keydown", (event) => {
  const area = event.target.closest("textarea");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!area || !step || !event.altKey) return;
  const row = area.closest("tr");
  const next = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  const column = [...row.querySelectorAll("textarea")].indexOf(area);
  next?.querySelectorAll("textarea")[column]?.focus();
});
