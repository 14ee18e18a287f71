// @ts-check
// What may not go into a tube: the same rules as the server's (lines/testing/rules/walls.py; tests/testing/walls.json).

/**
 * @typedef {{rule: string, size: number, household: string, persons: string[], sealed: boolean}} Tube
 * @typedef {{tubes: Record<string, Tube>, lies: Record<string, string>}} Book who lies in which tube
 * @typedef {{person: string, outcome: string, tube: string, rule?: string, size?: number, of_tube?: string, household?: string}} Sample
 */

/** Most people in a tube by the way of pooling. @type {Record<string, number>} */
export const SIZES = { single: 1, household: 20, ten: 10, twenty: 20 };
const MOST = 20;

/** @returns {Book} */
export const empty = () => ({ tubes: {}, lies: {} });

/** The barcode in its one spelling; empty where it cannot be one. @param {string} said */
export function barcode(said) {
  const text = said.normalize("NFKC").trim().toUpperCase();
  return /^[A-Z0-9][A-Z0-9._/-]{0,39}$/.test(text) ? text : "";
}

/** @param {Sample} one */
export function sizeOf(one) {
  const most = SIZES[one.rule ?? ""] ?? MOST;
  return one.size ? Math.min(most, one.size) : most;
}

/**
 * Codes of problems, none where it may stand. Changes nothing.
 * @param {Book} book
 * @param {Sample} one
 * @returns {string[]}
 */
export function problems(book, one) {
  const code = barcode(one.tube);
  if (!code) return ["testing.no_tube"];
  const tube = book.tubes[code] ?? { rule: "", size: 0, household: "", persons: [], sealed: false };
  return [...ofPerson(book, one, code, tube), ...ofTube(one, tube)];
}

/** @param {Book} book @param {Sample} one @param {string} code @param {Tube} tube */
function ofPerson(book, one, code, tube) {
  const last = book.lies[one.person];
  if (tube.persons.includes(one.person)) return ["testing.twice_in_tube"];
  if (one.outcome === "resampled") return last && last !== barcode(one.of_tube ?? "") ? ["testing.not_sampled_before"] : [];
  return last && last !== code ? ["testing.in_other_tube"] : [];
}

/** @param {Sample} one @param {Tube} tube */
function ofTube(one, tube) {
  /** @type {string[]} */
  const found = tube.sealed ? ["testing.tube_sealed"] : [];
  if (tube.persons.length === 0 || tube.persons.includes(one.person)) return found;
  const mine = one.rule ?? "";
  if (mine && tube.rule && mine !== tube.rule) found.push("testing.mixed_pooling");
  if (tube.rule === "single" || mine === "single") return [...found, "testing.single_only"];
  if (tube.rule === "household") {
    const home = one.household ?? "";
    if (home && tube.household && home !== tube.household) found.push("testing.one_household");
  } else if (tube.size && tube.persons.length >= tube.size) found.push("testing.tube_full");
  return found;
}

/**
 * The sample lies in its tube, whatever a wall says about it; a sound one is the person's last.
 * @param {Book} book
 * @param {Sample} one
 * @param {string[]} [doubts]
 */
export function put(book, one, doubts = []) {
  const code = barcode(one.tube);
  const tube = (book.tubes[code] ??= { rule: "", size: 0, household: "", persons: [], sealed: false });
  if (tube.persons.length === 0) Object.assign(tube, { rule: one.rule ?? "", size: sizeOf(one), household: one.household ?? "" });
  if (!tube.persons.includes(one.person)) tube.persons.push(one.person);
  if (doubts.length === 0) book.lies[one.person] = code;
}

/** A wrong scan is taken back. @param {Book} book @param {Sample} one @param {string} before the tube of the sample before */
export function takeBack(book, one, before) {
  const tube = book.tubes[barcode(one.tube)];
  if (tube) tube.persons = tube.persons.filter((each) => each !== one.person);
  if (before) book.lies[one.person] = before;
  else delete book.lies[one.person];
}
