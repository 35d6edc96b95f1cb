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

// A page that answered meanwhile may have drawn the button anew: what was agreed to is sent.
function standing(thing, form) {
  if (thing.isConnected) return thing;
  const twin = Object.assign(thing.cloneNode(), { hidden: true });
  form.append(twin);
  return twin;
}

function hold(event, thing, again) {
  if (agreed.delete(thing)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  asked(thing.dataset.confirm).then((yes) => {
    if (yes) again();
  });
}

// In the capture phase: before htmx and before the browser itself.
document.addEventListener(
  "submit",
  (event) => {
    const { submitter, target } = event;
    const thing = submitter?.matches("[data-confirm]") ? submitter : target;
    if (!thing.dataset.confirm) return;
    hold(event, thing, () => {
      const button = submitter && standing(submitter, target);
      agreed.add(thing === target ? target : button);
      target.requestSubmit(button);
    });
  },
  true,
);

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-confirm]");
    if (!link) return;
    hold(event, link, () => {
      agreed.add(link);
      link.click();
    });
  },
  true,
);
