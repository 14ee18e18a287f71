// @ts-check
// Sending: batches, answers, patience. Whatever happens on the way, a record stays until it is acknowledged.

import * as db from "./db.js";
import { ask, NoAnswer, Refused } from "./net.js";
import * as outbox from "./outbox.js";
import * as seal from "./seal.js";
import * as session from "./session.js";

/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {import("./outbox.js").State} State */

const BATCH = 500;
const ENVELOPES = 200;
const ENOUGH = 3_000_000;
const SMALL = 1024;
const LIMIT = 60_000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
/** @type {Record<string, State>} */
const FATES = { kept: "kept", doubtful: "doubtful", duplicate: "kept", conflict: "conflict", unreadable: "needs_help" };
/** The request as a whole cannot be read or is too large: one of its records may be why. */
const DIVISIBLE = new Set([400, 413, 422]);

/** @type {{running: boolean, lastSuccess: number | null, lastError: string, next: number, wait: number}} */
export const progress = { running: false, lastSuccess: null, lastError: "", next: 0, wait: 0 };
/** @type {(device: string) => Promise<void>} what to do when the server no longer knows the token */
let whenRefused = async () => {};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let size = BATCH;

/** @param {(device: string) => Promise<void>} work */
export function onUnauthorised(work) {
  whenRefused = work;
}

/**
 * Sends what waits. `now`: a person asked, or the network came back: no patience.
 * @param {{now?: boolean}} [how]
 */
export async function send(how = {}) {
  const keys = session.keys();
  if (!keys) return;
  if (!how.now && (!navigator.onLine || Date.now() < progress.next)) return;
  clearTimeout(timer);
  // one tab at a time; a page that died in the middle gives its lock back, and its records still wait
  /** @type {Set<string>} */
  let tried = new Set();
  let turn = false;
  let stranger = false;
  // a person who asks waits for the turn; a clock that asks does not
  await navigator.locks.request(`bulou.send.${keys.profile.device}`, { ifAvailable: !how.now }, async (lock) => {
    if (!lock) return;
    turn = true;
    progress.running = true;
    try {
      tried = await run(keys);
      progress.wait = 0;
      progress.next = 0;
      progress.lastError = "";
    } catch (error) {
      stranger = failed(error);
    } finally {
      progress.running = false;
    }
  });
  // what was kept while the last answer was on its way
  const more = outbox.listed(keys.profile.device).some((row) => sendable(row) && !tried.has(row.id));
  if (turn && more && progress.next === 0 && session.keys() === keys) setTimeout(() => void send(), 0);
  if (stranger) await whenRefused(keys.profile.device);
}

/**
 * Patience after a failure.
 * @param {unknown} error
 * @returns {boolean} whether the server does not know this phone's token (any more)
 */
function failed(error) {
  if (!(error instanceof NoAnswer || error instanceof Refused)) throw error;
  const asked = error instanceof Refused ? error.wait * 1000 : 0;
  progress.wait = Math.min(LONGEST_WAIT, progress.wait ? progress.wait * 2 : FIRST_WAIT);
  const patience = Math.max(asked, progress.wait) * (1 + Math.random() / 2);
  progress.next = Date.now() + patience;
  progress.lastError = error instanceof Refused ? error.code || String(error.status) : "no_answer";
  timer = setTimeout(() => void send(), patience);
  return error instanceof Refused && error.status === 401;
}

/** @param {NonNullable<ReturnType<typeof session.keys>>} keys @returns {Promise<Set<string>>} what was tried */
async function run(keys) {
  await outbox.reload(false);
  const device = keys.profile.device;
  /** @type {Set<string>} what was tried in this run */
  const tried = new Set();
  for (;;) {
    const waits = outbox.listed(device).filter((row) => row.mine && !tried.has(row.id) && pending(row));
    const batch = waits.filter((row) => row.type === "record").slice(0, size);
    const photo = waits.find((row) => row.type === "photo");
    if (batch.length) await offer(keys, batch, tried);
    else if (photo) await offerPhoto(keys, photo, tried);
    else return tried;
    if (session.keys() !== keys) return tried;
  }
}

/** @param {Row} row a row left at "sending" by a page that died waits like any other */
const pending = (row) => row.state === "waiting" || row.state === "sending";
/** @param {Row} row */
const sendable = (row) => row.mine !== null && row.state === "waiting";

/**
 * @param {NonNullable<ReturnType<typeof session.keys>>} keys
 * @param {Row[]} batch
 * @param {Set<string>} tried
 */
async function offer(keys, batch, tried) {
  const records = [];
  for (const row of batch) records.push((await outbox.content(row)).record);
  await outbox.settle(said(batch, "sending"));
  const asked = Date.now();
  const body = seal.packed({ device: keys.profile.device, sent_at: new Date(asked).toISOString(), records });
  const packed = seal.packs && body.length > SMALL;
  try {
    const answer = await ask("/records", {
      token: keys.token, body: packed ? await seal.gzip(body) : body, packed, limit: LIMIT,
    });
    if (!Array.isArray(answer?.results)) throw new NoAnswer("this is no answer to a batch");
    await session.learn(answer.server_time, asked);
    await taken(keys.profile.device, batch, answer);
    for (const row of batch) tried.add(row.id);
    progress.lastSuccess = Date.now();
    size = Math.min(BATCH, size * 2);
  } catch (error) {
    await refused(error, batch, tried);
  }
}

