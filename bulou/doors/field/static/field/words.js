// @ts-check
// Texts in three languages, switched in place. A text without a translation is its English original.

import { text } from "./forms.js";

export const LANGUAGES = Object.freeze([
  { key: "zh-hans", tag: "zh-Hans", label: "简体中文" },
  { key: "zh-hant", tag: "zh-Hant", label: "繁體中文" },
  { key: "en", tag: "en", label: "English" },
]);
const KEPT = "bulou.language";

/** @type {Record<string, string>} */
let words = {};
let current = "zh-hans";
/** @type {Set<() => void>} */
const listeners = new Set();

/**
 * A text of the screens with its `{named}` places filled in.
 * @param {string} msgid
 * @param {Record<string, string | number>} [params]
 */
export function t(msgid, params) {
  const found = words[msgid] || msgid;
  if (params === undefined) return found;
  return found.replace(/\{([a-z_]+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** The language of the screens as an HTML tag: zh-Hans, zh-Hant or en; protocols name theirs so. */
export function language() {
  return LANGUAGES.find((one) => one.key === current)?.tag ?? "zh-Hans";
}

/**
 * A text that a protocol brought along in three languages.
 * @param {Record<string, string> | undefined} texts
 */
export function say(texts) {
  return text(texts, language());
}

/**
 * @param {() => void} listener called after the language has changed
 * @returns {() => void} takes the listener away
 */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Switches the language; without its texts (never loaded, no network) the one before stays.
 * @param {string} wanted
 * @returns {Promise<boolean>}
 */
export async function setLanguage(wanted) {
  const known = LANGUAGES.find((one) => one.key === wanted.toLowerCase());
  if (known === undefined) return false;
  try {
    const answer = await fetch(`/field/words/${known.key}.json`);
    if (!answer.ok) return false;
    words = await answer.json();
  } catch {
    return false;
  }
  current = known.key;
  document.documentElement.lang = known.tag;
  remember(KEPT, current);
  for (const listener of listeners) listener();
  return true;
}

/** The language that was chosen before, else the browser's, else Simplified Chinese. */
export async function startLanguage() {
  await setLanguage(recall(KEPT) ?? guess(navigator.languages));
}

/**
 * @param {readonly string[]} tags
 */
function guess(tags) {
  for (const tag of tags.map((one) => one.toLowerCase())) {
    if (tag.startsWith("en")) return "en";
    if (/^zh-(tw|hk|mo|hant)/.test(tag)) return "zh-hant";
    if (tag.startsWith("zh")) return "zh-hans";
  }
  return "zh-hans";
}

/**
 * Looks, not people: the only things that are kept in the open.
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is refused or full: the choice holds until the page is closed.
  }
}
