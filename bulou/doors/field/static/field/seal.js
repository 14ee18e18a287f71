// @ts-check
// Sealing: keys from a PIN and the server's share, and envelopes that only the server can open. WebCrypto only.

export const ITERATIONS = 600_000; // PBKDF2-SHA256, OWASP's floor
const text = new TextEncoder();
const untext = new TextDecoder();
const AES = "AES-GCM";
const IV = 12;
const POINT = 65;
export const PLAIN = 1;
export const PACKED = 2;
export const PHOTO = 3;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * What is wrong with a PIN: too short, or one that everybody tries first.
 * @param {string} pin
 * @returns {null | "short" | "plain"}
 */
export function pinProblem(pin) {
  if (!/^[0-9]{6,12}$/.test(pin)) return "short";
  const steps = [...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at]));
  return steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 0) <= 1 ? "plain" : null;
}

/** @param {number} length @returns {Bytes} */
export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * What the PIN alone gives: a proof for the server, and a part of the key that never leaves the phone.
 * @param {string} pin
 * @param {Bytes} salt
 * @param {number} [iterations]
 * @returns {Promise<{proof: string, local: Bytes}>}
 */
export async function stretch(pin, salt, iterations = ITERATIONS) {
  const given = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const bits = await crypto.subtle.deriveBits(how, given, 256);
  const key = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveBits"]);
  return {
    proof: base64(await expand(key, new Uint8Array(0), "bulou.pin.proof")),
    local: await expand(key, new Uint8Array(0), "bulou.pin.local"),
  };
}

