// @ts-check
// The form language in the browser: the same answers as bulou/protocols/rules, held to them by tests/cases.
// Pure functions over plain JSON; nothing here throws, loops without end or reads anything from outside.

/**
 * @typedef {Record<string, any>} Payload
 * @typedef {Record<string, any>} Expression
 * @typedef {{key: string, label?: Record<string, string>}} Choice
 * @typedef {{
 *   key: string, type: string, label?: Record<string, string>, hint?: Record<string, string>, unit?: string,
 *   required?: boolean, choices?: Choice[], low?: number, high?: number, max_length?: number, max_items?: number,
 *   relevant?: Expression, alert_at?: number, alert_on?: string[], fields?: Field[],
 * }} Field
 * @typedef {{key: string, needs?: string[], when?: Expression, label?: Record<string, string>}} Outcome
 * @typedef {{key: string, when: Expression, label?: Record<string, string>}} Warning
 * @typedef {{form: Field[], outcomes?: Outcome[], warnings?: Warning[]}} Protocol
 */

const YESNO = ["yes", "no", "unknown"];
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const MOMENT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;
const PHOTO = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SAFE_NAME = /^[a-z][a-z0-9_]{0,39}$/;
const MAX_UNKNOWN = 20;

/**
 * Whether a value is no answer: missing, null, an empty text or an empty list. False and 0 are answers.
 * @param {unknown} value
 */
