// @ts-check
// Where each unit of my list stands, and the account of the list: expected = done + excused + moved + open.
// Pure functions over tasks (what the server said) and my own records (what I said since).

/**
 * @typedef {{
 *   operation: string, subject: string, subject_type: string, protocol: string, label: string, area: string,
 *   path: string, building: string, floor?: number | null, door?: string, sort?: string, keys?: string, why: string,
 *   attempts: number, due_at: string, alert: boolean, found?: boolean,
 *   settled?: {family: string, outcome: string, at: string, mine?: boolean} | null,
 * }} Task
 * @typedef {{id: string, record: Record<string, any>, state: string, problems?: string[], [more: string]: any}} Own
 * @typedef {"untried" | "absent" | "refused" | "unreachable" | "handed_over" | "excused" | "moved" | "done"} State
 * @typedef {Task & {
 *   key: string, state: State, rank: number, alert: boolean, own: Own[], last: Own | null, waits: string | null,
 *   revisit: number | null,
 * }} Unit
 */

export const RANKS = Object.freeze({ open: 0, not_seen: 1, handed_over: 2, excused: 3, moved: 4, done: 5 });
export const OPEN_STATES = Object.freeze(["untried", "absent", "refused", "unreachable", "handed_over"]);
const BASE = Object.freeze({ untried: 0, absent: 1, refused: 1, unreachable: 1, handed_over: 2 });
const SETTLED = Object.freeze({ excused: 3, moved: 4, done: 5 });

/** Records that do not count: the office or the worker has to look at them first. */
const WAITING_FOR_PEOPLE = new Set(["doubtful", "needs_help", "conflict"]);

/**
 * @param {{operation: string, subject: string}} of
 */
export function keyOf(of) {
  return `${of.operation}:${of.subject}`;
}

/**
 * The id of the subject, wherever the record carries it.
 * @param {Record<string, any>} record
 * @returns {string}
 */
export function subjectOf(record) {
  return record.subject?.new?.id ?? record.subject?.id ?? "";
}

/**
 * Records in force: not those that a later record corrects or withdraws. Withdrawing a correction brings nothing back.
 * @param {Own[]} own
 * @returns {Own[]}
 */
export function live(own) {
  const gone = new Set(own.flatMap((one) => [one.record.corrects, one.record.withdraws]).filter(Boolean));
  return own.filter((one) => !gone.has(one.id) && !one.record.withdraws);
}

/**
 * The family and reason of an outcome.
 * @param {Record<string, any> | undefined} protocol
 * @param {string} outcome
 */
export function meaning(protocol, outcome) {
  const found = protocol?.outcomes?.find((/** @type {any} */ one) => one.key === outcome);
  const family = found?.family ?? "open";
  const state = { done: "done", excused: "excused", moved: "moved", open: "untried" }[String(family)];
  return {
    rank: RANKS[/** @type {keyof typeof RANKS} */ (family)] ?? 0,
    state: /** @type {State} */ (state ?? found?.why ?? "absent"),
    alert: found?.alert === true,
  };
}

/**
 * A found unit has no task of the server's: its own record is the task until the next download.
 * @param {Own} own
 * @returns {Task}
 */
export function taskOf({ record }) {
  const found = record.subject.new;
  return {
    operation: record.operation,
    subject: found.id,
    subject_type: record.subject.type,
    protocol: record.protocol,
    label: [found.building, found.label].filter(Boolean).join(" "),
    area: found.area,
    path: found.area,
    building: found.building ?? "",
    floor: null,
    door: found.label,
    sort: found.label.padStart(12, "0"),
    keys: "",
    why: "untried",
    attempts: 0,
    due_at: record.due_at ?? "",
    alert: false,
    found: true,
  };
}

/**
 * Every unit of my list with where it stands now, in walking order.
 * @param {Task[]} tasks
 * @param {Own[]} own in the order in which they were made
 * @param {Map<string, Record<string, any>>} protocols by reference
 * @returns {Unit[]}
 */
export function units(tasks, own, protocols) {
  /** @type {Map<string, Task>} */
  const known = new Map(tasks.map((task) => [keyOf(task), task]));
  /** @type {Map<string, Own[]>} */
  const mine = new Map();
  for (const one of own) {
    const key = keyOf({ operation: one.record.operation, subject: subjectOf(one.record) });
    if (!mine.has(key)) mine.set(key, []);
    mine.get(key)?.push(one);
    if (!known.has(key) && one.record.subject?.new) known.set(key, taskOf(one));
  }
  const found = [...known].map(([key, task]) => stand(key, task, mine.get(key) ?? [], protocols));
  // gone from the list: what the office took out of the round, and what I added and took back
  const there = found.filter((unit) => unit.settled?.family !== "removed"
    && !(unit.found && unit.own.length > 0 && live(unit.own).length === 0));
  return there.sort(walking);
}

