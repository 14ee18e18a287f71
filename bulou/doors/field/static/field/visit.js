// @ts-check
// At a door: two taps for the common case, a form for everything else. What is saved is on the disk first.

import { RANKS, subjectOf } from "./account.js";
import { button, clockTime, fill, h, heading } from "./dom.js";
import { answerWords, formView, implied, outcomeFor } from "./form_view.js";
import { gather, mark, stateOf, stateWords } from "./list.js";
import { recordLine } from "./record.js";
import { notSaved, recordOf, undo } from "./saving.js";
import { say, t } from "./words.js";

/** @typedef {import("./account.js").Unit} Unit */
/** @typedef {{outcome: string, answers: Record<string, any>, tried: boolean, more: boolean, number: boolean, again: boolean}} Kept */

const SHOWN_AT_ONCE = 4;

/** @type {import("./app.js").Show} */
export async function show(root, params, app) {
  const { all, protocols, area } = await gather(app);
  const found = app.kept("found", /** @type {Record<string, any>} */ ({}))[params.subject];
  const unit = all.find((one) => one.operation === params.operation && one.subject === params.subject) ?? found;
  const protocol = protocols.get(unit?.protocol ?? "");
  if (!unit || !protocol) {
    root.append(heading(t("This door is not on the list of this phone")));
    app.foot(button(t("Back to the list"), () => app.go("list"), { class: "primary" }));
    return;
  }
  const name = `visit:${unit.key}`;
  /** @type {Kept} */
  const kept = app.kept(name, { outcome: "", answers: {}, tried: false, more: false, number: false, again: false });
  const body = h("div", { class: "at-door" });
  root.append(doorHead(unit, area), body);
  let saving = false;

  /** @param {string} outcome @param {Record<string, any>} payload */
  async function save(outcome, payload) {
    if (saving) return;
    saving = true;
    root.setAttribute("aria-busy", "true");
    try {
      const record = recordOf(unit, protocol, outcome, payload);
      // a form with photos hands them to the disk first; others never load that file
      const kept_record = payload.photos?.length
        ? await (await import("./photo.js")).keep(app, record)
        : await app.outbox.add(record);
      app.forget(name);
      stateOf(app).last = unit.key;
      navigator.vibrate?.(20);
      const label = protocol.outcomes.find((/** @type {any} */ one) => one.key === outcome)?.label;
      app.say(t("Saved: {door}, {outcome}", { door: unit.label, outcome: say(label) }), {
        label: t("Undo"),
        act: () => undo(app, kept_record.id),
      });
      app.go("list", {}, { replace: true });
    } catch (error) {
      saving = false;
      root.removeAttribute("aria-busy");
      notSaved(root, error);
    }
  }

  function draw() {
    if (kept.outcome) drawForm();
    else if (unit.rank >= RANKS.excused && !kept.again) drawSettled();
    else drawChoices();
  }

  function told() {
    return unit.own.length > 0 && h("section", { class: "before" }, h("h2", null, t("What I have told")),
      h("ul", { class: "lines" }, ...unit.own.map((/** @type {any} */ one) => recordLine(one, { unit, protocol }, app))));
  }

  /** Nothing is asked twice by mistake: another visit is a step of its own. */
  function drawSettled() {
    const { settled } = unit;
    const label = protocol.outcomes.find((/** @type {any} */ one) => one.key === settled?.outcome)?.label;
    fill(body, told(),
      settled && h("p", null, [say(label), clockTime(settled.at)].filter(Boolean).join(" · ")),
      h("p", { class: "hint" }, t("This door is settled. Correct what you have told, or tell of another visit.")));
    app.foot(button(t("Another visit"), () => { kept.again = true; draw(); }),
      button(t("Back to the list"), () => leave(app), { class: "primary" }));
  }

  function drawChoices() {
    const usual = protocol.usual;
    const others = protocol.outcomes.filter((/** @type {any} */ one) => one.family !== "moved" && one.key !== usual?.outcome);
    const first = others.slice(0, SHOWN_AT_ONCE);
    const card = usual ? usualCard(protocol, kept, save, draw) : null;
    fill(body,
      outside(protocol.window) && h("p", { class: "hint" }, t("People are visited between {hours}.", { hours: protocol.window })),
      card?.card,
      told(),
      h("section", { class: "outcomes" },
        h("h2", null, t("What happened?")),
        ...first.map((/** @type {any} */ one) => outcomeButton(one)),
        usual && outcomeButton(protocol.outcomes.find((/** @type {any} */ one) => one.key === usual.outcome),
          t("Done, answer one by one")),
        others.length > SHOWN_AT_ONCE && h("details", { class: "more", open: kept.more, ontoggle: (/** @type {any} */ e) => {
          kept.more = e.target.open;
        } }, h("summary", null, t("Other outcomes")), ...others.slice(SHOWN_AT_ONCE).map((/** @type {any} */ one) => outcomeButton(one)))));
    const out = button(card?.keys ? t("Back") : t("Back to the list"), () => leave(app));
    card?.keys?.querySelector(".keys")?.append(out);
    app.foot(card?.keys ?? out);
  }

  /** @param {any} outcome @param {string | number} [text] */
  function outcomeButton(outcome, text) {
    const words = typeof text === "string" ? text : say(outcome.label);
    const [state, shape] = looksOf(outcome);
    return h("button", { type: "button", class: "outcome", "data-outcome": outcome.key, "data-state": state, onclick: () => {
      kept.outcome = outcome.key;
      kept.answers = { ...suggested(outcome, unit, all), ...kept.answers, ...implied(outcome) };
      kept.tried = false;
      draw();
      scrollTo(0, 0);
      body.querySelector("h2")?.focus();
    } }, mark(shape), h("span", null, words), outcome.hint && h("small", null, say(outcome.hint)));
  }

  function drawForm() {
    const outcome = protocol.outcomes.find((/** @type {any} */ one) => one.key === kept.outcome);
    const go = button("", () => {
      if (!view.check()) return;
      const payload = view.payload();
      void save(outcomeFor(protocol, kept.outcome, payload), payload);
    }, { class: "primary" });
    const hidden = new Set(Object.keys(implied(outcome)));
    const keys = protocol.form.map((/** @type {any} */ one) => one.key).filter((/** @type {string} */ key) => !hidden.has(key));
    const view = formView(protocol, kept, { keys, fold: outcome.family !== "done", app, onChange: name_it });
    function name_it() {
      const key = outcomeFor(protocol, kept.outcome, view.payload());
      const label = protocol.outcomes.find((/** @type {any} */ one) => one.key === key).label;
      go.textContent = t("Save: {outcome}", { outcome: say(label) });
    }
    name_it();
    fill(body, h("h2", { tabindex: "-1" }, mark(looksOf(outcome)[1]), say(outcome.label)),
      outcome.hint && h("p", { class: "hint" }, say(outcome.hint)), view.root);
    app.foot(button(t("Other outcome"), () => { kept.outcome = ""; draw(); }), go);
  }

  draw();
}

