// @ts-check
// A protocol's form on the screen: the same rules as the server (forms.js), large targets, problems in words.

import { absent, alerts, clean, problems, relevantKeys, warnings } from "./forms.js";
import { fill, focusOn, h } from "./dom.js";
import { control } from "./controls.js";
import { say, t } from "./words.js";

/**
 * @typedef {import("./forms.js").Field} Field
 * @typedef {import("./forms.js").Protocol} Protocol
 * @typedef {{outcome: string | null, answers: Record<string, any>, tried?: boolean, more?: boolean}} State
 * @typedef {{keys?: string[], fold?: boolean, onChange?: () => void, app?: any, quietOutcome?: boolean}} Options
 */

/** What a problem of the form means, by the last word of its code. @type {Record<string, () => string>} */
const WORDS = {
  required: () => t("This must be answered."),
  needs: () => t("This outcome needs an answer here."),
  range: () => t("This is outside the possible range."),
  type: () => t("This is not the kind of answer that is asked for."),
  too_long: () => t("This is too long."),
  unknown_choice: () => t("This choice is not offered."),
  contradicts: () => t("The outcome does not fit the answers."),
};

/**
 * A form over `state`, which the caller keeps: it survives a change of language.
 * @param {Protocol} protocol
 * @param {State} state
 * @param {Options} [options] `keys`: only these questions; `fold`: what need not be answered hides behind a word
 */
export function formView(protocol, state, options = {}) {
  /** @type {Map<string, {field: Field, block: HTMLElement, problem: HTMLElement, must: boolean}>} */
  const blocks = new Map();
  const fields = protocol.form.filter((field) => !options.keys || options.keys.includes(field.key));
  const must = new Set(fields.filter((field) => needed(protocol, field, state.outcome)).map((field) => field.key));
  const main = h("div", { class: "questions" });
  const rest = h("details", { class: "more", open: state.more, ontoggle: () => {
    state.more = /** @type {HTMLDetailsElement} */ (rest).open;
  } }, h("summary", null, t("More questions")));
  const notes = h("div", { class: "notes", role: "status" });
  const root = h("div", { class: "form" }, main, rest, notes);

  for (const field of fields) {
    const problem = h("p", { class: "problem", id: `problem-${field.key}` });
    const block = h("div", { class: "question", "data-key": field.key },
      control(field, state.answers, changed, { app: options.app, must: must.has(field.key) }), problem);
    blocks.set(field.key, { field, block, problem, must: must.has(field.key) });
    (options.fold && !must.has(field.key) ? rest : main).append(block);
  }

  function changed() {
    refresh();
    options.onChange?.();
  }

  function refresh() {
    const shown = new Set(relevantKeys(protocol, clean(protocol, state.answers, state.outcome), state.outcome));
    for (const { field, block } of blocks.values()) block.hidden = !shown.has(field.key);
    rest.hidden = [...rest.children].filter((one) => one instanceof HTMLElement && !one.hidden).length < 2;
    tell();
    if (state.tried) mark(found());
  }

  /** Alerts and warnings: they refuse nothing. */
  function tell() {
    const payload = clean(protocol, state.answers, state.outcome);
    const high = alerts(protocol.form, payload).map((path) => say(labelled(protocol.form, path)?.label));
    const said = new Set(warnings(protocol, payload, state.outcome));
    const lines = (protocol.warnings ?? []).filter((one) => said.has(one.key)).map((one) => say(one.label));
    const texts = [...high.map((label) => t("Needs attention: {question}", { question: label })), ...lines];
    if (notes.dataset.said === texts.join("\n")) return;
    notes.dataset.said = texts.join("\n");
    fill(notes, ...texts.map((line) => h("p", null, line)));
  }

  /** What is wrong now, by question; under the empty key what belongs to no single one. */
  function found() {
    /** @type {Map<string, string>} */
    const by = new Map();
    for (const one of problems(protocol, clean(protocol, state.answers, state.outcome), state.outcome)) {
      const [code, path = ""] = one.split(/:(.*)/s);
      const key = blocks.has(path.split(".")[0]) ? path.split(".")[0] : "";
      if (key === "" && options.keys) continue;
      if (!by.has(key)) by.set(key, WORDS[code.slice("form.".length)]?.() ?? one);
    }
    return by;
  }

  /** @param {Map<string, string>} by */
  function mark(by) {
    for (const [key, { block, problem }] of blocks) {
      const text = by.get(key) ?? "";
      if (problem.textContent !== text) problem.textContent = text;
      block.classList.toggle("wrong", text !== "");
      for (const input of block.querySelectorAll("input, textarea, select")) {
        input.setAttribute("aria-invalid", String(text !== ""));
        if (text) input.setAttribute("aria-describedby", problem.id);
      }
    }
  }

  /**
   * Whether all is answered as it must be; else the first question that is not takes the focus.
   */
  function check() {
    state.tried = true;
    const by = found();
    mark(by);
    if (by.size === 0) return true;
    const first = [...blocks].find(([key]) => by.has(key))?.[1];
    if (first && rest.contains(first.block)) /** @type {HTMLDetailsElement} */ (rest).open = true;
    first?.block.scrollIntoView({ block: "center" });
    focusOn(first?.block.querySelector("input, textarea, select, button"));
    if (by.has("")) fill(notes, h("p", null, by.get("")));
    return false;
  }

  refresh();
  return {
    root, check, refresh,
    problems: () => problems(protocol, clean(protocol, state.answers, state.outcome), state.outcome),
    payload: () => clean(protocol, state.answers, state.outcome),
  };
}

