// @ts-check
// Whom a text can mean, and which tube: pure, the same without a network.

/** @typedef {import("./people.js").Person} Person */

const MOST = 12;
const NUMBER = /^\d{17}[\dX]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"; // the same as lines/screening/rules/cards.py
const CARD = /^[2-9A-HJKMNP-Z]{9}$/;
const SYLLABLE = /^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)$/;
const LONGEST = 6;

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
 * What the code of a printed card says: the last 39 bits of the person's number; null where it is no code.
 * @param {string} text
 * @returns {number | null}
 */
export function cardCode(text) {
  const said = text.toUpperCase().replaceAll(/[\s-]/g, "");
  if (!CARD.test(said)) return null;
  const digits = [...said].map((letter) => LETTERS.indexOf(letter));
  const check = digits.slice(0, 8).reduce((all, digit, n) => all + digit * (n + 1), 0) % 31;
  return check === digits[8] ? digits.slice(0, 8).reduce((all, digit) => all * 31 + digit, 0) : null;
}

const tailOf = (/** @type {string} */ id) => Number(`0x${id.replaceAll("-", "").slice(-10)}`) % 2 ** 39;

/**
 * The initials that a name in pinyin can have, for every way to read it as syllables: xian is xi-an too.
 * @param {string} word
 * @returns {Set<string>}
 */
export function initialsOf(word) {
  /** @type {Map<number, Set<string>>} */
  const from = new Map([[word.length, new Set([""])]]);
  for (let at = word.length - 1; at >= 0; at--) {
    const found = new Set();
    for (let end = at + 1; end <= Math.min(word.length, at + LONGEST); end++) {
      if (!from.get(end)?.size || !SYLLABLE.test(word.slice(at, end))) continue;
      for (const rest of from.get(end) ?? []) found.add(word[at] + rest);
    }
    from.set(at, found);
  }
  return new Set([...(from.get(0) ?? [])].filter((one) => one.length > 1 && one.length < 5));
}

/**
 * Whom a text can mean: a card's code, an ID number, the end of a telephone, a name in pinyin or by its initials, a
 * masked name, a door.
 * @param {Person[]} people
 * @param {string} text
 * @param {string} salt the round
 * @returns {Promise<Person[]>}
 */
export async function find(people, text, salt) {
  const said = text.normalize("NFKC").trim();
  if (!said) return [];
  const word = said.toLowerCase();
  const long = word.length >= 36 ? people.find((one) => word.includes(one.id)) : undefined;
  if (long) return [long];
  const code = cardCode(said);
  const carded = code === null ? [] : people.filter((one) => tailOf(one.id) === code);
  if (carded.length) return carded;
  const number = idNumber(said);
  if (number) {
    const digest = await hashed(`${salt}:${number}`);
    return people.filter((one) => one.digest === digest);
  }
  const tail = /^\d{4}$|^1\d{10}$/.test(word) ? word.slice(-4) : "";
  const tails = tail ? people.filter((one) => one.tails.includes(tail)) : [];
  const letters = /^[a-z]{1,6}$/.test(word) ? people.filter((one) => one.initials.startsWith(word)) : [];
  const spelt = /^[a-z' ]{3,30}$/.test(word) ? initialsOf(word.replaceAll(/[' ]/g, "")) : new Set();
  const spoken = spelt.size ? people.filter((one) => spelt.has(one.initials)) : [];
  const doors = people.filter((one) => one.label.toLowerCase() === word || one.label.toLowerCase().endsWith(` ${word}`));
  return [...new Set([...tails, ...letters, ...spoken, ...doors, ...people.filter((one) => named(one.name, said))])].slice(0, MOST);
}

/** Whether a masked name can be this one: the first character, from three on the last one, and the length. @param {string} masked @param {string} said */
function named(masked, said) {
  if (!masked || masked.length !== said.length || masked[0] !== said[0]) return false;
  return masked.length < 3 || masked.at(-1) === said.at(-1);
}

/** Everybody who lives behind the same door. @param {Person[]} people @param {Person} one */
export const household = (people, one) =>
  one.label ? people.filter((other) => other.path === one.path && other.label === one.label) : [one];

/** Who it is, as lists may say it: without a name by the end of the number. @param {Person} one */
export const whom = (one) => [one.name || `…${one.id.slice(-6)}`, one.label, one.tails[0]].filter(Boolean).join(" · ");

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
