// 待办即时更新: the counts follow the log; what several cases change is asked for once.
import { listen } from "../cases/listen.js";

const GATHER = 2_000; // ms
const MINUTE = 60_000; // what is late grows without any entry
const todo = () => document.getElementById("todo");
let waiting;

function recount() {
  waiting ??= setTimeout(() => {
    waiting = undefined;
    window.htmx.trigger(todo(), "recount");
  }, GATHER * (0.5 + Math.random()));
}

// Whoever only lets the page stand there has not come back to it.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt === todo()) event.detail.headers["X-Background"] = "1";
});

if (todo()) {
  // What happened between the drawing of the page and its listening is asked for once.
  const state = (now) => now === "live" && recount();
  listen(todo().dataset.ticket, { changed: recount, reset: recount, state });
  setInterval(recount, MINUTE);
}
