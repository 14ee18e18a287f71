// @ts-check
// The station as it lies on the phone, and what is done at it: each act is a record, and each can be taken back.

import { t } from "../words.js";
import * as find from "./find.js";
import * as people from "./people.js";
import * as walls from "./walls.js";

/**
 * @typedef {import("./people.js").Person} Person
 * @typedef {{operation: string, protocol: string, tube_protocol: string, area: string, place: string, site: string,
 *   table: string, zone: string, rule: string, size: number, tube: string, full: string[], book: walls.Book,
 *   records: Record<string, string>, fresh: Person[], told: Record<string, string>, team: number,
 *   stops: people.Stop[]}} Station
 * @typedef {{outcome?: string, again?: string, tube?: string, rule?: string, anyway?: boolean,
 *   fresh?: Record<string, any> | null}} How
 */

/** Ways of pooling, the smallest first. @type {Record<string, () => string>} */
export const RULES = {
  single: () => t("One person"), household: () => t("One household"), ten: () => t("Ten in one"), twenty: () => t("Twenty in one"),
};
const CLOSED = new Set(["sealed", "isolation_site"]); // one person or one household in a tube (P-57)

/** How people may be pooled in a zone. @param {string} zone @returns {string[]} */
export function rulesOf(zone) {
  if (CLOSED.has(zone)) return ["single", "household"];
  return zone === "controlled" ? ["ten", "household", "single"] : ["ten", "twenty", "household", "single"];
}

/** The station that was set up, with everybody who can be found there. @returns {Promise<{now: Station, known: Person[]} | null>} */
export async function open() {
  const now = /** @type {Station | null} */ (await people.kept("station"));
  if (!now) return null;
  now.records ??= {};
  now.fresh ??= [];
  now.told ??= {};
  now.stops ??= [];
  const listed = now.team ? now.stops.flatMap((stop) => stop.people) : (await people.kept(`people/${now.operation}/${now.area}`)) ?? [];
  return { now, known: [...listed, ...now.fresh] };
}

/** @param {Station} now */
export const save = (now) => people.keep("station", now);

/** Whether somebody of a positive or grey tube has to be sampled again. @param {Station} now @param {Person} one */
export const toRepeat = (now, one) => one.again !== "" && (now.book.lies[one.id] ?? one.again) === one.again;

const key = (/** @type {string} */ person, /** @type {string} */ tube) => `${person} ${tube}`;

/** @param {Station} now @param {Person} one @param {How} how @returns {walls.Sample} */
function sampleOf(now, one, how) {
  const rule = how.rule ?? now.rule;
  return {
    person: one.id, outcome: how.outcome ?? "sampled", tube: how.tube ?? now.tube, rule,
    household: one.label ? `${one.path} ${one.label}` : "",
    ...(how.again ? { of_tube: how.again } : {}), ...(rule === "ten" && now.size > 0 ? { size: now.size } : {}),
  };
}

/**
 * Somebody into a tube. What the walls doubt is told first, and kept only when the swab lies there all the same.
 * @param {any} app
 * @param {Station} now
 * @param {Person} one
 * @param {How} [how]
 * @returns {Promise<{doubts: string[], undo?: () => Promise<void>}>}
 */
export async function put(app, now, one, how = {}) {
  const made = sampleOf(now, one, how);
  const doubts = walls.problems(now.book, made);
  if (doubts.length && (!how.anyway || doubts.includes("testing.twice_in_tube"))) return { doubts };
  const before = now.book.lies[one.id] ?? "";
  const position = (now.book.tubes[made.tube]?.persons.length ?? 0) + 1;
  const { tube, rule, size, of_tube } = made;
  const payload = Object.fromEntries(Object.entries({ tube, rule, size, of_tube, position, site: now.site, table: now.table }).filter(([, value]) => value));
  const record = await app.outbox.add({
    kind: "testing.sample", operation: now.operation, outcome: made.outcome, protocol: now.protocol, area: one.path,
    subject: how.fresh ? { type: "person", new: how.fresh } : { type: "person", id: one.id }, payload,
  });
  walls.put(now.book, made, doubts);
  now.records[key(one.id, tube)] = record.id;
  await save(now);
  return { doubts: [], undo: () => takeBack(app, now, one.id, tube, before) };
}

