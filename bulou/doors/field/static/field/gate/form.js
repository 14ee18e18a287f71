// @ts-check
// What every screen of the gate shares: the form of one passage, its fields, and how it is kept.

import { button, h } from "../dom.js";
import { say, t } from "../words.js";
import { readNumber } from "../controls.js";
import * as book from "./book.js";

/** @typedef {import("./book.js").Book} Book */

/** An empty form; the direction stays, because a gate has one most of the time. @param {string} [direction] */
export function fresh(direction = "in") {
  return {
    direction, plate: "", persons: 1, temperature: "", origin: "local", vehicle: "", purpose: "", began: 0,
    step: "", answers: /** @type {Record<string, string>} */ ({}),
  };
}

/** @param {Record<string, any>} app @param {Record<string, any>} form */
export function cleared(app, form) {
  Object.assign(form, fresh(form.direction));
  app.refresh();
}

/** @param {string} id @param {string} value @param {Record<string, any>} more */
export function input(id, value, more = {}) {
  return /** @type {HTMLInputElement} */ (h("input", { id, value, autocomplete: "off", spellcheck: "false", ...more }));
}

/** @param {string} id @param {string} label @param {...Node} inputs */
export function labelled(id, label, ...inputs) {
  return h("div", { class: "labelled" }, h("label", { for: id }, label), ...inputs);
}

/** @param {Record<string, any>} form */
export function stepper(form) {
  const box = input("persons", String(form.persons), { inputmode: "numeric", maxlength: "3" });
  const set = (/** @type {number} */ n) => {
    form.persons = Math.min(200, Math.max(0, n));
    box.value = String(form.persons);
  };
  box.addEventListener("input", () => {
    const read = readNumber(box.value);
    if (typeof read === "number") form.persons = Math.min(200, Math.max(0, Math.floor(read)));
  });
  return h("div", { class: "stepper" },
    button("−", () => set(form.persons - 1), { "aria-label": t("One person less") }), box,
    button("+", () => set(form.persons + 1), { "aria-label": t("One person more") }));
}

/**
 * What was asked of everybody, as the record wants it; null and a word where a temperature makes no sense.
 * @param {Record<string, any>} app
 * @param {Record<string, any>} form
 */
export function answers(app, form) {
  const read = form.temperature.trim() === "" ? null : readNumber(form.temperature);
  if (read !== null && (typeof read !== "number" || read < 30 || read > 45)) {
    app.say(t("This is no temperature: {text}", { text: form.temperature }));
    return null;
  }
  return {
    direction: form.direction,
    vehicle: form.vehicle || (form.plate.trim() ? "car" : "none"),
    n_persons: form.persons,
    origin: form.origin,
    purpose: form.purpose,
    temperature_c: read,
    seconds: form.began ? Math.min(3_600, Math.round((Date.now() - form.began) / 1000)) : 0,
  };
}

/**
 * Keeps a record and says so, with the way back.
 * @param {Record<string, any>} app
 * @param {Book} now
 * @param {Record<string, any>} form
 * @param {Parameters<typeof book.keep>[2]} told
 */
export async function saved(app, now, form, told) {
  let record;
  try {
    record = await book.keep(app, now, told);
  } catch {
    app.say(t("Not saved: this phone could not write it down. Note it on paper and try again."));
    return null;
  }
  const undo = async () => {
    await app.outbox.undo(record.id);
    app.refresh();
  };
  cleared(app, form);
  app.say(t("Saved: {outcome}", { outcome: word(told.outcome) }), { label: t("Undo"), act: undo });
  return record;
}

/** @param {string} outcome */
export function word(outcome) {
  /** @type {Record<string, string>} */
  const words = {
    admitted: t("let through"), turned_back: t("turned back"), handed_over: t("handed over"), held: t("held"),
    referred: t("to the fever clinic"), emergency: t("emergency"), entered: t("came in"), left: t("left"),
  };
  return words[outcome] ?? outcome;
}

/** Choices of a question of the protocol, in the language of the screen. @param {Record<string, any>[]} protocols @param {string} key */
export function choicesOf(protocols, key) {
  const form = protocols.find((one) => one.protocol?.startsWith("checkpoint-passage@"))?.body?.form ?? [];
  const field = form.find((/** @type {any} */ one) => one.key === key);
  return (field?.choices ?? []).map((/** @type {any} */ one) => ({ key: one.key, label: say(one.label) }));
}
