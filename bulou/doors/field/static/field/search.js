// @ts-check
// Finding a door by its number, its place or the first letters of the place's name.

/** @typedef {import("./account.js").Unit} Unit */

/**
 * Small letters without marks and spaces; full-width digits and letters become plain ones.
 * @param {string} text
 */
export function plain(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

/**
 * What a unit can be found by: its label, its place's names and their letters.
 * @param {Unit} unit
 * @param {(path: string) => {name: string, keys?: string}} area
 */
export function haystack(unit, area) {
  const at = area(unit.area);
  return plain([unit.label, unit.door ?? "", unit.building, at.name, at.keys ?? "", unit.keys ?? ""].join(" "));
}

/**
 * Whether every word of the question is found; `3-201` means building 3, door 201.
 * @param {string} hay
 * @param {string} question
 */
export function matches(hay, question) {
  const parts = plain(question).split(/[\s,，、/-]+/).filter(Boolean);
  return parts.every((part) => (/^\d+$/.test(part) ? numbered(hay, part) : hay.includes(part)));
}

/**
 * A number is found at the beginning of a number: 20 finds 201, not 1201.
 * @param {string} hay
 * @param {string} digits
 */
function numbered(hay, digits) {
  return new RegExp(`(?:^|[^0-9])0*${digits}`).test(hay);
}