export function absent(value) {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * @param {unknown} value
 * @returns {value is Payload}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * An own property only: a field called `constructor` must not find JavaScript's.
 * @param {Payload} payload
 * @param {string} key
 */
function read(payload, key) {
  return Object.hasOwn(payload, key) ? payload[key] : undefined;
}

// --- The rule language

/**
 * @param {string} op
 * @param {any} value
 * @param {any} literal
 * @returns {boolean}
 */
function compare(op, value, literal) {
  if (op === "eq") return value === literal;
  if (op === "ne") return value !== literal;
  if (op === "in") {
    return (Array.isArray(value) ? value : [value]).some((one) => literal.includes(one));
  }
  const comparable =
    typeof literal === "string"
      ? typeof value === "string" && DATE.test(value)
      : typeof value === "number" && !Number.isNaN(value);
  if (!comparable) return false;
  if (op === "lt") return value < literal;
  if (op === "le") return value <= literal;
  if (op === "gt") return value > literal;
  return op === "ge" && value >= literal;
}

/**
 * The answer of an expression; a comparison with an absent field is false.
 * @param {Expression} expression
 * @param {Payload} payload
 * @param {string | null} outcome
 * @returns {boolean}
 */
export function holds(expression, payload, outcome) {
  const [op] = Object.keys(expression);
  const body = expression[op];
  if (op === "and") return body.every((/** @type {Expression} */ part) => holds(part, payload, outcome));
  if (op === "or") return body.some((/** @type {Expression} */ part) => holds(part, payload, outcome));
  if (op === "not") return !holds(body, payload, outcome);
  if (op === "present") return !absent(read(payload, body));
  const [name, literal] = body;
  const value = name === "outcome" ? outcome : read(payload, name);
  return !absent(value) && compare(op, value, literal);
}

/**
 * @param {Field} field
 * @param {Payload} payload
 * @param {string | null} outcome
 */
export function isRelevant(field, payload, outcome) {
  return field.relevant === undefined || holds(field.relevant, payload, outcome);
}

/**
 * The outcome as expressions see it: one that the form does not know counts as none.
 * @param {Protocol} protocol
 * @param {string | null | undefined} outcome
 */
function knownOutcome(protocol, outcome) {
  return (protocol.outcomes ?? []).find((one) => one.key === outcome) ?? null;
}

/**
 * The keys of the questions to show now, in the order of the form.
 * @param {Protocol} protocol
 * @param {Payload} payload
 * @param {string | null} [outcome]
 */
export function relevantKeys(protocol, payload, outcome = null) {
  const key = knownOutcome(protocol, outcome)?.key ?? null;
  return protocol.form.filter((field) => isRelevant(field, payload, key)).map((field) => field.key);
}

/**
 * The answers without those that other answers have ruled out: what a phone may send. One pass is enough, because
 * a question looks only at questions before it.
 * @param {Protocol} protocol
 * @param {Payload} payload
 * @param {string | null} [outcome]
 * @returns {Payload}
 */
export function clean(protocol, payload, outcome = null) {
  return cleanLevel(protocol.form, payload, knownOutcome(protocol, outcome)?.key ?? null);
}

/**
 * @param {Field[]} fields
 * @param {Payload} payload
 * @param {string | null} outcome
 * @returns {Payload}
 */
function cleanLevel(fields, payload, outcome) {
  /** @type {Payload} */
  const kept = {};
  for (const field of fields) {
    const value = read(payload, field.key);
    if (absent(value) || !isRelevant(field, kept, outcome)) continue;
    const isGroup = field.type === "list" && Array.isArray(value);
    kept[field.key] = isGroup
      ? value.map((item) => (isObject(item) ? cleanLevel(field.fields ?? [], item, outcome) : item))
      : value;
  }
  return kept;
}

// --- Single answers: the last word of a problem code, or null

/**
 * @param {string} value
 */
function isDay(value) {
  if (!DATE.test(value)) return false;
  const [year, month, day] = value.split("-").map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

/**
 * Characters as people count them, as Python does; not UTF-16 units.
 * @param {string} value
 */
function lengthOf(value) {
  return [...value].length;
}

/**
 * @param {Field} field
 * @param {unknown} value
 */
function choiceProblem(field, value) {
  const choices = field.type === "yesno_unknown" ? YESNO : (field.choices ?? []).map((choice) => choice.key);
  if (field.type !== "multi") {
    if (typeof value !== "string") return "type";
    return choices.includes(value) ? null : "unknown_choice";
  }
  if (!Array.isArray(value)) return "type";
  if (value.length > new Set(choices).size) return "too_long";
  if (value.some((one) => typeof one !== "string")) return "type";
  return value.every((one) => choices.includes(one)) ? null : "unknown_choice";
}

/**
 * @param {Field} field
 * @param {unknown} value
 */
function textProblem(field, value) {
  if (typeof value !== "string") return "type";
  return lengthOf(value) <= (field.max_length ?? 0) ? null : "too_long";
}

/**
 * @param {Field} field
 * @param {unknown} value
 */
function textsProblem(field, value) {
  if (!Array.isArray(value)) return "type";
  if (value.length > (field.max_items ?? 0)) return "too_long";
  for (const one of value) {
    if (typeof one !== "string" || one === "") return "type";
    if (lengthOf(one) > (field.max_length ?? 0)) return "too_long";
  }
  return null;
}

/**
 * @param {Field} field
 * @param {unknown} value
 */
function photosProblem(field, value) {
  if (!Array.isArray(value)) return "type";
  if (value.length > (field.max_items ?? 0)) return "too_long";
  return value.every((one) => typeof one === "string" && PHOTO.test(one)) ? null : "type";
}

/**
 * @param {Field} field
 * @param {unknown} value
 */
function numberProblem(field, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "type";
  const whole = field.type === "int";
  if (whole && !Number.isInteger(value)) return "type";
  const low = field.low ?? (whole ? -Number.MAX_SAFE_INTEGER : -Number.MAX_VALUE);
  const high = field.high ?? (whole ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE);
  return value >= low && value <= high ? null : "range";
}

/**
 * @param {Field} field
 * @param {unknown} value
 * @returns {string | null}
 */
export function valueProblem(field, value) {
  switch (field.type) {
    case "enum":
    case "multi":
    case "yesno_unknown":
      return choiceProblem(field, value);
    case "text":
      return textProblem(field, value);
    case "texts":
      return textsProblem(field, value);
    case "photos":
      return photosProblem(field, value);
    case "int":
    case "decimal":
      return numberProblem(field, value);
    case "bool":
      return typeof value === "boolean" ? null : "type";
    case "date":
      return typeof value === "string" && isDay(value) ? null : "type";
    default: {
      const found = typeof value === "string" ? MOMENT.exec(value) : null;
      return found && isDay(found[1]) ? null : "type";
    }
  }
}

// --- Whole payloads

/**
 * @param {Field} field
 * @param {unknown} value
 * @param {string | null} outcome
 * @param {string} path
 * @returns {string[]}
 */
function answerProblems(field, value, outcome, path) {
  if (field.type !== "list") {
    const code = valueProblem(field, value);
    return code === null ? [] : [`form.${code}:${path}`];
  }
  if (!Array.isArray(value)) return [`form.type:${path}`];
  if (value.length > (field.max_items ?? 0)) return [`form.too_long:${path}`];
  return value.flatMap((item, n) =>
    isObject(item)
      ? levelProblems(field.fields ?? [], item, outcome, `${path}.${n}.`)
      : [`form.type:${path}.${n}`],
  );
}

/**
 * @param {Field[]} fields
 * @param {Payload} payload
 * @param {string | null} outcome
 * @param {string} prefix
 * @returns {string[]}
 */
function levelProblems(fields, payload, outcome, prefix) {
  /** @type {string[]} */
  const found = [];
  for (const field of fields) {
    const value = read(payload, field.key);
    const path = prefix + field.key;
    const relevant = isRelevant(field, payload, outcome);
    if (!absent(value)) {
      found.push(...(relevant ? answerProblems(field, value, outcome, path) : [`form.not_relevant:${path}`]));
    } else if (relevant && field.required) {
      found.push(`form.required:${path}`);
    }
  }
  const known = new Set(fields.map((field) => field.key));
  const strangers = Object.keys(payload).filter((key) => !known.has(key));
  const names = [...new Set(strangers.map(safeName))].sort().slice(0, MAX_UNKNOWN);
  return [...found, ...names.map((name) => `form.unknown_field:${prefix}${name}`)];
}

/**
 * @param {string} name
 */
function safeName(name) {
  return SAFE_NAME.test(name) ? name : "?";
}

/**
 * Everything that is wrong with a payload, as `form.required:met`; the same list in the same order as the server's.
 * @param {Protocol} protocol
 * @param {unknown} payload
 * @param {string | null} [outcome]
 * @returns {string[]}
 */
export function problems(protocol, payload, outcome = null) {
  if (!isObject(payload)) return ["form.type:payload"];
  const known = knownOutcome(protocol, outcome);
  const found = levelProblems(protocol.form, payload, known?.key ?? null, "");
  if (outcome === null) return found;
  if (known === null) return [...found, `form.unknown_outcome:${safeName(outcome)}`];
  for (const key of known.needs ?? []) {
    const said = found.includes(`form.required:${key}`);
    if (absent(read(payload, key)) && !said) found.push(`form.needs:${key}`);
  }
  if (known.when !== undefined && !holds(known.when, payload, known.key)) found.push(`form.contradicts:${known.key}`);
  return found;
}

/**
 * The paths of answers that reach their alert, in the order of the form.
 * @param {Field[]} fields
 * @param {unknown} payload
 * @returns {string[]}
 */
export function alerts(fields, payload) {
  if (!isObject(payload)) return [];
  return fields.flatMap((field) => {
    const value = read(payload, field.key);
    if (field.type === "list") {
      const items = Array.isArray(value) ? value.slice(0, field.max_items ?? 0) : [];
      return items.flatMap((item, n) => alerts(field.fields ?? [], item).map((path) => `${field.key}.${n}.${path}`));
    }
    if (field.alert_at !== undefined) return typeof value === "number" && value >= field.alert_at ? [field.key] : [];
    const on = field.alert_on ?? [];
    return (Array.isArray(value) ? value : [value]).some((one) => on.includes(one)) ? [field.key] : [];
  });
}

/**
 * The keys of the warnings to show; they refuse nothing.
 * @param {Protocol} protocol
 * @param {unknown} payload
 * @param {string | null} [outcome]
 * @returns {string[]}
 */
export function warnings(protocol, payload, outcome = null) {
  if (!isObject(payload)) return [];
  const key = knownOutcome(protocol, outcome)?.key ?? null;
  return (protocol.warnings ?? []).filter((one) => holds(one.when, payload, key)).map((one) => one.key);
}

/**
 * A text in the wanted language, else in the first there is.
 * @param {Record<string, string> | undefined} texts
 * @param {string} language
 */
export function text(texts, language) {
  return texts?.[language] ?? texts?.["zh-Hans"] ?? Object.values(texts ?? {})[0] ?? "";
}
