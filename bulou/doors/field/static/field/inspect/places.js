// @ts-check
// Which place is looked at: typed in part, chosen with one touch. Without a network too.

import { button, fill, h } from "../dom.js";
import { t } from "../words.js";

/** @typedef {{path: string, name: string, level: string}} Place */

const SHOWN = 6;

/**
 * Names with those of the places above them, outermost first, without the district.
 * @param {Place[]} places
 * @returns {(path: string) => string}
 */
export function placeNames(places) {
  const names = new Map(places.map((place) => [place.path, place.name]));
  return (path) => {
    const steps = path.split(".");
    const ups = steps.map((_, n) => steps.slice(0, n + 1).join("."));
    const known = ups.map((up) => names.get(up)).filter(Boolean);
    return (known.length > 1 ? known.slice(1) : known).join(" ") || path;
  };
}

/**
 * @param {Place[]} places
 * @param {{path: string}} kept
 * @param {() => void} [changed]
 */
export function placePicker(places, kept, changed) {
  const named = placeNames(places);
  const all = places.map((place) => ({ path: place.path, name: named(place.path) }));
  const chosen = h("p", { class: "chosen", role: "status" });
  const matches = h("div", { class: "matches" });
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id: "place", type: "search", autocomplete: "off", enterkeyhint: "search", oninput: offer,
  }));
  const problem = h("p", { class: "problem" });
  const root = h("div", { class: "labelled place" },
    h("label", { for: "place" }, t("Which place?")),
    h("small", { class: "hint" }, t("Part of a name: street, community or compound")), chosen, input, matches, problem);
  show();
  return { root, check };

  function offer() {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length === 0 ? [] : all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
    fill(matches, ...found.slice(0, SHOWN).map((place) => button(place.name, () => {
      kept.path = place.path;
      input.value = "";
      fill(matches);
      show();
      changed?.();
    })), words.length > 0 && found.length === 0 && h("p", { class: "hint" }, t("No place is called so.")),
    found.length > SHOWN && h("p", { class: "hint" }, t("{n} more: type on", { n: found.length - SHOWN })));
  }

  function show() {
    chosen.textContent = kept.path ? named(kept.path) : "";
    problem.textContent = "";
    root.classList.remove("wrong");
  }

  /** Whether a place was chosen; if not, it is said where. */
  function check() {
    if (kept.path) return true;
    problem.textContent = t("Choose a place.");
    root.classList.add("wrong");
    input.focus();
    return false;
  }
}
