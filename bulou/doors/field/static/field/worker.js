// @ts-check
// The service worker's other half: registers it, and offers a new version when one waits.

/** @type {ServiceWorker | null} */
let next = null;
let asked = false;
/** @type {Set<() => void>} */
const listeners = new Set();
const HOUR = 3_600_000;

/** @param {() => void} listener */
export function on(listener) {
  listeners.add(listener);
}

/** Whether a new version waits to be started. */
export const waiting = () => next !== null;

export async function register() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload(); // only when a person has asked for it
  });
  try {
    const found = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
    look(found);
    found.addEventListener("updatefound", () => look(found));
    setInterval(() => void found.update().catch(() => {}), HOUR);
  } catch (error) {
    console.warn("no service worker", error);
  }
}

/** @param {ServiceWorkerRegistration} found */
function look(found) {
  if (found.waiting && navigator.serviceWorker.controller) offer(found.waiting);
  const coming = found.installing;
  coming?.addEventListener("statechange", () => {
    if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
  });
}

/** @param {ServiceWorker} worker */
function offer(worker) {
  next = worker;
  for (const listener of listeners) listener();
}

/**
 * Starts the new version. What is being sent is either acknowledged or still waits, sealed on the disk: an upload
 * that is cut here is offered again by the new version. Other tabs go on with the old one until they are loaded anew.
 */
export async function take() {
  if (!next) return;
  asked = true;
  next.postMessage("take");
}

/** The version that serves this page, and a check for a newer one. */
export async function check() {
  const found = await navigator.serviceWorker?.getRegistration("/field/");
  await found?.update().catch(() => {});
  if (found) look(found);
}
