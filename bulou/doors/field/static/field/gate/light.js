// @ts-check
// A result fills the screen: colour, word, sound and vibration, so that nobody has to read in the sun.

import { button, h } from "../dom.js";

/** @type {Record<string, {tones: [number, number][], shake: number[]}>} */
const SIGNS = {
  green: { tones: [[880, 0.12]], shake: [60] },
  amber: { tones: [[440, 0.15], [440, 0.15]], shake: [80, 80, 80] },
  red: { tones: [[220, 0.3], [196, 0.45]], shake: [300, 100, 300] },
};

const BURST = 60; // ms between two keys: nobody types so fast
const DOUBLE = 400; // ms: many scanners end with two Enters

/** @type {AudioContext | null} */
let audio = null;

/** @param {"green" | "amber" | "red"} light */
export function sign(light) {
  const { tones, shake } = SIGNS[light];
  document.documentElement.dataset.lightTold = light;
  try {
    navigator.vibrate?.(shake);
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [pitch, length] of tones) {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.25, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + length);
      tone.connect(loud).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + 0.06;
    }
  } catch {
    // no sound on this phone: the colour and the word are there
  }
}

/**
 * Covers the screen with a result. Enter takes the first act, Escape the last one.
 * @param {HTMLElement} root
 * @param {{light: "green" | "amber" | "red", word: string, lines: string[], acts: {label: string, act: () => any}[]}} told
 * @returns {() => void} takes it away
 */
export function show(root, told) {
  const word = h("h1", { tabindex: "-1", id: "verdict" }, told.word);
  const buttons = told.acts.map((one, n) =>
    button(one.label, () => { close(); one.act(); }, n === 0 ? { class: "primary" } : {}));
  const cover = h("div", { class: `light ${told.light}`, role: "alertdialog", "aria-modal": "true", "aria-labelledby": "verdict" },
    h("div", { class: "verdict" }, word, ...told.lines.map((line) => h("p", null, line))),
    h("div", { class: "acts" }, ...buttons));
  const since = performance.now();
  let typed = 0;
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    // a scanner that reads the next pass types fast and ends with Enter: that is nobody's consent
    const burst = performance.now() - typed < BURST || event.timeStamp < since + DOUBLE;
    if (event.key.length === 1) typed = performance.now();
    if (event.key === "Enter" && burst) event.preventDefault();
    else if (event.key === "Escape") buttons[buttons.length - 1].click();
    else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) buttons[0].click();
    else return;
    event.preventDefault();
  };
  const close = () => {
    removeEventListener("keydown", onKey);
    for (const one of hidden) one.inert = false;
    cover.remove();
  };
  const hidden = /** @type {HTMLElement[]} */ ([...document.body.children].filter((one) => one instanceof HTMLElement && !one.inert));
  root.ownerDocument.body.append(cover);
  for (const one of hidden) one.inert = true;
  addEventListener("keydown", onKey);
  word.focus();
  sign(told.light);
  return close;
}
