// @ts-check
// What this phone knows of its gate: the post, the shift, who is held, who is inside, who came by before.

import { localDay } from "./codes.js";
import { keyOf, passTag, plateTag, seal } from "./details.js";

/**
 * @typedef {{id: string, name: string, type: string, path: string}} Post
 * @typedef {{id: string, post: Post, since: string}} Shift
 * @typedef {{taken: Record<string, any>, shift: Shift | null, own: any[], now: number}} Book
 */

const PROTOCOL = "checkpoint-passage@1";
const PASSING = new Set(["checkpoint.passage", "checkpoint.household_entry", "checkpoint.visitor"]);

/**
 * Everything a gate screen needs; null when this phone took nothing along.
 * @param {Record<string, any>} app
 * @returns {Promise<Book | null>}
 */
export async function open(app) {
  const taken = await app.sync.passes();
  if (!taken?.posts?.length) return null;
  const own = inForce(await app.outbox.own()).filter((one) => one.record.kind.startsWith("checkpoint."));
  return { taken, own, shift: shiftOf(own, taken.posts), now: app.session.now() };
}

/** Own records that were neither corrected nor withdrawn. @param {any[]} own */
function inForce(own) {
  const gone = new Set(own.flatMap((one) => [one.corrects, one.withdraws]).filter(Boolean));
  return own.filter((one) => !gone.has(one.id) && !one.withdraws);
}

/** @param {any[]} own @param {Post[]} posts @returns {Shift | null} */
function shiftOf(own, posts) {
  const closed = new Set(own.filter((one) => kindIs(one, "shift", "closed")).map((one) => one.record.subject.id));
  const open = own.filter((one) => kindIs(one, "shift", "opened") && !closed.has(one.record.subject.id)).pop();
  const post = open && posts.find((one) => one.id === open.record.payload.post);
  return open && post ? { id: open.record.subject.id, post, since: open.record.observed_at } : null;
}

/** @param {any} one @param {string} kind @param {string} [outcome] */
function kindIs(one, kind, outcome) {
  return one.record.kind === `checkpoint.${kind}` && (outcome === undefined || one.record.outcome === outcome);
}

/** Passages of the shift, oldest first. @param {Book} book */
export function passages(book) {
  return book.own.filter((one) =>
    PASSING.has(one.record.kind) && one.record.outcome !== "left" && one.record.payload.shift === book.shift?.id);
}

/** @param {Book} book */
export function counts(book) {
  const mine = passages(book);
  const hour = Math.floor(book.now / 3_600_000);
  const persons = (/** @type {any[]} */ list) => list.reduce((sum, one) => sum + (one.record.payload.n_persons ?? 0), 0);
  const thisHour = mine.filter((one) => Math.floor(Date.parse(one.record.observed_at) / 3_600_000) === hour);
  return { passages: mine.length, persons: persons(mine), hour: thisHour.length };
}

/** Who waits for a second measurement. @param {Book} book */
export function held(book) {
  const settled = new Set(book.own.filter((one) => kindIs(one, "recheck")).map((one) => one.record.subject.id));
  return book.own.filter((one) => one.record.outcome === "held" && !settled.has(one.record.subject.id));
}

/** Visitors who came in and have not left. @param {Book} book */
export function inside(book) {
  const gone = new Set(book.own.filter((one) => kindIs(one, "visitor", "left")).map((one) => one.record.subject.id));
  return book.own.filter((one) => kindIs(one, "visitor", "entered") && !gone.has(one.record.subject.id));
}

/**
 * When a plate was last at this post in the last day, by this phone's records and by the list it took along.
 * @param {Book} book
 * @param {string} plate
 * @returns {Promise<{at: string, direction: string, outcome: string} | null>}
 */
export async function seenBefore(book, plate) {
  if (!book.shift || plate.trim() === "") return null;
  const post = book.shift.post.id;
  const tags = new Set(await Promise.all(
    book.taken.details.map((/** @type {any} */ key) => plateTag(key.tags, post, plate))));
  const here = book.own.filter((one) => tags.has(one.record.payload.plate_tag)).map((one) => ({
    at: one.record.observed_at, direction: one.record.payload.direction, outcome: one.record.outcome,
  }));
  const there = book.taken.recent.filter((/** @type {string[]} */ one) => tags.has(one[0]))
    .map(([, at, direction, outcome]) => ({ at, direction, outcome }));
  const all = [...here, ...there].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return all[all.length - 1] ?? null;
}

/**
 * When a pass let somebody out, by the server's list and by this phone's own records.
 * @param {Book} book
 * @param {string} serial
 * @returns {Promise<string[]>}
 */
export async function uses(book, serial) {
  const tags = new Set(await Promise.all(
    book.taken.details.map((/** @type {any} */ key) => passTag(key.tags, serial))));
  const mine = book.own.filter((one) =>
    kindIs(one, "household_entry", "admitted") && one.record.payload.direction === "out"
    && tags.has(one.record.payload.pass_tag)).map((one) => one.record.observed_at);
  const theirs = (book.taken.uses[serial] ?? []);
  const known = new Set(theirs.map((/** @type {string} */ at) => Math.floor(Date.parse(at) / 60_000)));
  return [...theirs, ...mine.filter((at) => !known.has(Math.floor(Date.parse(at) / 60_000)))];
}

/**
 * Keeps one record of the gate. What identifies somebody (`details`) is sealed first; a tag tells a repeat.
 * @param {Record<string, any>} app
 * @param {Book} book
 * @param {{kind: string, outcome: string, payload?: Record<string, any>, details?: Record<string, string>,
 *   serial?: string, subject?: string, area?: string}} told
 */
export async function keep(app, book, told) {
  const post = book.shift?.post;
  const subject = told.subject ?? app.outbox.uuid7();
  const key = keyOf(book.taken, app.session.now());
  const payload = { ...told.payload };
  if (PASSING.has(`checkpoint.${told.kind}`) && told.outcome !== "left") {
    payload.post = post?.id;
    payload.shift = book.shift?.id;
    const sealed = await seal(told.details ?? {}, key, subject);
    if (sealed) payload.sealed = sealed;
    if (told.details?.plate?.trim()) payload.plate_tag = await plateTag(key.tags, String(post?.id), told.details.plate);
    if (told.serial) payload.pass_tag = await passTag(key.tags, told.serial);
    if (sealed || payload.plate_tag || payload.pass_tag) payload.key = key.on;
  }
  for (const [name, value] of Object.entries(payload)) if (value === null || value === undefined || value === "") delete payload[name];
  return app.outbox.add({
    kind: `checkpoint.${told.kind}`,
    subject: { type: told.kind === "recheck" ? "passage" : told.kind, id: subject },
    outcome: told.outcome,
    payload,
    protocol: told.kind === "patrol" ? "street-patrol@1" : PROTOCOL,
    area: told.area ?? post?.path,
  });
}

/** The day in the district. @param {Book} book */
export const today = (book) => localDay(book.now);