/**
 * @param {Row[]} batch
 * @param {State} state
 * @param {string[]} [problems]
 * @returns {Map<string, {state: State, problems?: string[]}>}
 */
const said = (batch, state, problems) => new Map(batch.map((row) => [row.id, { state, problems }]));

/**
 * @param {string} device
 * @param {Row[]} batch
 * @param {{results: {id: string, standing: string, problems: string[]}[], gaps?: {from_seq: number, to_seq: number}[]}} answer
 */
async function taken(device, batch, answer) {
  /** @type {Map<string, {state: State, problems?: string[]}>} */
  const told = new Map(batch.map((row) => [row.id, { state: /** @type {State} */ ("waiting") }]));
  for (const { id, standing, problems } of answer.results) {
    // the first answer was lost on the way: a duplicate of what is doubtful is told with the reasons
    const state = standing === "duplicate" && problems.length > 0 ? "doubtful" : FATES[standing];
    // only what we asked about, and only in words that we know: everything else keeps waiting
    if (told.has(id) && state) told.set(id, { state, problems });
  }
  // the server misses numbers that it had acknowledged (it was set back to a copy): they are offered again
  for (const { from_seq, to_seq } of answer.gaps ?? []) {
    for (const row of outbox.listed(device)) {
      if (row.seq === null || row.seq < from_seq || row.seq > to_seq || told.has(row.id)) continue;
      if (row.mine && outbox.ARRIVED.has(row.state)) told.set(row.id, { state: "waiting" });
    }
  }
  await outbox.settle(told);
}

/**
 * @param {unknown} error
 * @param {Row[]} batch
 * @param {Set<string>} tried
 */
async function refused(error, batch, tried) {
  if (!(error instanceof Refused) || error.passing || error.status === 401) {
    await outbox.settle(said(batch, "waiting"));
    throw error;
  }
  if (DIVISIBLE.has(error.status) && batch.length > 1) {
    size = Math.ceil(batch.length / 2); // down to the one record that spoils it
    await outbox.settle(said(batch, "waiting"));
    return;
  }
  for (const row of batch) tried.add(row.id);
  await outbox.settle(said(batch, "needs_help", [error.code || String(error.status)]));
}

/**
 * @param {NonNullable<ReturnType<typeof session.keys>>} keys
 * @param {Row} row
 * @param {Set<string>} tried
 */
async function offerPhoto(keys, row, tried) {
  const { photo, blob } = await outbox.content(row);
  await outbox.settle(said([row], "sending"));
  const query = new URLSearchParams({ record: photo?.record, area: photo?.area });
  try {
    await ask(`/attachments/${row.id}?${query}`, { token: keys.token, body: blob, type: photo?.type, limit: LIMIT });
    tried.add(row.id);
    await outbox.settle(said([row], "kept"));
    progress.lastSuccess = Date.now();
  } catch (error) {
    await refused(error, [row], tried);
  }
}

/**
 * Hands in, sealed, what waits under profiles that nobody has unlocked: a revoked phone, a forgotten PIN, the
 * colleague of the last shift. The server opens the envelopes; this phone cannot.
 */
export async function handInOthers() {
  const open = session.current()?.device;
  for (const profile of await db.all("profiles")) {
    if (profile.device === open) continue;
    await navigator.locks.request(`bulou.send.${profile.device}`, () => handIn(profile));
  }
}

/** What fits into one request: envelopes in order, by number and by size. @param {Row[]} waits */
function handful(waits) {
  let bytes = 0;
  return waits.slice(0, ENVELOPES).filter((row, at) => (bytes += row.envelope.length) < ENOUGH || at === 0);
}

/** @param {session.Profile} profile */
async function handIn(profile) {
  await outbox.reload(false);
  /** @type {Set<string>} */
  const tried = new Set();
  for (;;) {
    const batch = handful(outbox.listed(profile.device).filter((row) => pending(row) && !tried.has(row.id)));
    if (batch.length === 0) return;
    for (const row of batch) tried.add(row.id);
    const envelopes = batch.map((row) => ({ id: row.id, sealed: seal.base64(row.envelope) }));
    const sent_at = new Date().toISOString();
    try {
      const json = { device: profile.device, secret: profile.secret, sent_at, envelopes };
      const answer = await ask("/sealed", { json, limit: LIMIT });
      if (!Array.isArray(answer?.results)) return;
      await taken(profile.device, batch, answer);
      progress.lastSuccess = Date.now();
    } catch (error) {
      if (error instanceof NoAnswer || (error instanceof Refused && error.passing)) return;
      if (!(error instanceof Refused)) throw error;
      await outbox.settle(said(batch, "needs_help", [error.code || String(error.status)]));
    }
  }
}
