// @ts-check
// Who works with this phone: one enrolment is one profile with its device, its keys and its own numbering.

import * as db from "./db.js";
import { ask, NoAnswer, Refused } from "./net.js";
import * as seal from "./seal.js";

/**
 * @typedef {"ready" | "away" | "wiped" | "revoked"} ProfileState away: the shift is over, the network is needed
 * @typedef {{
 *   device: string, name: string, secret: string, salt: seal.Bytes, iterations: number, server: string,
 *   wrapped: seal.Bytes | null, next?: seal.Bytes | null, share: CryptoKey | null, until: number, seen: number, wrong: number,
 *   seq: number, state: "open" | "wiped" | "revoked",
 * }} Profile
 * @typedef {{id: string, name: string, team: string, language: string, roles: string[], modes: string[]}} Person
 * @typedef {Person & {device: string, shift_ends_at: string}} Current
 */

export const TRIES = 5;
const IDLE = 30 * 60_000;
const BACKWARDS = 10 * 60_000; // a clock that went back by more than this ends the shift
/** What each role does with the app, the usual first. @type {Record<string, string[]>} */
const MODES = {
  worker: ["list", "care", "sample"],
  community_officer: ["list", "care", "gate", "sample"],
  street_officer: ["list", "care", "gate"],
  checkpoint: ["gate", "care"],
  supervision: ["inspect"],
  crew: ["crew"],
};

export class SessionError extends Error {
  /**
   * @param {string} code pin_wrong | wiped | needs_network | revoked | offline | code_not_valid | refused | insecure | pin_short | pin_plain
   * @param {number} [left] tries that are left
   */
  constructor(code, left) {
    super(code);
    this.name = "SessionError";
    this.code = code;
    this.left = left;
  }
}

/** @typedef {{profile: Profile, master: CryptoKey, token: string, person: Person}} Open */
/** @type {Open | null} */
let open = null;
/** @type {Set<(current: Current | null) => void>} */
const listeners = new Set();
let offset = 0; // the server's clock minus this phone's
let touched = 0;
const channel = new BroadcastChannel("bulou.session");

/** Once at the start of the page. */
export async function start() {
  offset = (await db.meta("offset")) ?? 0;
  for (const event of ["pointerdown", "keydown", "input"]) {
    addEventListener(event, () => (touched = Date.now()), { passive: true, capture: true });
  }
  setInterval(watch, 15_000);
  channel.onmessage = ({ data }) => {
    if (open && data.device === open.profile.device && data.gone) forget();
  };
}

/** The server's time as far as this phone knows. @returns {number} ms */
export const now = () => Date.now() + offset;

/** How far this phone's clock is behind the server's. @returns {number} ms */
export const clockOffset = () => offset;

/**
 * Learns from an answer how wrong this phone's clock is.
 * @param {string} serverTime
 * @param {number} asked when the question left, by this phone's clock
 */
export async function learn(serverTime, asked) {
  const theirs = Date.parse(serverTime);
  if (Number.isNaN(theirs)) return;
  const measured = Math.round(theirs - (asked + Date.now()) / 2);
  if (Math.abs(measured - offset) < 500) return;
  offset = measured;
  await db.setMeta("offset", offset);
}

/** @returns {Promise<{device: string, name: string, state: ProfileState}[]>} */
export async function profiles() {
  const rows = /** @type {Profile[]} */ (await db.all("profiles"));
  return rows.map((row) => ({ device: row.device, name: row.name, state: stateOf(row) }));
}

/** @param {Profile} row @returns {ProfileState} */
function stateOf(row) {
  if (row.state !== "open") return row.state;
  return inShift(row) ? "ready" : "away";
}

/** @param {Profile} row */
function inShift(row) {
  return row.share !== null && now() < row.until && now() > row.seen - BACKWARDS;
}

/**
 * Makes a profile of this phone with a one-time code, and opens it.
 * @param {string} code
 * @param {string} name what people call this phone or its holder's place on it
 * @param {string} pin
 */
