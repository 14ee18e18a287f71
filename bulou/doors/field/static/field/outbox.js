// @ts-check
// What happened waits here, sealed, until the server has acknowledged it. Nothing is deleted before that.

import * as db from "./db.js";
import { facts } from "./net.js";
import * as seal from "./seal.js";
import * as session from "./session.js";

/**
 * @typedef {"waiting" | "sending" | "kept" | "doubtful" | "conflict" | "needs_help"} State
 * @typedef {{
 *   id: string, device: string, type: "record" | "photo", seq: number | null, record: string | null,
 *   envelope: seal.Bytes, mine: seal.Bytes | null, state: State, problems: string[], added: number, sent: number | null,
 * }} Row one thing in the outbox: no personal data outside the envelope
 * @typedef {Record<string, any>} FieldRecord
 * @typedef {{id: string, record: FieldRecord, state: State, problems: string[], saved_at: string,
 *   corrects?: string, withdraws?: string, theirs?: any}} Own
 */

export const ARRIVED = new Set(["kept", "doubtful", "conflict"]);
const MARK = "bulou.unsent"; // how many wait, per device: outlives a cleared database, and tells of it
const KEPT_FOR = 20 * 3_600_000; // own records stay readable for the shift after they have arrived

/** @type {Map<string, Row>} the rows of every profile of this phone */
let rows = new Map();
/** @type {Map<string, any>} what is in them, while the phone is unlocked */
const contents = new Map();
/** @type {Set<(what: {id?: string}) => void>} */
const listeners = new Set();
const channel = new BroadcastChannel("bulou.outbox");
let loaded = false;
let changes = 0;
channel.onmessage = () => void reload(false);

session.on((now) => {
  if (!now) contents.clear();
  tell({});
});

/** @param {(what: {id?: string}) => void} listener @returns {() => void} */
export function on(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {{id?: string}} what */
function tell(what) {
  for (const listener of listeners) listener(what);
}

/** Reads the outbox from the disk. @param {boolean} [others] tell the other tabs to do likewise */
export async function reload(others = true) {
  let at, found;
  do {
    at = changes; // what was kept or told meanwhile must not vanish from sight
    found = /** @type {Row[]} */ (await db.all("outbox"));
  } while (at !== changes);
  rows = new Map(found.sort((a, b) => a.added - b.added || (a.seq ?? 0) - (b.seq ?? 0)).map((row) => [row.id, row]));
  loaded = true;
  mark();
  tell({});
  if (others) channel.postMessage({});
}

/** The rows of one profile, or of all. @param {string} [device] @returns {Row[]} */
export function listed(device) {
  return [...rows.values()].filter((row) => device === undefined || row.device === device);
}

/** @param {Row} row */
export const unsent = (row) => !ARRIVED.has(row.state);

function mark() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const row of rows.values()) if (unsent(row)) counts[row.device] = (counts[row.device] ?? 0) + 1;
  const device = session.current()?.device;
  facts.unsent = device ? (counts[device] ?? 0) : null;
  localStorage.setItem(MARK, JSON.stringify(counts));
}

/**
 * How many records this phone knew of that are no longer on it: its storage was cleared. Told once.
 * @returns {Promise<number>}
 */
