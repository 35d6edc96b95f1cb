// 菜单: one open at a time, Escape closes it; codes are copied by a click; a select that sends itself; what is folded opens for what it lacks.
import { say } from "./toast.js";

const menus = () => document.querySelectorAll("details.drop[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const code = event.target.closest("[data-copy]");
  if (code) navigator.clipboard?.writeText(code.dataset.copy).then(() => say("copied"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault(); // keys.js then leaves the form behind the menu alone
  }
});

// A select in a form marked so sends it at once; without script its button does.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form) form.requestSubmit();
});

// What a form still needs may lie in something folded, where the browser could not point at it and
// would send nothing without a word.
document.addEventListener("invalid", (event) => event.target.closest("details:not([open])")?.setAttribute("open", ""), true);
