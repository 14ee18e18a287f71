// @ts-check
// My list: buildings and floors in walking order, every door with its state as word, shape and colour.

import { account, buildings, OPEN_STATES, revisitDue, units } from "./account.js";
import { button, fill, focusOn, h, heading } from "./dom.js";
import { haystack, matches } from "./search.js";
import { Shelf } from "./shelf.js";
import { language, say, t } from "./words.js";

/** @typedef {import("./account.js").Unit} Unit */
/** @typedef {{operation: string, filter: string, question: string, at: number, last: string, top: number,
 *   searching: boolean}} Kept */

/** The words of the states. @type {Record<string, () => string>} */
export const STATES = Object.freeze({
  untried: () => t("To do"),
  absent: () => t("Nobody in"),
  refused: () => t("Refused"),
  unreachable: () => t("Not reached"),
  handed_over: () => t("Handed over"),
  excused: () => t("Excused"),
  moved: () => t("Moved"),
  done: () => t("Done"),
});

/** What my list holds now: tasks of the server and own records, folded. @param {Record<string, any>} app */
export async function gather(app) {
  const [tasks, list, areas, own, ...care] = await Promise.all([
    app.sync.tasks(), app.sync.protocols(), app.sync.areas(), app.outbox.own(),
    app.sync.slots(), app.sync.handovers(), app.sync.cases(), app.sync.toFix(),
  ]);
  const protocols = new Map(list.map((/** @type {any} */ one) => [one.protocol, one.body]));
  const names = new Map(areas.map((/** @type {any} */ one) => [one.path, one]));
  const area = (/** @type {string} */ path) => names.get(path) ?? { name: path };
  const inCare = care.reduce((sum, part) => sum + part.length, 0);
  return { all: units(tasks, own, protocols), protocols, area, own, inCare };
}

/** @type {import("./app.js").Show} */
export async function show(root, _params, app) {
  /** @type {Kept} */
  const kept = stateOf(app);
  let held = await gather(app);
  const head = h("div", { class: "account", role: "group", "aria-label": t("The account of my list") });
  const title = heading("");
  const rounds = h("div", { class: "rounds" });
  const doors = app.kept("doors", /** @type {Doors} */ ({ of: "", body: h("div", { class: "doors" }), tiles: new Map(), shelf: null }));
  root.append(title, rounds, head, doors.body);
  if (held.inCare) title.after(button(t("In care: {n}", { n: held.inCare }), () => { app.mode = "care"; app.home(); }, { class: "line" }));
  doors.body.onclick = (/** @type {Event} */ event) => {
    const door = /** @type {Element} */ (event.target).closest("button[data-key]");
    if (!(door instanceof HTMLElement) || !door.dataset.key) return;
    kept.last = door.dataset.key;
    kept.top = door.getBoundingClientRect().top;
    const [operation, subject] = door.dataset.key.split(":");
    app.go("visit", { operation, subject });
  };

  /** @type {WeakMap<Unit, string>} */
  const hay = new WeakMap();
  /** @param {Unit} unit */
  function hayOf(unit) {
    const text = hay.get(unit) ?? haystack(unit, held.area);
    hay.set(unit, text);
    return text;
  }

  let typed = 0;
  /** @param {string} question */
  function search(question) {
    kept.question = question;
    cancelAnimationFrame(typed);
    typed = requestAnimationFrame(draw);
  }

  function draw() {
    const operations = [...new Set(held.all.map((unit) => unit.operation))];
    if (!operations.includes(kept.operation)) kept.operation = operations[0] ?? "";
    const list = held.all.filter((unit) => unit.operation === kept.operation);
    drawRounds(operations);
    title.textContent = roundName(kept.operation) || t("My list");
    drawAccount(head, list, kept, draw);
    const wanted = list.filter((unit) => passes(unit, kept) && (!kept.question || matches(hayOf(unit), kept.question)));
    drawDoors(doors, wanted, held.area);
    if (wanted.length === 0) fill(doors.body, emptiness(list, kept, () => {
      Object.assign(kept, { filter: "all", question: "", searching: false });
      foot();
      draw();
    }));
  }

  /** @param {string} operation */
  function roundName(operation) {
    const unit = held.all.find((one) => one.operation === operation);
    return say(held.protocols.get(unit?.protocol ?? "")?.titles);
  }

  /** @param {string[]} operations */
  function drawRounds(operations) {
    rounds.hidden = operations.length < 2;
    fill(rounds, ...operations.map((one) => button(roundName(one), () => {
      Object.assign(kept, { operation: one, filter: "all", at: 0 });
      draw();
    }, { "aria-pressed": String(one === kept.operation) })));
  }

  function foot() {
    if (kept.searching) {
      const field = /** @type {HTMLInputElement} */ (h("input", {
        type: "search", id: "q", value: kept.question, autocomplete: "off", "aria-label": t("Find a door"),
        placeholder: t("Door, building, or first letters"), enterkeyhint: "search",
        oninput: () => search(field.value),
      }));
      app.foot(field, button(t("Close"), () => {
        Object.assign(kept, { searching: false, question: "" });
        foot();
        draw();
      }));
      return field;
    }
    app.foot(
      button(t("Find"), () => { kept.searching = true; foot()?.focus(); }),
      button(t("Not on the list"), () => app.go("found", { operation: kept.operation })),
      button(t("Me"), () => app.go("me")),
    );
    return null;
  }

  draw();
  foot();
  settle(doors, kept);
  let asked = false;
  const refresh = async () => {
    if (asked) return;
    asked = true;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    asked = false;
    if (!app.session.current()) return;
    held = await gather(app);
    draw();
  };
  const stops = [app.outbox.on(refresh), app.sync.on(refresh)];
  return () => {
    kept.at = scrollY;
    for (const stop of stops) stop();
  };
}