/**
 * The maximum over rank, then time: the same fold as the server's, over what this phone knows.
 * @param {string} key
 * @param {Task} task
 * @param {Own[]} own
 * @param {Map<string, Record<string, any>>} protocols
 * @returns {Unit}
 */
function stand(key, task, own, protocols) {
  const settled = task.settled && !(task.settled.mine && own.length > 0) ? task.settled : null;
  let rank = settled ? (SETTLED[/** @type {keyof typeof SETTLED} */ (settled.family)] ?? 5)
    : (BASE[/** @type {keyof typeof BASE} */ (task.why)] ?? 0);
  let state = /** @type {State} */ (settled ? settled.family : task.why);
  let alert = task.alert;
  /** @type {Own | null} */
  let last = null;
  let waits = null;
  for (const one of live(own)) {
    last = one;
    if (WAITING_FOR_PEOPLE.has(one.state)) {
      waits = one.state;
      continue;
    }
    const said = meaning(protocols.get(one.record.protocol), one.record.outcome);
    alert ||= said.alert;
    if (said.rank >= rank) ({ rank, state } = said);
  }
  const revisit = state === "absent" || state === "unreachable" ? revisitAt(task, last, protocols) : null;
  return { ...task, key, state, rank, alert, own, last, waits, revisit };
}

const SPAN = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/**
 * When a door where nobody was in is to be tried again: as the server said, or counted from my own visit.
 * @param {Task} task
 * @param {Own | null} last
 * @param {Map<string, Record<string, any>>} protocols
 * @returns {number | null} ms
 */
function revisitAt(task, last, protocols) {
  if (last === null) return Date.parse(task.due_at) || null;
  const [, days = 0, hours = 0, minutes = 0] = SPAN.exec(protocols.get(task.protocol)?.revisit_after ?? "P1D") ?? [];
  const told = Date.parse(last.record.observed_at);
  return told + (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000) || null;
}

/**
 * Whether a door is to be tried again in this shift.
 * @param {Unit} unit
 * @param {number} [now] ms
 */
export function revisitDue(unit, now = Date.now()) {
  return unit.revisit !== null && unit.revisit < now + 12 * 3_600_000;
}

/**
 * By place, then building, then the register's own order of floors and doors.
 * @param {Unit} a
 * @param {Unit} b
 */
function walking(a, b) {
  return (
    order(a.area, b.area) || order(a.building, b.building, true) || order(a.path, b.path) ||
    order(a.sort ?? a.label, b.sort ?? b.label) || order(a.subject, b.subject)
  );
}

const NUMERIC = new Intl.Collator("zh-Hans-CN", { numeric: true });

/**
 * @param {string} a
 * @param {string} b
 * @param {boolean} [numeric]
 */
function order(a, b, numeric = false) {
  if (a === b) return 0;
  if (numeric) return NUMERIC.compare(a, b);
  return a < b ? -1 : 1;
}

/**
 * @param {Unit[]} list
 * @returns {{expected: number, done: number, excused: number, moved: number, open: number,
 *   by: Record<string, number>, balanced: boolean}}
 */
export function account(list) {
  const sum = { expected: list.length, done: 0, excused: 0, moved: 0, open: 0 };
  /** @type {Record<string, number>} */
  const by = Object.fromEntries(OPEN_STATES.map((state) => [state, 0]));
  for (const unit of list) {
    if (unit.state === "done" || unit.state === "excused" || unit.state === "moved") sum[unit.state] += 1;
    else {
      sum.open += 1;
      by[unit.state] = (by[unit.state] ?? 0) + 1;
    }
  }
  return { ...sum, by, balanced: sum.expected === sum.done + sum.excused + sum.moved + sum.open };
}

/**
 * Units by building, and in a building by floor, in the order of the list.
 * @param {Unit[]} list
 */
export function buildings(list) {
  /** @type {{key: string, area: string, building: string, floors: {floor: number | null, units: Unit[]}[],
   *   units: Unit[]}[]} */
  const found = [];
  for (const unit of list) {
    const key = `${unit.area}|${unit.building}`;
    let house = found.at(-1);
    if (house?.key !== key) {
      house = { key, area: unit.area, building: unit.building, floors: [], units: [] };
      found.push(house);
    }
    house.units.push(unit);
    const floor = unit.floor ?? null;
    if (house.floors.at(-1)?.floor !== floor) house.floors.push({ floor, units: [] });
    house.floors.at(-1)?.units.push(unit);
  }
  return found;
}
