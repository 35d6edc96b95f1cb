// 案卷: the photo slider, where the focus goes when a form opens or closes, Ctrl+Enter to confirm.
let opener = "";

// `--at` through the CSSOM: the page's policy allows no style attribute.
function compare(view) {
  const range = view.querySelector("input");
  const show = () => {
    view.style.setProperty("--at", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${range.value}%`);
  };
  view.hidden = false;
  range.addEventListener("input", show);
  show();
}

function prepare(root) {
  for (const view of root.querySelectorAll("[data-compare][hidden]")) compare(view);
  const form = root.querySelector("form.act-form");
  if (form) begin(form);
}

// The first field that still wants an answer; with nothing to fill in, the button itself.
function begin(form) {
  const asked = [...form.elements].filter((one) => one.name && one.type !== "hidden");
  const wrong = asked.find((one) => one.getAttribute("aria-invalid") === "true");
  const empty = asked.find((one) => one.required && !one.value);
  const field = wrong ?? empty;
  // The button is not scrolled to: what it will confirm stands at the head of the form.
  if (field) field.focus();
  else form.querySelector("button[type=submit]").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#act a[hx-target='#act']");
  if (link) opener = link.getAttribute("href");
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.act-form");
  if (form && event.key === "Enter" && event.ctrlKey) form.requestSubmit();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const { target, xhr } = event.detail;
  if (target.id !== "act" && target.id !== "case" && target.id !== "pane") return;
  const here = document.getElementById("case") ?? target;
  prepare(here);
  if (target.id !== "case" || here.querySelector("form.act-form")) return;
  // A form was closed or taken: back to the button that opened it, else to the case's name.
  const back = xhr.status < 300 && opener && here.querySelector(`#act a[href="${opener}"]`);
  (back || here.querySelector(".case-name"))?.focus({ preventScroll: Boolean(back) });
});

prepare(document);