/**
 * What the list keeps while others are on the screen.
 * @param {Record<string, any>} app
 * @returns {Kept}
 */
export function stateOf(app) {
  return app.kept("list", { operation: "", filter: "all", question: "", at: 0, last: "", top: 300, searching: false });
}

/** @typedef {{of: string, body: HTMLElement, tiles: Map<string, {element: HTMLElement, says: string}>,
 *   shelf: Shelf | null}} Doors */

/**
 * Draws the doors; where only their states have changed, only those doors are drawn again.
 * @param {Doors} doors
 * @param {Unit[]} wanted
 * @param {(path: string) => {name: string}} area
 */
function drawDoors(doors, wanted, area) {
  const of = [language(), ...wanted.map((unit) => unit.key)].join();
  const says = (/** @type {Unit} */ unit) => [stateWords(unit), notes(unit)].join();
  if (doors.of !== of || wanted.length === 0) {
    doors.tiles = new Map();
    doors.shelf?.close();
    const shelf = doors.shelf = new Shelf((unit) => {
      const element = tile(unit);
      doors.tiles.set(unit.key, { element, says: says(unit) });
      return element;
    }, (unit) => doors.tiles.delete(unit.key));
    fill(doors.body, ...houses(wanted, area, shelf));
    doors.of = of;
    return;
  }
  let changed = false;
  doors.shelf?.renew(new Map(wanted.map((unit) => [unit.key, unit])));
  for (const unit of wanted) {
    const now = doors.tiles.get(unit.key);
    changed ||= !now;
    if (!now || now.says === says(unit)) continue;
    const focused = document.activeElement === now.element;
    const element = tile(unit);
    now.element.replaceWith(element);
    doors.tiles.set(unit.key, { element, says: says(unit) });
    if (focused) focusOn(element);
    changed = true;
  }
  if (!changed) return;
  buildings(wanted).forEach((house, n) => {
    const left = doors.body.children[n]?.querySelector("h2 small");
    if (left) left.textContent = openWords(house);
  });
}

/**
 * Back where I was: the door that I came from is marked, and stands where I touched it.
 * @param {Doors} doors
 * @param {Kept} kept
 */
function settle({ body, shelf }, kept) {
  if (kept.last) shelf?.reach(kept.last);
  scrollTo(0, kept.at);
  for (const other of body.querySelectorAll(".door.here")) other.classList.remove("here");
  const door = kept.last ? body.querySelector(`[data-key="${CSS.escape(kept.last)}"]`) : null;
  if (!(door instanceof HTMLElement)) return;
  door.classList.add("here");
  const place = (/** @type {number} */ times) => {
    if (!door.isConnected) return;
    scrollBy({ top: door.getBoundingClientRect().top - kept.top, behavior: "instant" });
    // what comes near the window is laid out only now, and may push
    if (times > 0) requestAnimationFrame(() => place(times - 1));
  };
  place(3);
  door.focus({ preventScroll: true });
}

/**
 * @param {Unit} unit
 * @param {Kept} kept
 */
function passes(unit, kept) {
  if (kept.filter === "all") return true;
  if (kept.filter === "revisit") return revisitDue(unit);
  if (kept.filter === "open") return OPEN_STATES.includes(unit.state);
  return unit.state === kept.filter;
}

/**
 * Five figures that balance, each a way to exactly the doors that it counts.
 * @param {Element} into
 * @param {Unit[]} list
 * @param {Kept} kept
 * @param {() => void} draw
 */
