// @ts-check
// What comes from the server: the list of the day with its forms, and whether this phone still counts.

import * as db from "./db.js";
import { ask, LEVEL, NoAnswer, Refused } from "./net.js";
import * as outbox from "./outbox.js";
import * as seal from "./seal.js";
import { handInOthers, onUnauthorised, progress, send } from "./send.js";
import * as session from "./session.js";

/** @typedef {Record<string, any>} Task */

const BEAT = 45_000; // so that a revocation takes effect within a minute
const RESEND = 15_000;

let wanted = LEVEL; // the least that the server asks of an app
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Record<string, any> | null} the list of the day, opened */
let day = null;
let reached = true;
let lost = 0;

/** Once at the start of the page. */
export async function start() {
  await missing(await outbox.cleared()); // before the outbox is read, which notes what is there now
  await outbox.reload(false);
  progress.lastSuccess = (await db.meta("last_success")) ?? null;
  onUnauthorised(standing);
  outbox.on(() => tell());
  session.on((now) => {
    day = null;
    if (now) void outbox.reload(false).then(() => send({ now: true }));
    tell();
  });
  addEventListener("online", () => void beat(true));
  addEventListener("offline", () => tell());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void beat(true);
  });
  setInterval(() => void beat(), BEAT);
  setInterval(() => void send(), RESEND);
  outbox.on(({ id }) => {
    if (id) void send();
  });
  void beat(true);
}

/** @param {() => void} listener @returns {() => void} */
export function on(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  for (const listener of listeners) listener();
}

/** Asks how this phone stands, sends, and hands in for others. @param {boolean} [now] */
export async function beat(now = false) {
  if (!navigator.onLine) return tell();
  for (const { device } of await db.all("profiles")) await standing(device);
  if (reached) {
    await send({ now });
    await handInOthers();
    await outbox.tidy();
    await db.setMeta("last_success", progress.lastSuccess);
  }
  tell();
}

/**
 * Asks whether a profile still counts: a revoked one loses its keys and hands in, sealed, what it holds.
 * @param {string} device
 */
async function standing(device) {
  const profile = /** @type {session.Profile} */ (await db.get("profiles", device));
  if (!profile) return;
  const waits = outbox.listed(device).filter(outbox.unsent).length;
  const asked = Date.now();
  try {
    const said = await ask("/devices/standing", { json: { device, secret: profile.secret, unsent: waits } });
    reached = true;
    await session.learn(said.server_time, asked);
    wanted = said.least_level;
    await behind(device, said.last_seq);
    if (said.state === "active" || profile.state !== "open") return;
    await session.wipe(device, said.state === "revoked" ? "revoked" : "wiped");
    await handInOthers();
  } catch (error) {
    reached = error instanceof Refused;
    if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
  }
}

/**
 * The server has acknowledged more than this phone knows of: a part of its storage is gone. It counts on from there.
 * A number is on the disk before it is sent, so a phone that has lost nothing is never behind.
 * @param {string} device
 * @param {number} last
 */
async function behind(device, last) {
  let gone = 0;
  await db.change("profiles", [device], (row) => {
    gone = Math.max(0, last - row.seq);
    return gone ? { ...row, seq: last } : null;
  });
  if (gone) await missing(gone);
}

/** Remembers how many records this phone has lost, until somebody has read it. @param {number} more */
async function missing(more) {
  lost = ((await db.meta("lost")) ?? 0) + more;
  if (more) await db.setMeta("lost", lost);
}

/** Somebody has read that records are lost. */
export async function understood() {
  lost = 0;
  await db.setMeta("lost", 0);
  tell();
}

/**
 * Gets the list of the day: what is new since the last time, or everything.
 * @param {(got: number, of: number) => void} [onProgress]
 */
