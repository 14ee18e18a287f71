// @ts-check
// Plates and names are sealed on this phone under the key of the day; the ledger never sees them.

import { hex, localDay, unbase64 } from "./codes.js";

const encoder = new TextEncoder();

/** One spelling of a plate, as the server has it. @param {string} plate */
export const normalPlate = (plate) =>
  [...plate.normalize("NFKC").toUpperCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).join("");

/**
 * The key of today, or the last one that this phone has.
 * @param {Record<string, any>} taken
 * @param {number} now
 * @returns {{on: string, public: string, tags: string}}
 */
export function keyOf(taken, now) {
  const today = localDay(now);
  return taken.details.find((/** @type {any} */ one) => one.on === today) ?? taken.details[taken.details.length - 1];
}

/** @param {string} key @param {string} text */
async function tag(key, text) {
  const secret = await crypto.subtle.importKey("raw", unbase64(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", secret, encoder.encode(text)))).slice(0, 32);
}

/** @param {string} key @param {string} post @param {string} plate */
export const plateTag = (key, post, plate) => tag(key, `plate|${post}|${normalPlate(plate)}`);

/** @param {string} key @param {string} serial */
export const passTag = (key, serial) => tag(key, `pass|${serial}`);

/**
 * Details under the key of a day, bound to their passage. Nothing to seal gives an empty text.
 * @param {Record<string, string>} told
 * @param {{on: string, public: string}} key
 * @param {string} passage
 */
export async function seal(told, key, passage) {
  const kept = Object.fromEntries(Object.entries(told).filter(([, value]) => value.trim() !== ""));
  if (Object.keys(kept).length === 0) return "";
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", unbase64(key.public), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = encoder.encode(`bulou.passage|${key.on}`);
  const salt = new Uint8Array(0);
  const secret = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = encoder.encode(passage);
  const plain = encoder.encode(JSON.stringify(kept));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, secret, plain));
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  return base64url(point, iv, sealed);
}

/** @param {...Uint8Array} parts */
function base64url(...parts) {
  const text = parts.map((part) => String.fromCharCode(...part)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