/**
 * Whether it is not the time of day at which people may be disturbed.
 * @param {string | null | undefined} hours such as 08:00-21:00
 */
function outside(hours) {
  const [from, to] = (hours ?? "").split("-");
  const now = new Date().toTimeString().slice(0, 5);
  return Boolean(to) && (now < from || now >= to);
}

/**
 * The colour and the shape of an outcome, those of the state that it leads to.
 * @param {any} outcome
 * @returns {[string, string]}
 */
function looksOf(outcome) {
  if (outcome.alert) return ["absent", "attention"];
  const state = outcome.why ?? (outcome.family === "done" ? "done" : "excused");
  return [state, state];
}

/**
 * The common case: its answers to be read, and what is asked even then; the touch that answers it saves.
 * @param {any} protocol
 * @param {Kept} kept
 * @param {(outcome: string, payload: Record<string, any>) => void} save
 * @param {() => void} draw
 * @returns {{card: HTMLElement, keys: HTMLElement | null}}
 */
function usualCard(protocol, kept, save, draw) {
  const { usual } = protocol;
  const field = (/** @type {string} */ key) => protocol.form.find((/** @type {any} */ one) => one.key === key);
  const said = Object.entries(usual.payload).map(([key, value]) =>
    h("li", null, say(field(key)?.label), " ", h("b", null, answerWords(field(key), value))));
  const card = h("section", { class: "usual", "aria-label": say(usual.label) },
    h("h2", null, mark("done"), " ", say(usual.label)), h("ul", null, ...said));
  const words = t("Save: {outcome}", { outcome: say(usual.label) });
  const one = usual.ask.length === 1 ? field(usual.ask[0]) : null;
  if (usual.ask.length === 0) {
    card.append(button(words, () => save(usual.outcome, { ...usual.payload }), { class: "primary" }));
  } else if (one?.type === "int" && !kept.number) {
    return { card, keys: numberKeys(one, usual, save, () => { kept.number = true; draw(); }) };
  } else {
    const state = { outcome: usual.outcome, answers: Object.assign(kept.answers, usual.payload), tried: kept.tried };
    const view = formView(protocol, state, { keys: usual.ask });
    card.append(view.root, button(words, () => {
      kept.tried = true;
      if (view.check()) save(outcomeFor(protocol, usual.outcome, view.payload()), view.payload());
    }, { class: "primary" }));
  }
  return { card, keys: null };
}

