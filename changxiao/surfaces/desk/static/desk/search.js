// Arrow keys walk through the hits; from the first one up lies the field again.
const hits = () => [...document.querySelectorAll("[data-hits] a.hit")];
const field = () => document.getElementById("find");

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const rows = hits();
  const here = document.activeElement === field() ? -1 : rows.indexOf(document.activeElement);
  if (!rows.length || (here < 0 && document.activeElement !== field())) return;
  event.preventDefault();
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) field().focus();
  else rows[Math.min(next, rows.length - 1)].focus();
});
