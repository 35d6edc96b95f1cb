// 请求: what to do when htmx got no answer, a fault, or the sign-in page instead of a partial.
import { say } from "./toast.js";

const LOGIN = "/accounts/login/";
let lost = null;

addEventListener("offline", () => {
  lost ??= say("offline", { state: "overdue", stays: true });
});

addEventListener("online", () => {
  lost?.remove();
  lost = null;
  say("online");
});

document.addEventListener("htmx:sendError", () => {
  if (!lost) say("offline", { state: "overdue" });
});

document.addEventListener("htmx:timeout", () => say("broken", { state: "overdue" }));

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(status === 403 ? "denied" : status === 404 ? "missing" : "broken", { state: "overdue" });
});

// The session ended: sign in and come back to this very page, where drafts wait.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname !== LOGIN) return;
  event.detail.shouldSwap = false;
  location.assign(`${LOGIN}?next=${encodeURIComponent(location.pathname + location.search)}`);
});
