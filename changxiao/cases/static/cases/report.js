// The report form by keyboard: Ctrl+Enter sends, the chosen criterion and a number to ring are shown.
import { take } from "./combobox.js";

const form = document.getElementById("report-form");
const subject = document.getElementById("subject");
const note = form.querySelector("[data-criterion]");
const phone = form.elements.reporter_phone;
const dial = form.querySelector("[data-dial]");
const questions = document.getElementById("report-questions");

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

form.addEventListener("chosen", (event) => {
  if (!event.detail.dataset.setSubcategory) return;
  note.textContent = event.detail.dataset.note;
  ask();
});

// A suggestion fills the form when it is pressed, and only then.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-suggested]");
  if (!chip) return;
  take(form, chip);
  subject.value = chip.dataset.text;
});

// A draft or a refused form comes back with its select filled and the search field empty.
function show() {
  const chosen = form.elements.subcategory.selectedOptions[0];
  const criterion = form.elements.criterion.selectedOptions[0];
  if (!chosen?.value) return;
  subject.value = chosen.text.replace(/\s*\d{4}$/, "");
  note.textContent = criterion?.value ? criterion.text : "";
}

// What the chosen sub-category asks besides; asked again only for another one, so no answer is lost.
function ask() {
  const chosen = form.elements.subcategory.value;
  if (chosen === questions.dataset.for) return;
  questions.dataset.for = chosen;
  const address = `${questions.dataset.questions}?subcategory=${encodeURIComponent(chosen)}`;
  window.htmx.ajax("GET", address, { source: questions, target: questions, swap: "innerHTML" }).catch(() => {});
}

// A press that is slower than an answer: what it began on stays until it is through.
function keepUnderPress(side) {
  let pressed = false, missed = false;
  side.addEventListener("pointerdown", () => { pressed = true; });
  side.addEventListener("htmx:beforeSwap", (event) => {
    if (!pressed || event.detail.target !== side) return;
    event.detail.shouldSwap = false;
    missed = true;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    // The click comes after the pointer, and after it the side is asked again.
    document.addEventListener(end, () => setTimeout(() => {
      pressed = false;
      if (!missed) return;
      missed = false;
      window.htmx.trigger(side, "again");
    }));
  }
}

function ring() {
  const digits = phone.value.normalize("NFKC").replace(/[\s()\-.]/g, "");
  dial.hidden = !/^\+?\d{5,20}$/.test(digits);
  dial.querySelector("a").href = `tel:${digits}`;
  dial.querySelector("span").textContent = digits;
}

form.elements.subcategory.addEventListener("change", show);
form.elements.subcategory.addEventListener("change", ask);
form.elements.criterion.addEventListener("change", show);
phone.addEventListener("input", ring);
// Without script these are the only way; with it they are for whoever wants them.
for (const fold of form.querySelectorAll("[data-by-hand]")) {
  fold.open = fold.querySelector("[aria-invalid=true]") !== null;
}
show();
ask();
ring();
keepUnderPress(document.getElementById("report-here"));
if (!form.querySelector("[aria-invalid=true]")) form.elements.address.focus();
