// The draft in this browser: words in one record and photos as blobs, in IndexedDB, so that neither a
// dead zone nor a refused form costs a resident what he has. A day, then it is gone.
const DAY = 86_400_000;

const wait = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

async function store(mode) {
  const opening = indexedDB.open("changxiao-portal", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("draft");
  const base = await wait(opening);
  return base.transaction("draft", mode).objectStore("draft");
}

// A browser that keeps nothing (private windows) has no draft, and everything else works.
async function quietly(doing) {
  try {
    return await doing();
  } catch {
    return null;
  }
}

export const keep = (draft) =>
  quietly(async () => wait((await store("readwrite")).put({ ...draft, at: Date.now() }, "report")));

export const kept = () =>
  quietly(async () => {
    const draft = await wait((await store("readonly")).get("report"));
    return draft && Date.now() - draft.at < DAY ? draft : null;
  });

export const forget = () => quietly(async () => wait((await store("readwrite")).delete("report")));
