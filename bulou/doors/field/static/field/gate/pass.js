// @ts-check
// A pass was scanned or typed: the whole screen says whether it opens this gate.

import { clockTime } from "../dom.js";
import { t } from "../words.js";
import * as book from "./book.js";
import { judge } from "./codes.js";
import { saved } from "./form.js";
import * as light from "./light.js";

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} app
 * @param {import("./book.js").Book} now
 * @param {Record<string, any>} form
 * @param {string} typed
 */
export async function passCheck(root, app, now, form, typed) {
  if (!now.shift) return;
  const verdict = await judge(typed, now.taken, {
    post: now.shift.post, today: book.today(now), out: form.direction === "out",
    uses: (serial) => book.uses(now, serial),
  });
  const keep = (/** @type {string} */ outcome, /** @type {Record<string, string>} */ more = {}) =>
    saved(app, now, form, {
      kind: "household_entry", outcome, serial: verdict.serial,
      payload: { direction: form.direction, n_persons: form.persons, pass_result: verdict.result, ...more },
    });
  const through = {
    label: form.direction === "out" ? t("Let out") : t("Let in"), act: () => keep("admitted"),
  };
  const back = {
    label: t("Turn back"),
    act: () => keep("turned_back", {
      reason: verdict.result === "used_up" ? "rule_used_up" : "no_pass", told: "community_office",
    }),
  };
  const cancel = { label: t("Do not note it"), act: () => {} };
  const acts = {
    green: [through, back, cancel], amber: [back, { ...through, label: t("Let through all the same") }, cancel],
    red: [back, cancel],
  }[verdict.light];
  light.show(root, { light: verdict.light, word: wordOf(verdict), lines: linesOf(verdict), acts });
}

/** @param {import("./codes.js").Verdict} verdict */
function wordOf({ light: colour }) {
  return { green: t("Valid"), amber: t("Ask"), red: t("Not valid") }[colour];
}

/** @param {import("./codes.js").Verdict} verdict */
function linesOf(verdict) {
  /** @type {Record<string, string>} */
  const why = {
    valid: t("Holds until {day}.", { day: verdict.until }),
    forged: t("This code was not made by the office, or it was damaged."),
    other_key: t("This pass is signed with another key. Download the list again."),
    revoked: t("This pass has been revoked."),
    expired: t("This pass ended on {day}.", { day: verdict.until }),
    not_yet: t("This pass does not hold yet."),
    other_area: t("This pass belongs to another compound."),
    used_up: t("The exits of this pass are used up. Last exit: {time}.", { time: clockTime(verdict.last) }),
    not_on_list: t("This number is not on the list of this phone. Scan the square, or ask the community."),
    cannot_check: t("This browser cannot check signatures, and the number is not on the list of this phone."),
  };
  const ask = verdict.check && verdict.light !== "red"
    ? t("Ask for the door. It ends with {letters}.", { letters: verdict.check }) : "";
  return [why[verdict.result], ask, verdict.serial].filter(Boolean);
}
