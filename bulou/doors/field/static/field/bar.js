// @ts-check
// The bar on top: the truth about saving and sending, in words, at every moment.

import { clockTime, fill, h } from "./dom.js";
import * as session from "./session.js";
import * as sync from "./sync.js";
import { onLanguage, t } from "./words.js";
import * as worker from "./worker.js";

/** @typedef {ReturnType<typeof sync.summary>} Summary */

const EVERY = 5_000;

/**
 * Fills the bar and keeps it true. The app starts sending here, too.
 * @param {HTMLElement} root
 * @param {any} app
 */
export function mount(root, app) {
  root.setAttribute("role", "status");
  root.setAttribute("aria-live", "polite");
  const paint = () => draw(root, app);
  sync.on(paint);
  session.on(paint);
  worker.on(paint);
  onLanguage(paint);
  for (const event of ["online", "offline"]) addEventListener(event, paint);
  setInterval(paint, EVERY);
  void sync.start().then(paint);
  void worker.register();
  paint();
}

let drawn = "";

/** @param {HTMLElement} root @param {any} app */
function draw(root, app) {
  const now = sync.summary();
  const parts = said(now);
  const ways = offers(now, app);
  const what = JSON.stringify([parts, ways.map(([words]) => words), now.online]);
  if (what === drawn) return; // a screen reader hears changes only
  drawn = what;
  root.dataset.state = state(now);
  fill(
    root,
    h("p", { class: "truth" }, parts.join(" · ")),
    ...ways.map(([words, act]) => h("button", { type: "button", class: "way", onclick: act }, words)),
  );
}

/** @param {Summary} now */
function state(now) {
  if (now.need_help || now.lost) return "help";
  if (!now.online) return "offline";
  return now.waiting || now.others ? "waiting" : "well";
}

/** The truth in words. @param {Summary} now @returns {string[]} */
export function said(now) {
  const parts = [];
  if (!now.online) parts.push(t("Offline"));
  if (now.sending) parts.push(t("Sending"));
  if (now.waiting) parts.push(t("{n} waiting", { n: now.waiting }));
  else if (session.current()) parts.push(t("All sent"));
  if (now.others) parts.push(t("{n} waiting from another shift", { n: now.others }));
  if (now.last_success) parts.push(t("last {time}", { time: clockTime(now.last_success) }));
  if (now.need_help) parts.push(t("{n} need help", { n: now.need_help }));
  if (now.lost) parts.push(t("This phone has lost {n} records. Tell your office.", { n: now.lost }));
  if (now.old) parts.push(t("This app is too old. Records are kept and sent; update it."));
  return parts;
}

/**
 * What can be done about it, one tap each.
 * @param {Summary} now
 * @param {any} app
 * @returns {[string, () => void][]}
 */
function offers(now, app) {
  /** @type {[string, () => void][]} */
  const ways = [];
  if (now.online && (now.waiting || now.others) && !now.sending) {
    ways.push([t("Send now"), () => void sync.sendNow()]);
  }
  if (now.need_help && session.current()) ways.push([t("Show"), () => app.go("help")]);
  if (now.lost) ways.push([t("Understood"), () => void sync.understood()]);
  if (worker.waiting()) ways.push([t("New version: start it"), () => void worker.take()]);
  return ways;
}
