// @ts-check
/* The desk's only script: keys, menus, the live clock, marks on rows. Every page works without it. */

const $ = (/** @type {string} */ s, /** @type {ParentNode} */ from = document) => from.querySelector(s);
const all = (/** @type {string} */ s, /** @type {ParentNode} */ from = document) => [...from.querySelectorAll(s)];

/* ---- on a phone the nouns stand in a row that scrolls: the one we are at comes into sight */
const nouns = $(".nav");
const noun = $(".nav a[aria-current]");
if (nouns && noun) {
  nouns.scrollLeft += noun.getBoundingClientRect().left - nouns.getBoundingClientRect().left - nouns.clientWidth / 3;
}

/* ---- keys */
const typing = (/** @type {EventTarget | null} */ el) =>
  el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) &&
  !(el instanceof HTMLInputElement && /^(checkbox|radio|button|submit)$/.test(el.type));

const rows = () => all("[data-rows] > tr, [data-rows] > li").filter((r) => $("a[href]", r));

/** @param {number} step */
function walk(step) {
  const list = rows();
  if (!list.length) return;
  const now = list.findIndex((r) => r.classList.contains("here"));
  const next = list[Math.min(list.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  list.forEach((r) => r.classList.toggle("here", r === next));
  const target = /** @type {HTMLElement | null} */ ($("a[href]", next));
  target?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function search() {
  const tools = /** @type {any} */ ($("#tools"));
  const button = /** @type {HTMLElement | null} */ ($(".menu-button"));
  if (button?.offsetParent && !tools?.matches(":popover-open")) tools?.showPopover?.();
  /** @type {HTMLInputElement | null} */ ($("#q"))?.select();
}

/** @type {Record<string, () => void>} */
const keys = {
  "/": search,
  "?": () => /** @type {HTMLDialogElement | null} */ ($("#keys"))?.showModal(),
  j: () => walk(1),
  k: () => walk(-1),
  x: () => /** @type {HTMLInputElement | null} */ ($("tr.here input[type=checkbox]"))?.click(),
  u: () => /** @type {HTMLElement | null} */ (all(".crumbs a").at(-1))?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") all("details.drop[open]").forEach((d) => d.removeAttribute("open"));
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if ($("dialog[open]")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

/* ---- menus close when one looks elsewhere */
document.addEventListener("click", (event) => {
  const inside = event.target instanceof Element ? event.target.closest("details.drop") : null;
  all("details.drop[open]").forEach((d) => d !== inside && d.removeAttribute("open"));
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});

/* ---- what was done a moment ago goes away, unless one is about to use it */
function toasts() {
  for (const toast of all(".toast[data-seconds]")) {
    const seconds = Number(toast.getAttribute("data-seconds"));
    toast.removeAttribute("data-seconds");
    const gone = () => (toast.matches(":hover, :focus-within") ? setTimeout(gone, 1000) : toast.remove());
    setTimeout(gone, seconds * 1000);
  }
}

/* ---- the live clock never lies: it shows the last answer, and says when there was none */
const STALE_MS = 15_000;
let answered = Date.now();

function stale() {
  const bar = /** @type {HTMLElement | null} */ ($("#asof"));
  const word = bar && $(".live", bar);
  if (!bar || !word) return;
  const late = Date.now() - answered > STALE_MS;
  if (late === bar.classList.contains("stale")) return;
  bar.classList.toggle("stale", late);
  word.textContent = ` · ${late ? bar.dataset.stale : bar.dataset.live}`;
}

document.addEventListener("asof", (event) => {
  const time = $("#asof time");
  answered = Date.now();
  if (time) time.textContent = /** @type {CustomEvent} */ (event).detail.value;
  stale();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const asker = event.target;
  if (asker instanceof Element && asker.matches("[data-live]") && document.hidden) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  const live = $("[data-live]");
  if (live) /** @type {any} */ (window).htmx?.trigger(live, "look");
});

/* ---- marks on rows */
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  if (box.matches("[data-all]")) {
    for (const one of /** @type {HTMLInputElement[]} */ (all("input[name=subject]"))) one.checked = box.checked;
  }
  if (box.matches("[data-all], input[name=subject]")) marked();
  const form = box.closest("form[data-guard]");
  form?.setAttribute("data-changed", "");
});

function marked() {
  const n = all("input[name=subject]:checked").length;
  for (const el of all("[data-marked]")) el.textContent = String(n);
}

/* ---- a form that was begun is not lost by a click elsewhere */
document.addEventListener("input", (event) => {
  if (event.target instanceof Element) event.target.closest("form[data-guard]")?.setAttribute("data-changed", "");
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  event.target.removeAttribute("data-changed");
});
window.addEventListener("beforeunload", (event) => {
  if ($("form[data-changed]")) event.preventDefault();
});

/* ---- after every swap */
document.addEventListener("htmx:afterSettle", () => {
  toasts();
  marked();
});
setInterval(stale, 1000);
toasts();
marked();
const wrong = /** @type {HTMLElement | null} */ ($(".errors[tabindex]"));
wrong?.focus();