export async function cleared() {
  const before = JSON.parse(localStorage.getItem(MARK) ?? "{}");
  const here = new Set((await db.all("profiles")).map((row) => row.device));
  const lost = Object.entries(before).filter(([device]) => !here.has(device));
  return lost.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** A UUIDv7 by the server's clock as far as it is known. @param {number} [at] */
export function uuid7(at = session.now()) {
  const bytes = seal.random(16);
  for (let n = 0; n < 6; n++) bytes[n] = Math.floor(at / 2 ** (8 * (5 - n))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Keeps a record: id, number and time are given here. It is on the disk, sealed, when this resolves.
 * @param {FieldRecord} record
 * @returns {Promise<FieldRecord>}
 * @throws {db.StorageError} with code `full` when the phone has no room: nothing was kept
 */
export async function add(record) {
  const keys = opened();
  const device = keys.profile.device;
  return locked(device, async () => {
    const profile = /** @type {session.Profile} */ (await db.get("profiles", device));
    const seq = profile.seq + 1;
    /** @type {FieldRecord} */
    const whole = { ...record, id: record.id ?? uuid7(), device_seq: seq };
    whole.observed_at ??= new Date().toISOString();
    if (rows.has(whole.id)) throw new Error("this record is kept already");
    const content = { token: keys.token, offset_ms: session.clockOffset(), records: [whole] };
    const row = await rowOf(keys, "record", whole.id, seal.packed(content));
    row.seq = seq;
    await db.put({ outbox: [row], profiles: [{ ...profile, seq, seen: Math.max(profile.seen, session.now()) }] });
    remember(row, { record: whole });
    return whole;
  });
}

/**
 * Keeps a photo of a record, on the disk and sealed when this resolves.
 * @param {string} record
 * @param {Blob} blob
 * @param {{id?: string, area?: string}} [about]
 * @returns {Promise<string>} its id
 */
export async function attach(record, blob, about = {}) {
  const keys = opened();
  const id = about.id ?? uuid7();
  const photo = { id, record, area: about.area ?? "", type: blob.type };
  const head = seal.packed({ token: keys.token, photo });
  const size = new Uint8Array(new Uint32Array([head.length]).buffer);
  const content = seal.joined(size, head, new Uint8Array(await blob.arrayBuffer()));
  const row = await rowOf(keys, "photo", id, content);
  row.record = record;
  await db.put({ outbox: [row] });
  remember(row, { photo, blob });
  return id;
}

/** @param {Row} row @param {any} content */
function remember(row, content) {
  changes += 1;
  rows.set(row.id, row);
  contents.set(row.id, content);
  mark();
  tell({ id: row.id });
  channel.postMessage({});
}

/**
 * @param {NonNullable<ReturnType<typeof session.keys>>} keys
 * @param {"record" | "photo"} type
 * @param {string} id
 * @param {seal.Bytes} content
 * @returns {Promise<Row>}
 */
async function rowOf(keys, type, id, content) {
  const device = keys.profile.device;
  const form = type === "photo" ? seal.PHOTO : seal.PLAIN;
  const { envelope, contentKey } = await seal.toServer(keys.profile.server, about(device, id), content, form);
  const mine = await seal.encrypt(keys.master, contentKey);
  return {
    id, device, type, seq: null, record: null, envelope, mine, state: "waiting", problems: [], added: Date.now(), sent: null,
  };
}

/** What an envelope is bound to. @param {string} device @param {string} id */
export const about = (device, id) => `bulou.sealed.1|${device}|${id}`;

function opened() {
  const keys = session.keys();
  if (!keys) throw new session.SessionError("refused");
  return keys;
}

/**
 * One hand at a time on a profile's numbering, over all tabs.
 * @template T
 * @param {string} device
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function locked(device, work) {
  return /** @type {Promise<any>} */ (navigator.locks.request(`bulou.numbers.${device}`, work));
}

/**
 * What is in a row: a record, or a photo with its bytes. Only its own writer can read it, unlocked.
 * @param {Row} row
 * @returns {Promise<{record?: FieldRecord, photo?: Record<string, any>, blob?: Blob}>}
 */
export async function content(row) {
  const known = contents.get(row.id);
  if (known) return known;
  const keys = opened();
  if (!row.mine) throw new session.SessionError("wiped");
  const plain = await seal.openOwn(await seal.decrypt(keys.master, row.mine), about(row.device, row.id), row.envelope);
  let found;
  if (row.type === "record") found = { record: seal.unpacked(plain).records[0] };
  else {
    const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0, true);
    const { photo } = seal.unpacked(plain.slice(4, 4 + length));
    found = { photo, blob: new Blob([plain.slice(4 + length)], { type: photo.type }) };
  }
  contents.set(row.id, found);
  return found;
}

/** The state of everything of whoever has unlocked the phone. @returns {{id: string, state: State, problems: string[], type: string}[]} */
export function states() {
  const device = session.current()?.device;
  return listed(device).map(({ id, state, problems, type }) => ({ id, state, problems, type }));
}

/** One's own records of this shift, oldest first. @returns {Promise<Own[]>} */
export async function own() {
  if (!loaded) await reload(false);
  const device = session.current()?.device;
  if (!device) return [];
  const mine = listed(device).filter((row) => row.type === "record" && row.mine);
  return Promise.all(
    mine.map(async (row) => {
      const record = /** @type {FieldRecord} */ ((await content(row)).record);
      const { corrects, withdraws } = record;
      const saved_at = new Date(row.added).toISOString();
      return { id: row.id, record, state: row.state, problems: row.problems, saved_at, corrects, withdraws };
    }),
  );
}

/**
 * Takes a record back: by a record that withdraws it, whether it was sent or not.
 * @param {string} id
 */
export async function undo(id) {
  const record = await find(id);
  const { kind, operation, subject, protocol, area } = record;
  const about = subject?.new ? { type: subject.type, id: subject.new.id } : subject;
  return add({ kind, operation, subject: about, protocol, area, outcome: record.outcome, payload: {}, withdraws: id });
}

/**
 * A better version of an own record.
 * @param {string} id
 * @param {FieldRecord} changes outcome, payload
 */
export async function correct(id, changes) {
  const { kind, operation, subject, protocol, area, slot, outcome, payload } = await find(id);
  const about = subject?.new ? { type: subject.type, id: subject.new.id } : subject;
  return add({ kind, operation, subject: about, protocol, area, slot, outcome, payload, ...changes, corrects: id });
}

/** @param {string} id @returns {Promise<FieldRecord>} */
async function find(id) {
  const row = rows.get(id);
  if (!row) throw new Error("there is no such record on this phone");
  return /** @type {FieldRecord} */ ((await content(row)).record);
}

/**
 * What the server has said, on the disk before anybody is told.
 * @param {Map<string, {state: State, problems?: string[]}>} said
 */
export async function settle(said) {
  const at = Date.now();
  /** @type {Row[]} */
  const changed = [];
  await db.change("outbox", [...said.keys()], (row) => {
    const { state, problems = [] } = said.get(row.id) ?? row;
    const next = { ...row, state, problems, sent: ARRIVED.has(state) ? (row.sent ?? at) : null };
    changed.push(next);
    return next;
  });
  changes += 1;
  for (const row of changed) {
    rows.set(row.id, row);
    if (row.type === "photo" && ARRIVED.has(row.state)) contents.delete(row.id); // large, and not needed any more
  }
  mark();
  tell({});
  channel.postMessage({});
}

/** Tries again what needed help. @param {string} id */
export function retry(id) {
  return settle(new Map([[id, { state: "waiting" }]]));
}

/** Lets go of what has arrived and is older than a shift. Never of anything else. */
export async function tidy() {
  const old = listed().filter((row) => ARRIVED.has(row.state) && row.sent && Date.now() - row.sent > KEPT_FOR);
  if (old.length === 0) return;
  await db.put({}, { outbox: old.map((row) => row.id) });
  await reload();
}
