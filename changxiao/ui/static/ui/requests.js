// 请求: what to do when htmx got no answer, a fault, or the sign-in page instead of a partial.
import { say } from "./toast.js";

const LOGIN = "/accounts/login/";
let lost = null;

// Whether this answer is the sign-in page, to which a request was sent on when its session had ended.
export function signedOut(xhr) {
  return Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname === LOGIN;
}

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
  if (!signedOut(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  location.assign(`${LOGIN}?next=${encodeURIComponent(location.pathname + location.search)}`);
});
