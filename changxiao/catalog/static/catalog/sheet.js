// While a table is being applied: one press only, and how far it has come, asked once a second.
const form = document.querySelector("form[data-progress]");
const place = form?.querySelector(".sheet-progress");

form?.addEventListener("submit", (event) => {
  if (event.submitter?.name !== "seen" || !place) return;
  place.hidden = false;
  // A disabled button would not be sent: its value says what was previewed.
  form.addEventListener("submit", (again) => again.preventDefault());
  setInterval(async () => {
    const answer = await fetch(form.dataset.progress, { headers: { "HX-Request": "true" } });
    if (answer.ok) place.innerHTML = await answer.text();
  }, 1000);
});
