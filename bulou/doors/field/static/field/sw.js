// @ts-check
// The service worker: keeps the app of one version, whole, and answers from it. Records never pass through here.
// The server writes `APP` (version and exact list of files) before this text.
/// <reference lib="webworker" />

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { version, files } = /** @type {{version: string, files: string[]}} */ (
  // @ts-ignore - see above
  APP
);
const NAME = `bulou-${version}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(NAME).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: "reload" })))),
  );
  // no skipWaiting: the new version is offered, a person starts it
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // the version before stays: another tab may still work with it and load a screen of it
      const others = (await caches.keys()).filter((name) => name.startsWith("bulou-") && name !== NAME);
      for (const name of others.slice(0, -1)) await caches.delete(name);
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("message", (event) => {
  if (event.data === "take") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/api/") || !url.pathname.startsWith("/field")) return;
  event.respondWith(answer(event.request, url.pathname));
});

/**
 * @param {Request} request
 * @param {string} path
 */
async function answer(request, path) {
  const page = request.mode === "navigate" ? "/field/" : path;
  const cache = await caches.open(NAME);
  return (await cache.match(page)) ?? (await caches.match(page)) ?? fetch(request);
}