export async function enrol(code, name, pin) {
  const problem = seal.pinProblem(pin);
  if (problem) throw new SessionError(`pin_${problem}`);
  if (!isSecureContext) throw new SessionError("insecure"); // the browser encrypts nothing over plain HTTP
  const clean = code.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
  const made = await told(ask("/devices/enrol", { json: { code: clean, name } }));
  const salt = seal.random(16);
  const { proof, local } = await seal.stretch(pin, salt);
  const given = await told(ask("/devices/share", { json: { device: made.device, secret: made.secret, proof } }));
  const share = await seal.shareKey(given.share);
  const wrapped = await seal.newMaster(local, share);
  const master = await seal.unwrap(wrapped, local, share);
  /** @type {Profile} */
  const profile = {
    device: made.device, name, secret: made.secret, salt, iterations: seal.ITERATIONS, server: given.sealing_key,
    wrapped, share, until: Date.parse(given.until), seen: now(), wrong: 0, seq: 0, state: "open",
  };
  const account = { token: made.token, person: personOf(given.person) };
  const sealed = { key: `${made.device}/account`, device: made.device, data: await seal.sealValue(master, account) };
  await db.put({ profiles: [profile], sealed: [sealed] });
  await db.persist();
  enter({ profile, master, ...account });
  return { device: profile.device, name: profile.name };
}

/** @param {any} person @returns {Person} */
function personOf(person) {
  const modes = [...new Set(person.roles.flatMap((/** @type {string} */ role) => MODES[role] ?? []))];
  return { ...person, modes: modes.length ? modes : ["list"] };
}

/**
 * @param {string} device
 * @param {string} pin
 */
export async function unlock(device, pin) {
  const before = /** @type {Profile | undefined} */ (await db.get("profiles", device));
  if (!before) throw new SessionError("wiped");
  if (before.state !== "open" || !before.wrapped) throw new SessionError(before.state === "open" ? "wiped" : before.state);
  // counted on the disk before it is tried: closing the page in between gives no more tries
  let tries = 0;
  await db.change("profiles", [device], (row) => ({ ...row, wrong: (tries = row.wrong + 1) }));
  if (tries > TRIES) return wiped(device);
  const { proof, local } = await seal.stretch(pin, before.salt, before.iterations);
  const given = inShift(before) ? null : await shareOf(before, proof);
  const share = given ? await seal.shareKey(given.share) : /** @type {CryptoKey} */ (before.share);
  const found = await opened(before, local, share);
  if (!found) {
    const left = TRIES - tries;
    if (left <= 0) return wiped(device);
    throw new SessionError("pin_wrong", left);
  }
  const { master } = found;
  const account = await seal.openValue(master, (await db.get("sealed", `${device}/account`)).data);
  const until = given ? Date.parse(given.until) : before.until;
  if (given) account.person = personOf(given.person);
  const changed = { share, until, seen: Math.max(before.seen, now()), wrong: 0, server: given?.sealing_key ?? before.server };
  const sure = given ? { wrapped: found.wrapped, next: null } : {}; // the server has said which PIN it knows
  await db.change("profiles", [device], (row) => ({ ...row, ...changed, ...sure }));
  const sealed = { key: `${device}/account`, device, data: await seal.sealValue(master, account) };
  if (given) await db.put({ sealed: [sealed] });
  enter({ profile: { ...before, ...changed }, master, ...account });
}

/**
 * The master key and the wrapping that gave it. While a change of the PIN is under way there are two wrappings: which of them the server knows
 * is not sure until its answer has come, so both open.
 * @param {Profile} row
 * @param {seal.Bytes} local
 * @param {CryptoKey} share
 */
async function opened(row, local, share) {
  for (const wrapped of [row.wrapped, row.next]) {
    const master = wrapped && (await seal.unwrap(wrapped, local, share).catch(() => null));
    if (master) return { master, wrapped };
  }
  return null;
}

/**
 * A new shift: the server gives its share to whoever knows the PIN of a phone that is not revoked.
 * @param {Profile} profile
 * @param {string} proof
 */
