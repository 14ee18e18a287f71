// @ts-check
// Text size and night mode of this phone: kept in the open because they say nothing about anybody.

import { recall, remember } from "./words.js";

export const SIZES = Object.freeze(["normal", "large", "largest"]);
export const LIGHTS = Object.freeze(["auto", "light", "dark"]);
const SIZE = "bulou.text";
const LIGHT = "bulou.light";

/** Applies what was chosen before. */
export function start() {
  set("text", SIZES, recall(SIZE));
  set("light", LIGHTS, recall(LIGHT));
}

/**
 * @param {string} size
 */
export function setSize(size) {
  remember(SIZE, set("text", SIZES, size));
}

/**
 * @param {string} light
 */
export function setLight(light) {
  remember(LIGHT, set("light", LIGHTS, light));
}

/**
 * @param {"text" | "light"} name
 * @param {readonly string[]} known
 * @param {string | null} wanted
 */
function set(name, known, wanted) {
  const value = wanted !== null && known.includes(wanted) ? wanted : known[0];
  document.documentElement.dataset[name] = value;
  return value;
}

/** What holds now. */
export function current() {
  const { text = SIZES[0], light = LIGHTS[0] } = document.documentElement.dataset;
  return { text, light };
}
