// 离线工作者: the shell and our own static files under one version; everything else goes to the
// network untouched. It never sends the queue: pages do, so that there is one place that sends.
const CACHE = `field-${self.CX.version}`;

self.addEventListener("install", (event) => {
  const wanted = [self.CX.shell, ...self.CX.files].map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)));
});

self.addEventListener("activate", (event) => {
  const stale = (name) => name.startsWith("field-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(stale).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "update") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = url.origin === location.origin && event.request.method === "GET";
  const shell = event.request.mode === "navigate" && url.pathname === self.CX.shell;
  if (!ours || !(shell || self.CX.files.includes(url.pathname))) return;
  event.respondWith(
    caches.open(CACHE).then(async (cache) => (await cache.match(shell ? self.CX.shell : url.pathname)) ?? fetch(event.request)),
  );
});
