// 确认: `data-confirm="words"` on a form, a button or a link asks first, in the page's own dialog.
const dialog = document.getElementById("confirm");
const agreed = new WeakSet();

async function asked(words) {
  dialog.querySelector("[data-words]").textContent = words;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  return dialog.returnValue === "yes";
}

function hold(event, thing, again) {
  if (agreed.delete(thing)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  asked(thing.dataset.confirm).then((yes) => {
    if (!yes) return;
    agreed.add(thing);
    again();
  });
}

// In the capture phase: before htmx and before the browser itself.
document.addEventListener(
  "submit",
  (event) => {
    const { submitter, target } = event;
    const thing = submitter?.matches("[data-confirm]") ? submitter : target;
    if (thing.dataset.confirm) hold(event, thing, () => target.requestSubmit(submitter));
  },
  true,
);

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-confirm]");
    if (link) hold(event, link, () => link.click());
  },
  true,
);