async function shareOf(profile, proof) {
  const asked = Date.now();
  try {
    const given = await ask("/devices/share", { json: { device: profile.device, secret: profile.secret, proof } });
    await learn(given.server_time, asked);
    return given;
  } catch (error) {
    if (error instanceof Refused && error.code === "access.pin_wrong") {
      throw new SessionError("pin_wrong", error.problem.left);
    }
    if (error instanceof Refused && error.code === "access.pin_locked") return wiped(profile.device);
    if (error instanceof Refused && error.code === "access.device_revoked") {
      await wipe(profile.device, "revoked");
      throw new SessionError("revoked");
    }
    // nobody has judged this PIN
    await db.change("profiles", [profile.device], (row) => ({ ...row, wrong: Math.max(0, row.wrong - 1) }));
    throw new SessionError(error instanceof NoAnswer ? "needs_network" : "refused");
  }
}

/** @param {string} device @returns {Promise<never>} */
async function wiped(device) {
  await wipe(device, "wiped");
  throw new SessionError("wiped", 0);
}

/**
 * Destroys the keys of a profile; what waits in its outbox stays sealed to the server and can be handed in.
 * @param {string} device
 * @param {"wiped" | "revoked"} state
 */
export async function wipe(device, state) {
  const sealed = await db.all("sealed", device);
  await db.change("profiles", [device], (row) => ({ ...row, state, wrapped: null, next: null, share: null, until: 0 }));
  const rows = await db.all("outbox", device);
  await db.change("outbox", rows.map((row) => row.id), (row) => ({ ...row, mine: null }));
  await db.put({}, { sealed: sealed.map((row) => row.key) });
  channel.postMessage({ device, gone: true });
  if (open?.profile.device === device) forget();
}

/**
 * @param {string} old
 * @param {string} next
 */
export async function changePin(old, next) {
  if (!open) throw new SessionError("refused");
  const problem = seal.pinProblem(next);
  if (problem) throw new SessionError(`pin_${problem}`);
  const row = /** @type {Profile} */ (await db.get("profiles", open.profile.device));
  const before = await seal.stretch(old, row.salt, row.iterations);
  const after = await seal.stretch(next, row.salt, row.iterations);
  const share = /** @type {CryptoKey} */ (row.share);
  const found = await opened(row, before.local, share);
  if (!found) throw new SessionError("pin_wrong");
  const wrapped = await seal.rewrap(found.wrapped, before.local, after.local, share);
  await db.change("profiles", [row.device], (found) => ({ ...found, next: wrapped }));
  const said = { device: row.device, secret: row.secret, proof: before.proof, new_proof: after.proof };
  await told(ask("/devices/share", { json: said }));
  await db.change("profiles", [row.device], (found) => ({ ...found, wrapped, next: null }));
}

/** Forgets the keys in memory; the PIN opens again. */
export function lock() {
  forget();
}

/** @returns {Current | null} */
export function current() {
  if (!open) return null;
  const { profile, person } = open;
  return { ...person, device: profile.device, shift_ends_at: new Date(profile.until).toISOString() };
}

/** For outbox and sync only: what is open now. */
export const keys = () => open;

/** @param {(current: Current | null) => void} listener @returns {() => void} */
export function on(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {Open} next */
function enter(next) {
  open = next;
  touched = Date.now();
  for (const listener of listeners) listener(current());
}

function forget() {
  if (!open) return;
  open = null;
  for (const listener of listeners) listener(null);
}

/** Ends the shift by the clock, and locks a phone that nobody has touched. */
async function watch() {
  for (const row of /** @type {Profile[]} */ (await db.all("profiles"))) {
    if (row.share && !inShift(row)) {
      await db.change("profiles", [row.device], (found) => (inShift(found) ? null : { ...found, share: null }));
      if (open?.profile.device === row.device) forget();
    }
  }
  if (open && Date.now() - touched > IDLE) forget();
}

/** @template T @param {Promise<T>} call @returns {Promise<T>} */
async function told(call) {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NoAnswer) throw new SessionError("offline");
    const code = error instanceof Refused ? error.code : "";
    if (code === "access.code_not_valid") throw new SessionError("code_not_valid");
    if (code === "access.pin_wrong") throw new SessionError("pin_wrong", /** @type {Refused} */ (error).problem.left);
    throw new SessionError("refused");
  }
}
