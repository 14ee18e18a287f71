// @ts-check
// Who can be found at a station without a network: the people of a compound, sealed on the phone.

import * as db from "../db.js";
import { ask } from "../net.js";
import * as seal from "../seal.js";
import * as session from "../session.js";

/**
 * @typedef {{id: string, path: string, label: string, building: string, settled: boolean, name: string,
 *   initials: string, tails: string[], digest: string}} Person
 * @typedef {{operation: string, protocol: string, tube_protocol: string, title: string,
 *   areas: {path: string, name: string, expected: number, open: number}[]}} Round
 */

const MOST = 12;
const NUMBER = /^\d{17}[\dX]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

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
 * @param {Round} round
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

/** An ID number whose check digit is right; empty where it is none (GB 11643). @param {string} text */
export function idNumber(text) {
  const found = text.normalize("NFKC").replaceAll(/[\s-]/g, "").toUpperCase();
  if (!NUMBER.test(found)) return "";
  const sum = WEIGHTS.reduce((all, weight, n) => all + weight * Number(found[n]), 0);
  return "10X98765432"[sum % 11] === found[17] ? found : "";
}

/** Whether it looks like an ID number, right or wrong. @param {string} text */
export const likeNumber = (text) => /^\d{15}$|^\d{17}[\dXx]$/.test(text.replaceAll(/[\s-]/g, ""));

/**
 * Whom a text can mean: a card's code, an ID number, the tail of a telephone, initials, a masked name, a door.
 * @param {Person[]} people
 * @param {string} text
 * @param {string} salt the round
 * @returns {Promise<Person[]>}
 */
export async function find(people, text, salt) {
  const said = text.normalize("NFKC").trim();
  if (!said) return [];
  const coded = people.find((one) => said.toLowerCase().includes(one.id));
  if (coded) return [coded];
  const number = idNumber(said);
  if (number) {
    const digest = await hashed(`${salt}:${number}`);
    return people.filter((one) => one.digest === digest);
  }
  const word = said.toLowerCase();
  const tails = /^\d{4}$/.test(word) ? people.filter((one) => one.tails.includes(word)) : [];
  const letters = /^[a-z]{1,6}$/.test(word) ? people.filter((one) => one.initials.startsWith(word)) : [];
  const doors = people.filter((one) => one.label.toLowerCase() === word || one.label.toLowerCase().endsWith(` ${word}`));
  const names = people.filter((one) => one.name && one.name[0] === said[0] && one.name.length === said.length);
  return [...new Set([...tails, ...letters, ...doors, ...names])].slice(0, MOST);
}

/** @param {string} text */
async function hashed(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}

/** The id of a tube: made of round and barcode, the same everywhere. @param {string} operation @param {string} code */
export async function tubeId(operation, code) {
  const space = Uint8Array.from(operation.replaceAll("-", "").match(/../g) ?? [], (two) => parseInt(two, 16));
  const name = new TextEncoder().encode(code);
  const input = new Uint8Array(space.length + name.length);
  input.set(space);
  input.set(name, space.length);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-1", input)).slice(0, 16);
  bytes[6] = 0x50 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
