// 即时更新: hears which cases changed, by number, verb and n alone; comes back after a break where it
// stopped. Each connection needs a ticket, which only a session that still lives is given.
const LONGEST = 60_000;
const SILENCE = 40_000; // three beats of the server missed

// `after` is the place in the log at which the page was drawn: what happened since is told first.
// `changed({number, verb, n})`, `reset()` when too much happened, `state("live" | "broken" | "ended")`,
// `noticed()` when there is a message for this person.
export function listen(address, { after, changed, reset, state, noticed = () => {} }) {
  let source, last = after, top, tries = 0, silence, next;

  function alive() {
    clearTimeout(silence);
    silence = setTimeout(again, SILENCE);
  }

  function stop() {
    source?.close();
    clearTimeout(silence);
    clearTimeout(next);
  }

  function again() {
    stop();
    state("broken");
    // Twice as long each time, and never all pages at once.
    const pause = Math.min(LONGEST, 1000 * 2 ** tries++);
    next = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  }

  async function ticket() {
    const answer = await fetch(address, { headers: { "X-Background": "1" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 403) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function connect() {
    try {
      const given = await ticket();
      if (!given) return state("ended");
      const url = new URL(given.url, location.href);
      url.searchParams.set("ticket", given.ticket);
      if (last) url.searchParams.set("after", last);
      hear(new EventSource(url));
    } catch {
      again();
    }
  }

  function hear(made) {
    source = made;
    made.addEventListener("hello", (event) => {
      tries = 0;
      top = event.lastEventId;
      last ??= top;
      state("live");
      alive();
    });
    made.addEventListener("beat", alive);
    made.addEventListener("notice", noticed);
    made.addEventListener("reset", () => {
      last = top;
      reset();
    });
    made.addEventListener("message", (event) => {
      last = event.lastEventId;
      alive();
      changed(JSON.parse(event.data));
    });
    made.addEventListener("error", again);
  }

  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
}