/** @param {CryptoKey} key @param {Bytes} salt @param {string} info @returns {Promise<Bytes>} */
async function expand(key, salt, info) {
  const how = { name: "HKDF", hash: "SHA-256", salt, info: text.encode(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

/**
 * The server's share as a key that no script can read again; it is kept for the shift.
 * @param {string} share base64url
 */
export function shareKey(share) {
  return crypto.subtle.importKey("raw", unbase64(share), "HKDF", false, ["deriveKey"]);
}

/**
 * The key that wraps the master key: it takes the PIN and the share.
 * @param {Bytes} local
 * @param {CryptoKey} share
 */
function wrapping(local, share) {
  const how = { name: "HKDF", hash: "SHA-256", salt: local, info: text.encode("bulou.wrap") };
  return crypto.subtle.deriveKey(how, share, { name: AES, length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/**
 * A new master key, only as it is kept: wrapped.
 * @param {Bytes} local
 * @param {CryptoKey} share
 * @returns {Promise<Bytes>}
 */
export async function newMaster(local, share) {
  const master = await crypto.subtle.generateKey({ name: AES, length: 256 }, true, ["encrypt", "decrypt"]);
  const iv = random(IV);
  const key = await wrapping(local, share);
  const wrapped = await crypto.subtle.wrapKey("raw", master, key, { name: AES, iv });
  return joined(iv, new Uint8Array(wrapped));
}

/**
 * The master key, usable and not readable. Rejects when PIN or share are not the right ones.
 * @param {Bytes} wrapped
 * @param {Bytes} local
 * @param {CryptoKey} share
 * @param {boolean} [again] only to wrap it under another PIN
 */
export async function unwrap(wrapped, local, share, again = false) {
  const key = await wrapping(local, share);
  const how = { name: AES, iv: wrapped.slice(0, IV) };
  const uses = /** @type {KeyUsage[]} */ (["encrypt", "decrypt"]);
  return crypto.subtle.unwrapKey("raw", wrapped.slice(IV), key, how, AES, again, uses);
}

/**
 * The same master key under another PIN.
 * @param {Bytes} wrapped
 * @param {Bytes} local
 * @param {Bytes} next
 * @param {CryptoKey} share
 * @returns {Promise<Bytes>}
 */
export async function rewrap(wrapped, local, next, share) {
  const master = await unwrap(wrapped, local, share, true);
  const iv = random(IV);
  const made = await crypto.subtle.wrapKey("raw", master, await wrapping(next, share), { name: AES, iv });
  return joined(iv, new Uint8Array(made));
}

/** @param {CryptoKey} key @param {Bytes} content @returns {Promise<Bytes>} */
export async function encrypt(key, content) {
  const iv = random(IV);
  return joined(iv, new Uint8Array(await crypto.subtle.encrypt({ name: AES, iv }, key, content)));
}

/** @param {CryptoKey} key @param {Bytes} sealed @returns {Promise<Bytes>} */
export async function decrypt(key, sealed) {
  const how = { name: AES, iv: sealed.slice(0, IV) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(IV)));
}

/** @param {CryptoKey} key @param {unknown} value */
export async function sealValue(key, value) {
  return encrypt(key, await gzip(text.encode(JSON.stringify(value))));
}

/** @param {CryptoKey} key @param {Bytes} sealed @returns {Promise<any>} */
export async function openValue(key, sealed) {
  return JSON.parse(untext.decode(await gunzip(await decrypt(key, sealed))));
}

/**
 * An envelope for the server (P-256, HKDF, AES-GCM), and its content key for whoever wrote it.
 * Layout: form (1: records, 2: records packed, 3: photo) | ephemeral point (65) | iv (12) | ciphertext.
 * @param {string} server base64url of the server's public point
 * @param {string} about what the envelope is bound to: device and id
 * @param {Bytes} content
 * @param {number} [wanted] the form
 * @returns {Promise<{envelope: Bytes, contentKey: Bytes}>}
 */
export async function toServer(server, about, content, wanted = PLAIN) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", unbase64(server), curve, false, []);
  const pair = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  const contentKey = await expand(base, point, "bulou.sealed.1");
  const key = await crypto.subtle.importKey("raw", contentKey, AES, false, ["encrypt"]);
  const iv = random(IV);
  const how = { name: AES, iv, additionalData: text.encode(about) };
  const form = wanted === PACKED && !packs ? PLAIN : wanted;
  const sealed = await crypto.subtle.encrypt(how, key, form === PACKED ? await gzip(content) : content);
  return { envelope: joined(new Uint8Array([form]), point, iv, new Uint8Array(sealed)), contentKey };
}

/**
 * Opens an envelope with its content key: what one has written oneself.
 * @param {Bytes} contentKey
 * @param {string} about
 * @param {Bytes} envelope
 * @returns {Promise<Bytes>}
 */
export async function openOwn(contentKey, about, envelope) {
  const key = await crypto.subtle.importKey("raw", contentKey, AES, false, ["decrypt"]);
  const iv = envelope.slice(1 + POINT, 1 + POINT + IV);
  const how = { name: AES, iv, additionalData: text.encode(about) };
  const content = new Uint8Array(await crypto.subtle.decrypt(how, key, envelope.slice(1 + POINT + IV)));
  return envelope[0] === PACKED ? gunzip(content) : content;
}

/** @param {...Uint8Array} parts @returns {Bytes} */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether this browser can pack; where it cannot, everything goes and stays as it is. */
export const packs = "CompressionStream" in globalThis;

/** @param {Bytes} content @returns {Promise<Bytes>} */
export async function gzip(content) {
  return packs ? streamed(content, "CompressionStream") : content;
}

/** @param {Bytes} content packed or not @returns {Promise<Bytes>} */
export async function gunzip(content) {
  return content[0] === 0x1f && content[1] === 0x8b ? streamed(content, "DecompressionStream") : content;
}

/**
 * @param {Bytes} content
 * @param {"CompressionStream" | "DecompressionStream"} how
 * @returns {Promise<Bytes>}
 */
async function streamed(content, how) {
  const through = new Blob([content]).stream().pipeThrough(new globalThis[how]("gzip"));
  return new Uint8Array(await new Response(through).arrayBuffer());
}

/** @param {Uint8Array} bytes @returns {string} base64url without padding */
export function base64(bytes) {
  let out = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    out += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(out).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} word @returns {Bytes} */
export function unbase64(word) {
  return Uint8Array.from(atob(word.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

/** @param {unknown} value @returns {Bytes} */
export const packed = (value) => text.encode(JSON.stringify(value));
/** @param {Bytes} bytes */
export const unpacked = (bytes) => JSON.parse(untext.decode(bytes));