function drawAccount(into, list, kept, draw) {
  const sum = account(list);
  const cell = (/** @type {string} */ name, /** @type {string} */ word, /** @type {number} */ n) =>
    h("button", {
      type: "button", "data-part": name, "aria-pressed": String(kept.filter === name),
      onclick: () => { kept.filter = kept.filter === name ? "all" : name; draw(); scrollTo(0, 0); },
    }, h("b", null, n), h("span", null, word));
  const chip = (/** @type {string} */ part, /** @type {string} */ state, /** @type {string} */ word, /** @type {number} */ n) =>
    h("button", {
      type: "button", class: "chip", "data-part": part, "data-state": state, "aria-pressed": String(kept.filter === part),
      onclick: () => { kept.filter = kept.filter === part ? "open" : part; draw(); scrollTo(0, 0); },
    }, mark(part), `${word} ${n}`);
  const again = list.filter((unit) => revisitDue(unit)).length;
  const sign = (/** @type {string} */ text) => h("i", { "aria-hidden": "true" }, text);
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.part;
  fill(into,
    h("div", { class: "sum" },
      cell("all", t("Expected"), sum.expected), sign("="),
      cell("done", t("Done"), sum.done), sign("+"),
      cell("excused", t("Excused"), sum.excused), sign("+"),
      cell("moved", t("Moved"), sum.moved), sign("+"),
      cell("open", t("Open"), sum.open)),
    h("div", { class: "why" },
      ...OPEN_STATES.filter((state) => sum.by[state] > 0).map((state) => chip(state, state, STATES[state](), sum.by[state])),
      again > 0 && chip("revisit", "absent", t("To revisit"), again)));
  if (focused) /** @type {HTMLElement | null} */ (into.querySelector(`[data-part="${focused}"]`))?.focus();
  height.disconnect();
  height.observe(/** @type {Element} */ (into.firstElementChild));
}

/** The names of buildings stick right below the account, however high it is. */
const height = new ResizeObserver(([sum]) => {
  document.documentElement.style.setProperty("--sum-height", `${Math.ceil(sum.contentRect.height)}px`);
});

/** @param {string} state */
export function mark(state) {
  return h("i", { class: "mark", "data-mark": state, "aria-hidden": "true" });
}

/**
 * @param {Unit[]} list
 * @param {(path: string) => {name: string}} area
 * @param {Shelf} shelf
 */
function houses(list, area, shelf) {
  return buildings(list).map((house) => {
    const name = [area(house.area).name, house.building].filter(Boolean).join(" · ");
    return h("section", { class: "house", "aria-label": name },
      h("h2", null, h("span", null, name), h("small", null, openWords(house))),
      ...house.floors.map((floor) => h("div", { class: "floor" },
        floor.floor !== null && h("h3", null, t("Floor {n}", { n: floor.floor })),
        ...shelf.lists(floor.units))));
  });
}

/** @param {{units: Unit[]}} house */
function openWords(house) {
  const open = house.units.filter((unit) => OPEN_STATES.includes(unit.state)).length;
  return t("{open} of {all} open", { open, all: house.units.length });
}

/** @param {Unit} unit */
function tile(unit) {
  const name = unit.door || unit.label;
  return h("button", { type: "button", class: "door", "data-key": unit.key, "data-state": unit.state },
    h("b", null, name),
    h("span", null, mark(unit.state), stateWords(unit)),
    h("small", null, notes(unit)));
}

/** @param {Unit} unit */
export function stateWords(unit) {
  const word = STATES[unit.state]();
  return unit.state === "absent" && unit.attempts > 1 ? `${word} ×${unit.attempts}` : word;
}

/** @param {Unit} unit */
function notes(unit) {
  return [
    revisitDue(unit) && t("To revisit"),
    unit.alert && t("Attention"),
    unit.waits && t("Needs help"),
    unit.found && t("Added by me"),
  ].filter(Boolean).join(" · ");
}

/**
 * @param {Unit[]} list
 * @param {Kept} kept
 * @param {() => void} reset
 */
function emptiness(list, kept, reset) {
  if (list.length === 0) {
    return h("div", { class: "empty" }, h("p", null, t("Nothing is on this list.")),
      button(t("Download my list"), () => { location.hash = "#/start?download=yes"; }, { class: "primary" }));
  }
  return h("div", { class: "empty" },
    h("p", null, kept.question ? t("No door is called “{text}”.", { text: kept.question }) : t("None of the doors.")),
    button(t("Show the whole list"), reset));
}
