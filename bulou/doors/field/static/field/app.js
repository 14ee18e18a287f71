// @ts-check
// Start of the app, and the way from screen to screen.

import { fill, focusOn, h } from "./dom.js";
import { onLanguage, startLanguage, t } from "./words.js";
import { HOME } from "./homes.js";
import * as looks from "./looks.js";
import * as session from "./session.js";
import * as outbox from "./outbox.js";
import * as sync from "./sync.js";
import * as bar from "./bar.js";

/** @typedef {(root: HTMLElement, params: Record<string, string>, app: App) => any} Show */
/** @typedef {Record<string, any>} App */

/**
 * Every screen; a mode adds its own here. A screen exports `show(root, params, app)` and may return what is to be
 * called when it is left. It is shown again, with the same params, when the language changes: what must survive
 * that (answers, places in lists) lives in `app.kept(name)`.
 * @type {Record<string, () => Promise<{show: Show}>>}
 */
export const SCREENS = {
  start: () => import("./start.js"),
  enrol: () => import("./start.js"),
  list: () => import("./list.js"),
  visit: () => import("./visit.js"),
  found: () => import("./found.js"),
  record: () => import("./record.js"),
  help: () => import("./help.js"),
  me: () => import("./me.js"),
  gate: () => import("./gate/gate.js"),
  gatehold: () => import("./gate/steps.js"),
  gateshift: () => import("./gate/shift.js"),
  gatevisitor: () => import("./gate/visitor.js"),
  gatepatrol: () => import("./gate/visitor.js").then((made) => made.patrol),
  inspect: () => import("./inspect/inspect.js"),
  checklist: () => import("./inspect/checklist.js"),
  finding: () => import("./inspect/finding.js"),
  recheck: () => import("./inspect/recheck.js"),
  crew: () => import("./crew/crew.js"),
  job: () => import("./crew/job.js"),
  signoff: () => import("./crew/signoff.js"),
  care: () => import("./care/care.js"),
  careslot: () => import("./care/slot.js"),
  carehand: () => import("./care/hand.js"),
  sample: () => import("./sample/sample.js"),
  samplehome: () => import("./sample/home.js"),
  sampleagain: () => import("./sample/again.js"),
  samplebag: () => import("./sample/bag.js"),
  sampleleave: () => import("./sample/bag.js").then((made) => made.leave),
  careguest: () => import("./care/guest.js"),
  careroom: () => import("./care/guest.js").then((made) => made.room),
  carestay: () => import("./care/guest.js").then((made) => made.stay),
  careask: () => import("./care/ask.js"),
  caregoods: () => import("./care/goods.js"),
  carehome: () => import("./care/home.js"),
  carefix: () => import("./care/fix.js"),
  carecase: () => import("./care/case.js"),
};

/** Screens that are there before anybody has unlocked the phone. */
const OPEN = new Set(["start", "enrol"]);

const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Map<string, any>} */
const memory = new Map();
/** @type {(() => void) | null} */
let leave = null;
let turn = 0;
let shown = "";

/** @type {App} */
export const app = { session, outbox, sync, t, go, back, home, say, foot, kept, forget, refresh: route, mode: "list" };

/**
 * Something that a screen keeps while the app is open, in memory only.
 * @template T
 * @param {string} name
 * @param {T} [first]
 * @returns {T}
 */
function kept(name, first) {
  if (!memory.has(name)) memory.set(name, first ?? {});
  return memory.get(name);
}

/**
 * @param {string} name
 */
function forget(name) {
  memory.delete(name);
}

/**
 * @param {string} name
 * @param {Record<string, string>} [params]
 * @param {{replace?: boolean}} [how]
 */
function go(name, params = {}, how = {}) {
  const query = new URLSearchParams(params).toString();
  const hash = `#/${name}${query ? `?${query}` : ""}`;
  if (hash === location.hash) void route();
  else if (how.replace) location.replace(hash);
  else location.hash = hash;
}

function back() {
  if (history.length > 1 && shown !== "start") history.back();
  else home();
}

function home() {
  go(HOME[app.mode] ?? "list");
}

/**
 * The buttons within reach of the thumb. They go when the screen goes.
 * @param {...(Node | null | false)} buttons
 */
function foot(...buttons) {
  fill(place("foot"), ...buttons);
  place("foot").hidden = buttons.length === 0;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/**
 * Tells something in passing, with a way back if there is one.
 * @param {string} words
 * @param {{label: string, act: () => any, seconds?: number} | null} [way]
 */
function say(words, way = null) {
  const act = way && (() => { hush(); way.act(); });
  fill(place("say"), h("p", null, words), way && h("button", { type: "button", onclick: act }, way.label));
  place("say").classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(hush, (way?.seconds ?? (way ? 10 : 6)) * 1000);
}

function hush() {
  clearTimeout(fading);
  place("say").classList.remove("shown");
  fill(place("say"));
}

/** What the address says: the screen and what it is about. */
function read() {
  const [, name = "", query = ""] = /^#\/([a-z]*)\??(.*)$/.exec(location.hash) ?? [];
  return { name, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Shows the screen that the address names. */
async function route() {
  const mine = ++turn;
  let { name, params } = read();
  if (session.current() === null && !OPEN.has(name)) [name, params] = ["start", {}];
  else if (!(name in SCREENS)) [name, params] = [HOME[app.mode] ?? "list", {}];
  const screen = await SCREENS[name]();
  if (mine !== turn) return;
  const again = shown === location.hash + name;
  const at = again ? scrollY : 0;
  leave?.();
  leave = null;
  const root = h("div", { class: `screen ${name}` });
  fill(place("screen"), root);
  document.body.dataset.screen = name;
  foot();
  if (!again) scrollTo(0, 0);
  const left = await screen.show(root, params, app);
  if (mine !== turn) {
    if (typeof left === "function") left();
    return;
  }
  leave = typeof left === "function" ? left : null;
  shown = location.hash + name;
  const title = root.querySelector("h1");
  document.title = title ? `${title.textContent} · ${t("Bulou")}` : t("Bulou");
  if (again) scrollTo(0, at);
  else if (!root.contains(document.activeElement)) focusOn(title);
}

function frame() {
  place("skip").textContent = t("Skip to the content");
  place("foot").setAttribute("aria-label", t("Actions"));
}

/** The bar grows and shrinks; what sticks below it must know. */
const height = new ResizeObserver(([bar]) => {
  document.documentElement.style.setProperty("--bar", `${Math.ceil(bar.contentRect.height)}px`);
});

async function boot() {
  looks.start();
  height.observe(/** @type {Element} */ (place("bar").parentElement));
  await startLanguage();
  frame();
  await session.start();
  bar.mount(place("bar"), app);
  onLanguage(() => {
    frame();
    void route();
  });
  addEventListener("hashchange", () => void route());
  session.on?.(() => {
    const now = session.current();
    app.mode = now?.modes?.includes(app.mode) ? app.mode : (now?.modes?.[0] ?? "list");
    if (now === null) memory.clear();
    void route();
  });
  app.mode = session.current()?.modes?.[0] ?? "list";
  await route();
  document.documentElement.dataset.ready = "yes";
}

if (document.getElementById("screen")) void boot();
