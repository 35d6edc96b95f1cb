// 手机存储: the queue in IndexedDB. An item is saved when its transaction is complete, not before:
// only then may a page say "saved". Content and key are written together with the photos.
const NAME = "changxiao-field";
export const VERSION = 2;

const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

// Version 1 kept the photos inside the items, so that reading the list read every picture.
function upgrade(event) {
  const { result: db, transaction } = event.target;
  if (event.oldVersion < 1) db.createObjectStore("items", { keyPath: "key" });
  if (event.oldVersion >= 2) return;
  db.createObjectStore("kept", { keyPath: "name" });
  const blobs = db.createObjectStore("blobs", { keyPath: ["user", "sha256"] });
  const walk = transaction.objectStore("items").openCursor();
  walk.onsuccess = () => {
    const cursor = walk.result;
    if (!cursor) return;
    const item = cursor.value;
    for (const photo of item.photos ?? []) {
      if (photo.blob) blobs.put({ user: item.user, sha256: photo.sha256, blob: photo.blob });
      delete photo.blob;
    }
    cursor.update(item);
    cursor.continue();
  };
}

let opened = null;
export function open() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = upgrade;
    request.onsuccess = () => {
      // Another tab with a newer version of the page must not wait for this one.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      done(request.result);
    };
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function writing(names, write) {
  const db = await open();
  return new Promise((done, failed) => {
    const transaction = db.transaction(names, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => done();
    transaction.onabort = () => failed(transaction.error);
    write(...names.map((name) => transaction.objectStore(name)));
  });
}

async function reading(name, read) {
  const db = await open();
  return asked(read(db.transaction(name).objectStore(name)));
}

/** 保存: item and photos in one transaction; resolves when both are durable. */
export const save = (item, blobs = []) =>
  writing(["items", "blobs"], (items, pictures) => {
    items.put(item);
    for (const one of blobs) pictures.put({ user: item.user, sha256: one.sha256, blob: one.blob });
  });

/** 换内容: the changed item takes the place of the old one, whose key is never used again. */
export const replace = (old, item, blobs = []) =>
  writing(["items", "blobs"], (items, pictures) => {
    items.delete(old.key);
    items.put(item);
    for (const one of blobs) pictures.put({ user: item.user, sha256: one.sha256, blob: one.blob });
  });

export const all = () => reading("items", (items) => items.getAll());
export const one = (key) => reading("items", (items) => items.get(key));
export const blob = async (user, sha256) =>
  (await reading("blobs", (blobs) => blobs.get([user, sha256])))?.blob;

/** 已收到: the item stays as a line of the list, its pictures go unless another item needs them. */
export async function done(item) {
  const others = (await all()).filter((other) => other.key !== item.key && other.state !== "sent");
  const needed = new Set(
    others.filter((o) => o.user === item.user).flatMap((o) => o.photos.map((p) => p.sha256)),
  );
  await writing(["items", "blobs"], (items, pictures) => {
    items.put(item);
    for (const { sha256 } of item.photos) {
      if (!needed.has(sha256)) pictures.delete([item.user, sha256]);
    }
  });
}

export const remove = (key) => writing(["items"], (items) => items.delete(key));

/** 记住: what the last visit online told (criteria, tasks), so that it is there without a network. */
export const keep = (name, value) => writing(["kept"], (kept) => kept.put({ name, value }));
export const kept = async (name) => (await reading("kept", (rows) => rows.get(name)))?.value;
