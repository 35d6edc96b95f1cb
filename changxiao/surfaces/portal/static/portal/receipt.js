// The receipt: copies the link, and lets go of the draft, which was taken.
import { forget } from "./drafts.js";

document.documentElement.dataset.scripted = "";
forget();
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.lastChild.textContent = ` ${button.dataset.copied}`;
  });
}