/**
 * One number is asked: its keys lie under the thumb, and touching one saves.
 * @param {any} field
 * @param {any} usual
 * @param {(outcome: string, payload: Record<string, any>) => void} save
 * @param {() => void} more
 */
function numberKeys(field, usual, save, more) {
  const low = Math.max(field.low ?? 1, 1);
  const key = (/** @type {number} */ n) => button(String(n), () => save(usual.outcome, { ...usual.payload, [field.key]: n }), {
    class: "key", "data-n": n, "aria-label": t("{n}: save as {outcome}", { n, outcome: say(usual.label) }),
  });
  return h("div", { class: "usual-keys" },
    h("p", { id: "ask" }, h("b", null, say(usual.label)), " · ", say(field.label), " ", h("small", null, t("One touch saves."))),
    h("div", { class: "keys", role: "group", "aria-labelledby": "ask" },
      ...[0, 1, 2, 3, 4, 5].map((n) => key(low + n)),
      button(t("More"), more, { "aria-label": t("More than {n}", { n: low + 5 }) })));
}

/**
 * @param {Unit} unit
 * @param {(path: string) => {name: string}} area
 */
function doorHead(unit, area) {
  const place = [area(unit.area).name, unit.building, unit.floor != null && t("Floor {n}", { n: unit.floor })];
  const due = unit.rank < RANKS.excused && unit.due_at;
  const late = due && Date.parse(unit.due_at) < Date.now();
  return h("header", { class: "door-head" },
    heading(unit.door || unit.label),
    h("p", null, place.filter(Boolean).join(" · ")),
    h("p", { class: "stands", "data-state": unit.state }, mark(unit.state), stateWords(unit),
      unit.attempts > 0 && ` · ${t("Tried before: {n}", { n: unit.attempts })}`,
      due && ` · ${late ? t("Due since {time}", { time: clockTime(unit.due_at) })
        : t("Due {time}", { time: clockTime(unit.due_at) })}`));
}

/**
 * Numbers of notices follow each other: the next one of the pad stands there to be confirmed or changed.
 * @param {any} outcome
 * @param {any} unit
 * @param {Unit[]} all
 */
function suggested(outcome, unit, all) {
  const key = (outcome.needs ?? []).find((/** @type {string} */ one) => one.endsWith("_serial"));
  if (!key) return {};
  const told = all.flatMap((one) => one.own).filter((one) => one.record.payload?.[key])
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const last = /** @type {string | undefined} */ (told.at(-1)?.record.payload[key]);
  const [, head = "", digits] = /^(.*?)(\d+)$/.exec(last ?? "") ?? [];
  if (!digits || subjectOf(told.at(-1)?.record ?? {}) === unit.subject) return {};
  return { [key]: head + String(Number(digits) + 1).padStart(digits.length, "0") };
}

/** @param {any} app */
function leave(app) {
  app.go("list", {}, { replace: true });
}