/**
 * @param {Protocol} protocol
 * @param {Field} field
 * @param {string | null} outcome
 */
function needed(protocol, field, outcome) {
  const needs = protocol.outcomes?.find((one) => one.key === outcome)?.needs ?? [];
  return field.required === true || needs.includes(field.key);
}

/**
 * The field that a path such as `members.0.temperature_c` speaks about.
 * @param {Field[]} fields
 * @param {string} path
 * @returns {Field | undefined}
 */
function labelled(fields, path) {
  const [key, , ...rest] = path.split(".");
  const field = fields.find((one) => one.key === key);
  return rest.length > 0 ? labelled(field?.fields ?? [], rest.join(".")) : field;
}

/**
 * An answer as people say it.
 * @param {Field | undefined} field
 * @param {any} value
 * @returns {string}
 */
export function answerWords(field, value) {
  if (field === undefined || absent(value)) return absent(value) ? t("No answer") : String(value);
  if (field.type === "bool") return value ? t("Yes") : t("No");
  if (field.type === "yesno_unknown") return { yes: t("Yes"), no: t("No") }[String(value)] ?? t("Not known");
  if (field.type === "list") return t("{n} entries", { n: value.length });
  const named = (/** @type {any} */ one) => say(field.choices?.find((choice) => choice.key === one)?.label) || String(one);
  if (Array.isArray(value)) return value.map(named).join(t(", "));
  return field.unit ? `${value} ${field.unit}` : named(value);
}

/**
 * Questions with their answers, for reading.
 * @param {Protocol} protocol
 * @param {Record<string, any>} payload
 */
export function answersView(protocol, payload) {
  const given = protocol.form.filter((field) => !absent(payload[field.key]));
  return h("dl", { class: "answers" }, ...given.flatMap((field) => [
    h("dt", null, say(field.label)), h("dd", null, answerWords(field, payload[field.key])),
  ]));
}

/**
 * What an outcome presupposes: `{eq: [met, nobody]}` answers that question by itself.
 * @param {Record<string, any> | undefined} outcome
 */
export function implied(outcome) {
  /** @type {Record<string, any>} */
  const answers = {};
  const read = (/** @type {any} */ test) => {
    if (test?.eq && test.eq[0] !== "outcome") answers[test.eq[0]] = test.eq[1];
    if (test?.in?.[1]?.length === 1 && test.in[0] !== "outcome") answers[test.in[0]] = test.in[1][0];
    for (const part of test?.and ?? []) read(part);
  };
  read(outcome?.when);
  return answers;
}

/**
 * The outcome that the answers ask for: `done` with an answer that needs attention is `done_with_alert`.
 * @param {any} protocol
 * @param {string} outcome
 * @param {Record<string, any>} payload
 * @returns {string}
 */
export function outcomeFor(protocol, outcome, payload) {
  const now = protocol.outcomes.find((/** @type {any} */ one) => one.key === outcome);
  if (!now || now.alert || now.family !== "done" || alerts(protocol.form, payload).length === 0) return outcome;
  const other = protocol.outcomes.find((/** @type {any} */ one) => one.family === "done" && one.alert);
  return other?.key ?? outcome;
}
