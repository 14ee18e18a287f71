// @ts-check
// One question of a form as something to touch.

import { button, fill, h } from "./dom.js";
import { say, t } from "./words.js";

/**
 * @typedef {import("./forms.js").Field} Field
 * @typedef {Record<string, any>} Answers
 * @typedef {{app?: any, must?: boolean, prefix?: string}} How
 * @typedef {(field: Field, answers: Answers, changed: () => void, how: How) => HTMLElement} Control
 */

let made = 0;

/** @type {Control} */
export function control(field, answers, changed, how) {
  const build = BUILDERS[field.type] ?? text;
  return build(field, answers, changed, how);
}

/** @type {Record<string, Control>} */
const BUILDERS = {
  enum: picks, yesno_unknown: picks, multi: picks, bool: tick, int: number, decimal: number, text, texts: lines,
  date: moment, datetime: moment, list: group, photos,
};

/**
 * @param {Field} field
 * @param {How} how
 */
function legend(field, how) {
  return [
    say(field.label), field.unit && ` (${field.unit})`, !how.must && h("small", null, ` ${t("if known")}`),
  ];
}

/** @param {Field} field */
function hint(field) {
  return field.hint ? h("small", { class: "hint" }, say(field.hint)) : null;
}

/**
 * @param {Field} field
 * @param {How} how
 * @param {HTMLElement} input
 * @param {...any} more
 */
function labelled(field, how, input, ...more) {
  return h("div", { class: "labelled" }, h("label", { for: input.id }, ...legend(field, how)), hint(field), input, ...more);
}

/** @param {Field} field */
function choicesOf(field) {
  if (field.type !== "yesno_unknown") return (field.choices ?? []).map((one) => ({ key: one.key, label: say(one.label) }));
  return [
    { key: "no", label: t("No") }, { key: "yes", label: t("Yes") }, { key: "unknown", label: t("Not known") },
  ];
}

/** @type {Control} */
function picks(field, answers, changed, how) {
  const several = field.type === "multi";
  const name = `${field.key}-${++made}`;
  const has = (/** @type {string} */ key) =>
    several ? (answers[field.key] ?? []).includes(key) : answers[field.key] === key;
  const set = (/** @type {string} */ key, /** @type {boolean} */ on) => {
    if (!several) answers[field.key] = key;
    else {
      const others = (answers[field.key] ?? []).filter((/** @type {string} */ one) => one !== key);
      answers[field.key] = on ? [...others, key] : others;
    }
    changed();
  };
  return h("fieldset", { class: "choice" },
    h("legend", null, ...legend(field, how)),
    hint(field),
    h("div", { class: "picks" }, ...choicesOf(field).map((one) =>
      h("label", { class: "pick" },
        h("input", {
          type: several ? "checkbox" : "radio", name, value: one.key, checked: has(one.key),
          onchange: (/** @type {Event} */ event) =>
            set(one.key, /** @type {HTMLInputElement} */ (event.target).checked),
        }),
        h("span", null, one.label)))));
}

/** @type {Control} */
function tick(field, answers, changed) {
  const input = /** @type {HTMLInputElement} */ (h("input", {
    type: "checkbox", checked: answers[field.key] === true,
    onchange: () => { answers[field.key] = input.checked; changed(); },
  }));
  return h("div", { class: "choice" }, hint(field), h("label", { class: "pick wide" }, input, h("span", null, say(field.label))));
}

/**
 * A number as people type it: full-width digits and a comma are understood.
 * @param {string} text
 * @returns {number | string | null}
 */
export function readNumber(text) {
  const clean = text.normalize("NFKC").trim().replace(",", ".");
  if (clean === "") return null;
  return /^-?\d+(\.\d+)?$/.test(clean) ? Number(clean) : clean;
}

/** @type {Control} */
function number(field, answers, changed, how) {
  const whole = field.type === "int";
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id: `${field.key}-${++made}`, inputmode: whole ? "numeric" : "decimal", autocomplete: "off",
    value: answers[field.key] ?? "",
    oninput: () => { answers[field.key] = readNumber(input.value); changed(); },
  }));
  const step = (/** @type {number} */ by) => {
    const now = typeof answers[field.key] === "number" ? answers[field.key] : (field.low ?? 0) - (by > 0 ? 1 : 0);
    answers[field.key] = Math.min(Math.max(now + by, field.low ?? -Infinity), field.high ?? Infinity);
    input.value = String(answers[field.key]);
    changed();
  };
  const stepper = whole && (field.high ?? 1e9) <= 200;
  if (!stepper) return labelled(field, how, input);
  const name = say(field.label);
  return h("div", { class: "labelled" },
    h("label", { for: input.id }, ...legend(field, how)), hint(field),
    h("div", { class: "stepper" },
      button("−", () => step(-1), { "aria-label": t("{question}: one fewer", { question: name }) }),
      input,
      button("+", () => step(1), { "aria-label": t("{question}: one more", { question: name }) })));
}

/** @type {Control} */
function text(field, answers, changed, how) {
  const long = (field.max_length ?? 0) > 60;
  const input = /** @type {HTMLInputElement} */ (h(long ? "textarea" : "input", {
    id: `${field.key}-${++made}`, autocomplete: "off", rows: long ? 2 : null, value: answers[field.key] ?? "",
    oninput: () => { answers[field.key] = input.value; changed(); },
  }));
  return labelled(field, how, input);
}

/** @type {Control} */
function lines(field, answers, changed, how) {
  const input = /** @type {HTMLTextAreaElement} */ (h("textarea", {
    id: `${field.key}-${++made}`, rows: 3, value: (answers[field.key] ?? []).join("\n"),
    oninput: () => {
      answers[field.key] = input.value.split("\n").map((line) => line.trim()).filter(Boolean);
      changed();
    },
  }));
  return labelled(field, how, input, h("small", { class: "hint" }, t("One on each line")));
}

/** @type {Control} */
function moment(field, answers, changed, how) {
  const day = field.type === "date";
  const kept = answers[field.key];
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id: `${field.key}-${++made}`, type: day ? "date" : "datetime-local",
    value: day || !kept ? (kept ?? "") : local(new Date(kept)),
    oninput: () => {
      answers[field.key] = day || !input.value ? input.value : zoned(input.value);
      changed();
    },
  }));
  return labelled(field, how, input);
}

/** @param {Date} at */
function local(at) {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {string} text a local time without a zone */
function zoned(text) {
  const east = -new Date(text).getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const size = Math.abs(east);
  return `${text}:00${east < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** @type {Control} */
function group(field, answers, changed, how) {
  const items = h("div", { class: "items" });
  const root = h("fieldset", { class: "group" }, h("legend", null, ...legend(field, how)), hint(field), items);
  const list = () => (answers[field.key] ??= []);
  function draw() {
    fill(items,
      ...list().map((/** @type {Answers} */ item, /** @type {number} */ n) => h("div", { class: "item" },
        ...(field.fields ?? []).map((inner) => control(inner, item, changed, { ...how, must: inner.required === true })),
        button(t("Take number {n} away", { n: n + 1 }), () => { list().splice(n, 1); draw(); changed(); }))),
      list().length < (field.max_items ?? 1) && button(t("Add one"), () => { list().push({}); draw(); changed(); }));
  }
  draw();
  return root;
}

/** @type {Control} */
function photos(field, answers, changed, how) {
  const root = h("div", { class: "labelled" });
  const place = "./photo.js";
  void import(place).then((module) => {
    root.append(module.photoField(field, answers[field.key], (/** @type {any} */ value) => {
      answers[field.key] = value;
      changed();
    }, how.app));
  });
  return root;
}