export async function download(onProgress) {
  const keys = session.keys();
  if (!keys) throw new session.SessionError("refused");
  const known = await load();
  const before = known && sameDay(known.at) ? known : null;
  const query = before?.cursor ? `?since=${encodeURIComponent(before.cursor)}` : "";
  const asked = Date.now();
  let answer;
  try {
    answer = await ask(`/worklist${query}`, { token: keys.token, onProgress: onProgress ?? (() => {}), limit: 120_000 });
  } catch (error) {
    if (error instanceof Refused && error.status === 401) await standing(keys.profile.device);
    throw error;
  }
  await session.learn(answer.server_time, asked);
  const next = merged(before, answer);
  const data = await seal.sealValue(keys.master, next);
  const device = keys.profile.device;
  await db.put({ sealed: [{ key: `${device}/day`, device, data }] });
  day = next;
  progress.lastSuccess = Date.now();
  await db.setMeta("last_success", progress.lastSuccess);
  tell();
  return { tasks: next.tasks.length, more: answer.more };
}

/** @param {number} at */
const sameDay = (at) => new Date(at).toDateString() === new Date(session.now()).toDateString();

/**
 * The list with the news. What left it stays until the day is over, with the reason, so that the list balances.
 * @param {Record<string, any> | null} before
 * @param {Record<string, any>} answer
 */
function merged(before, answer) {
  const key = (/** @type {Task} */ task) => `${task.operation}/${task.subject}`;
  const tasks = new Map((before?.tasks ?? []).map((/** @type {Task} */ task) => [key(task), task]));
  if (answer.whole) {
    const still = new Set(answer.tasks.map(key));
    for (const [name, task] of tasks) {
      if (still.has(name) || task.settled) continue;
      if (answer.more) tasks.delete(name);
      else tasks.set(name, { ...task, settled: { family: "moved", outcome: "", at: answer.server_time, mine: false } });
    }
  }
  for (const gone of answer.removed) {
    const task = tasks.get(key(gone));
    if (task) tasks.set(key(gone), { ...task, settled: gone });
  }
  for (const task of answer.tasks) tasks.set(key(task), task);
  const names = new Map((before?.areas ?? []).map((/** @type {any} */ area) => [area.path, area]));
  for (const area of answer.areas) names.set(area.path, area);
  return { ...answer, tasks: [...tasks.values()], areas: [...names.values()], at: session.now() };
}

/** The list of the day, opened once. @returns {Promise<Record<string, any> | null>} */
async function load() {
  const keys = session.keys();
  if (!keys) return null;
  if (day) return day;
  const row = await db.get("sealed", `${keys.profile.device}/day`);
  day = row ? await seal.openValue(keys.master, row.data) : null;
  return day;
}

/** @param {string} part @returns {Promise<any[]>} */
const list = async (part) => (await load())?.[part] ?? [];

export const tasks = () => list("tasks");
export const protocols = () => list("protocols");
export const areas = () => list("areas");
export const findings = () => list("findings");
export const jobs = () => list("jobs");
export const places = () => list("places");
export const slots = () => list("slots");
export const handovers = () => list("handovers");
export const cases = () => list("cases");
export const others = () => list("others");
export const sites = () => list("sites");
export const homes = () => list("homes");
export const toFix = () => list("to_fix");
/** What a gate checks passes with: keys and what was revoked. */
export const passes = async () => (await load())?.passes ?? null;
/** When the list was fetched, by the server's clock. @returns {Promise<number | null>} */
export const downloadedAt = async () => (await load())?.at ?? null;

/** Whether the server asks for a newer app than this one. What is kept is sent all the same. */
export const tooOld = () => wanted > LEVEL;

/** What the bar tells; nothing in it is a guess. */
export function summary() {
  const states = outbox.states();
  const others = outbox.listed().filter((row) => row.device !== session.current()?.device && outbox.unsent(row));
  const count = (/** @type {string} */ state) => states.filter((row) => row.state === state).length;
  return {
    online: navigator.onLine && reached && progress.lastError !== "no_answer",
    waiting: count("waiting") + count("sending"),
    sending: progress.running && count("sending") > 0,
    last_success: progress.lastSuccess,
    need_help: count("needs_help") + count("conflict"),
    others: others.length,
    error: progress.lastError,
    next_try: progress.next || null,
    lost,
    old: tooOld(),
  };
}

/** A person asked to send now. */
export async function sendNow() {
  await send({ now: true });
  await handInOthers();
  tell();
}