/**
 * A wrong scan is taken back, also later, as long as the tube is open.
 * @param {any} app @param {Station} now @param {string} person @param {string} tube @param {string} [before]
 */
export async function takeBack(app, now, person, tube, before = "") {
  const id = now.records[key(person, tube)];
  if (!id) return;
  await app.outbox.undo(id);
  delete now.records[key(person, tube)];
  walls.takeBack(now.book, { person, outcome: "sampled", tube }, before);
  await save(now);
}

/**
 * Nobody there, or not wished: kept for everybody of a stop who is not in a tube.
 * @param {any} app @param {Station} now @param {people.Stop} stop @param {"absent" | "refused"} outcome
 */
export async function tried(app, now, stop, outcome) {
  /** @type {string[]} */
  const made = [];
  for (const one of stop.people.filter((each) => !each.settled && !now.book.lies[each.id])) {
    const record = await app.outbox.add({
      kind: "testing.sample", operation: now.operation, outcome, protocol: now.protocol, area: one.path,
      subject: { type: "person", id: one.id }, payload: { channel: "door" },
    });
    made.push(record.id);
  }
  now.told[stop.door] = outcome;
  await save(now);
  return async () => {
    for (const id of made) await app.outbox.undo(id);
    delete now.told[stop.door];
    await save(now);
  };
}

/** The tube is closed with so many people in it. @param {any} app @param {Station} now */
export async function seal(app, now) {
  const code = now.tube;
  const held = now.book.tubes[code];
  const record = await app.outbox.add({
    kind: "testing.sealed", outcome: "sealed", protocol: now.tube_protocol, area: now.area,
    subject: { type: "tube", id: await find.tubeId(now.operation, code) },
    payload: { round: now.operation, tube: code, n: held.persons.length },
  });
  held.sealed = true;
  now.full.push(code);
  now.tube = "";
  await save(now);
  return async () => {
    await app.outbox.undo(record.id);
    held.sealed = false;
    now.full = now.full.filter((one) => one !== code);
    now.tube = code;
    await save(now);
  };
}

/**
 * Another tube or another label for what lies in this one: every sample is corrected, the tube keeps its people.
 * @param {any} app @param {Station} now @param {string} code
 */
export async function change(app, now, code) {
  const old = now.tube;
  const held = now.book.tubes[old];
  const own = new Map((await app.outbox.own()).map((/** @type {any} */ one) => [one.id, one.record]));
  for (const person of held.persons) {
    const id = now.records[key(person, old)];
    const record = await app.outbox.correct(id, { payload: { ...own.get(id).payload, tube: code } });
    delete now.records[key(person, old)];
    now.records[key(person, code)] = record.id;
    if (now.book.lies[person] === old) now.book.lies[person] = code;
  }
  delete now.book.tubes[old];
  now.book.tubes[code] = held;
  now.tube = code;
  await save(now);
}

/** The courier takes tubes, counted. @param {any} app @param {Station} now @param {string[]} codes @param {string} who */
export async function hand(app, now, codes, who) {
  const record = await app.outbox.add({
    kind: "testing.taken", outcome: "taken", protocol: now.tube_protocol, area: now.area,
    subject: { type: "bag", id: app.outbox.uuid7() },
    payload: { round: now.operation, tubes: codes, n: codes.length, ...(who ? { who } : {}) },
  });
  now.full = now.full.filter((one) => !codes.includes(one));
  await save(now);
  return async () => {
    await app.outbox.undo(record.id);
    now.full.push(...codes);
    await save(now);
  };
}
