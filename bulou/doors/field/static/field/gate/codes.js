// @ts-check
// Passes of households: what a code says, whether its signature holds, and what follows from it at this gate.

/**
 * @typedef {{serial: string, key: number, area: string, from: string, until: string, number: number,
 *   exits: number, days: number, check: string}} Claims
 * @typedef {{light: "green" | "red" | "amber", result: string, check: string, until: string, serial: string,
 *   last?: string}} Verdict
 */

const PREFIX = "BL1";
const BODY = 21;
const WHOLE = BODY + 64;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DAY_ZERO = Date.UTC(2020, 0, 1);
const DAY = 86_400_000;

/** What a scanner or a person typed, in one spelling. @param {string} typed */
export const cleaned = (typed) => typed.normalize("NFKC").toUpperCase().replaceAll(/[^0-9A-Z]/g, "");

/** Whether it looks like a pass and not like a plate. @param {string} typed */
export const isCode = (typed) => cleaned(typed).startsWith(PREFIX) && cleaned(typed).length > 60;

/** Whether it looks like the ten letters under the square. @param {string} typed */
export const isSerial = (typed) => /^[A-Z2-7]{10}$/.test(cleaned(typed));

/** @param {string} words @returns {Uint8Array<ArrayBuffer> | null} */
export function unbase32(words) {
  const out = new Uint8Array(Math.floor((words.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of words) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 0xff;
      held &= (1 << bits) - 1;
    }
  }
  return out;
}

/** @param {Uint8Array} bytes */
function base32(bytes) {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += LETTERS[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return bits ? text + LETTERS[(held << (5 - bits)) & 31] : text;
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function unbase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Uint8Array} raw */
function dayOf(raw) {
  return new Date(DAY_ZERO + ((raw[0] << 8) | raw[1]) * DAY).toISOString().slice(0, 10);
}

/**
 * What the code claims; nothing of it is true before `signed` says so.
 * @param {string} typed
 * @returns {{claims: Claims, body: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>} | null}
 */
export function read(typed) {
  const raw = unbase32(cleaned(typed).slice(PREFIX.length));
  if (raw === null || raw.length !== WHOLE || raw[0] !== 1) return null;
  const claims = {
    serial: base32(raw.slice(2, 8)),
    key: raw[1],
    area: hex(raw.slice(8, 13)),
    from: dayOf(raw.slice(13, 15)),
    until: dayOf(raw.slice(15, 17)),
    number: raw[17],
    exits: raw[18] >> 4,
    days: raw[18] & 15,
    check: String.fromCharCode(raw[19], raw[20]).replaceAll("-", ""),
  };
  return { claims, body: raw.slice(0, BODY), signature: raw.slice(BODY) };
}

/**
 * Whether the server signed it. null: this browser cannot tell.
 * @param {{body: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>}} code
 * @param {string} publicKey
 * @returns {Promise<boolean | null>}
 */
export async function signed(code, publicKey) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", unbase64(publicKey), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return null;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, code.signature, code.body);
}

/** @param {string} path */
async function areaTag(path) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`bulou.pass|${path}`));
  return hex(new Uint8Array(digest).slice(0, 5));
}

/**
 * Whether an area's gate is this one: the post stands in the area of the pass, or the area lies behind the post.
 * @param {string} tag
 * @param {string} post path of the post
 * @param {[string, string][]} areas compounds of the holder of this phone
 */
async function opensHere(tag, post, areas) {
  const steps = post.split(".").map((_, n, all) => all.slice(0, n + 1).join("."));
  const behind = areas.map(([path]) => path).filter((path) => path.startsWith(`${post}.`));
  const tags = await Promise.all([...steps, ...behind].map(areaTag));
  return tags.includes(tag);
}

/**
 * What holds for what was scanned or typed, at this post, now.
 * @param {string} typed
 * @param {Record<string, any>} taken what the phone took along
 * @param {{post: {path: string}, today: string, out: boolean, uses: (serial: string) => Promise<string[]>}} here
 * @returns {Promise<Verdict>}
 */
export async function judge(typed, taken, here) {
  if (!isCode(typed)) return listed(cleaned(typed), taken, here);
  const code = read(typed);
  if (code === null) return red("forged");
  const sound = await signed(code, taken.public_key);
  if (sound === false) return red(code.claims.key === taken.key_id ? "forged" : "other_key");
  const { claims } = code;
  if (taken.revoked.includes(claims.serial)) return red("revoked", claims);
  if (!(await opensHere(claims.area, here.post.path, taken.areas))) return red("other_area", claims);
  if (here.today > claims.until) return red("expired", claims);
  if (here.today < claims.from) return red("not_yet", claims);
  if (sound === null) {
    const known = await listed(claims.serial, taken, here);
    return known.light === "red" ? amber("cannot_check", claims) : known;
  }
  return used(claims, here);
}

/**
 * A serial that a person typed: believed only if this phone's list knows it.
 * @param {string} serial
 * @param {Record<string, any>} taken
 * @param {{today: string, out: boolean, uses: (serial: string) => Promise<string[]>}} here
 */
async function listed(serial, taken, here) {
  if (taken.revoked.includes(serial)) return red("revoked", { serial });
  const row = taken.issued.find((/** @type {string[]} */ one) => one[0] === serial);
  if (row === undefined) return amber("not_on_list", { serial });
  const [, until, check, , from, exits, days] = row;
  const claims = { serial, until, check, exits: Number(exits), days: Number(days) };
  if (here.today > until) return red("expired", claims);
  if (here.today < from) return red("not_yet", claims);
  return used(claims, here);
}

/**
 * The rule of the pass: so many exits in so many days, today included.
 * @param {Partial<Claims> & {serial: string, exits: number, days: number}} claims
 * @param {{today: string, out: boolean, uses: (serial: string) => Promise<string[]>}} here
 */
async function used(claims, here) {
  if (!here.out || claims.exits === 0) return green(claims);
  const first = new Date(Date.parse(here.today) - (claims.days - 1) * DAY).toISOString().slice(0, 10);
  const within = (await here.uses(claims.serial)).filter((at) => localDay(at) >= first).sort();
  if (within.length < claims.exits) return green(claims);
  return { ...amber("used_up", claims), last: within[within.length - 1] };
}

/** The day in the district at a moment. @param {string | number} at */
export function localDay(at) {
  return new Date(new Date(at).getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** @param {"green" | "red" | "amber"} light @param {string} result @param {Partial<Claims>} [claims] @returns {Verdict} */
function told(light, result, claims = {}) {
  return { light, result, check: claims.check ?? "", until: claims.until ?? "", serial: claims.serial ?? "" };
}

/** @param {Partial<Claims>} claims */
const green = (claims) => told("green", "valid", claims);
/** @param {string} result @param {Partial<Claims>} [claims] */
const red = (result, claims) => told("red", result, claims);
/** @param {string} result @param {Partial<Claims>} [claims] */
const amber = (result, claims) => told("amber", result, claims);
