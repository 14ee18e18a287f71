// @ts-check
// Who can be found at a station without a network: the people of a compound or of a route, sealed on the phone.

import * as db from "../db.js";
import { ask } from "../net.js";
import * as seal from "../seal.js";
import * as session from "../session.js";

/**
 * @typedef {{id: string, path: string, label: string, building: string, settled: boolean, name: string,
 *   initials: string, tails: string[], digest: string, again: string}} Person
 * @typedef {{path: string, name: string, expected: number, open: number, zone: string, rule: string, size: number}} Place
 * @typedef {{operation: string, protocol: string, tube_protocol: string, title: string, areas: Place[],
 *   routes: {path: string, name: string}[]}} Round
 * @typedef {{door: string, path: string, place: string, label: string, reasons: string[], at: string, until: string,
 *   people: Person[]}} Stop
 */

function opened() {
  const keys = session.keys();
  if (!keys) throw new session.SessionError("refused");
  return keys;
}

/** @param {string} name @param {any} value */
export async function keep(name, value) {
  const keys = opened();
  const device = keys.profile.device;
  await db.put({ sealed: [{ key: `${device}/sample/${name}`, device, data: await seal.sealValue(keys.master, value) }] });
}

/** @param {string} name @returns {Promise<any>} */
export async function kept(name) {
  const keys = opened();
  const row = await db.get("sealed", `${keys.profile.device}/sample/${name}`);
  return row ? seal.openValue(keys.master, row.data) : null;
}

/** @returns {Promise<Round[]>} */
export async function rounds() {
  return (await ask("/sample", { token: opened().token })).rounds;
}

/**
 * Takes the people of a compound along.
 * @param {{operation: string}} round
 * @param {string} area
 * @returns {Promise<Person[]>}
 */
export async function download(round, area) {
  /** @type {Person[]} */
  const people = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({ operation: round.operation, area, ...(cursor ? { cursor } : {}) });
    const page = await ask(`/sample/people?${query}`, { token: opened().token, limit: 120_000 });
    people.push(...page.people);
    cursor = page.next ?? "";
  } while (cursor);
  await keep(`people/${round.operation}/${area}`, people);
  return people;
}

/**
 * The routes of the mobile teams; with the number of a team its stops in order.
 * @param {{operation: string}} round
 * @param {string} area
 * @param {number} [team]
 * @returns {Promise<{teams: {team: number, stops: number}[], left_over: number, without_door: number, stops: Stop[]}>}
 */
export function routes(round, area, team = 0) {
  const query = new URLSearchParams({ operation: round.operation, area, team: String(team) });
  return ask(`/sample/home?${query}`, { token: opened().token, limit: 120_000 });
}
