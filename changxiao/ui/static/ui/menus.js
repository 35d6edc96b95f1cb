// 菜单: one open at a time, Escape closes it; codes are copied by a click; a select that sends itself.
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
