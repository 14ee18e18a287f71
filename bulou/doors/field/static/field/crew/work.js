// @ts-check
// What a crew has with it, and what the protocol warns of: by the same expressions as the server's (tests/cases).

import { live } from "../account.js";
import { clean, warnings } from "../forms.js";
import { fill, h } from "../dom.js";
import { say, t } from "../words.js";

/**
 * @typedef {{
 *   operation: string, protocol: string, subject: string, subject_type: string, label: string, path: string,
 *   place: string, agent: string, method: string, concentration_mg_l: number | null, area_m2: number, litres: number,
 *   cautions: string[], team: string, done_at: string, sent_back: boolean, own_work: boolean,
 *   settled?: import("../account.js").Own,
 * }} Job
 */

/** @param {{protocol: string}} unit */
export function isObjects(unit) {
  return unit.protocol.split("@")[0] === "disinfection-round";
}

/**
 * Jobs with what this phone has said about them since the list was fetched: a sign-off, or the work done again.
 * @param {Job[]} jobs
 * @param {import("../account.js").Own[]} all
 * @returns {Job[]}
 */
export function signed(jobs, all) {
  const own = live(all);
  return jobs.map((job) => ({
    ...job,
    settled: own.find(({ record }) => record.subject?.id === job.subject && record.operation === job.operation
      && record.kind === (job.sent_back ? "disinfection.job" : "disinfection.signoff")),
  }));
}

/**
 * The warnings that hold, in words; the dangerous one stands out. It takes the place of nothing that was answered.
 * @param {any} protocol
 * @param {Record<string, any>} answers
 * @param {string} outcome
 */
export function warningLines(protocol, answers, outcome) {
  const held = new Set(warnings(protocol, clean(protocol, answers, outcome), outcome));
  return protocol.warnings.filter((/** @type {any} */ one) => held.has(one.key))
    .map((/** @type {any} */ one) => h("p", { "data-warning": one.key }, say(one.label)));
}

/**
 * A place for warnings that is seen and heard as soon as an answer calls for it.
 * @returns {{root: HTMLElement, tell: (protocol: any, answers: Record<string, any>, outcome: string) => void}}
 */
export function warningsView() {
  const root = h("div", { class: "cautions", role: "status", tabindex: "0", "aria-label": t("What the guidance says") });
  return {
    root,
    tell(protocol, answers, outcome) {
      const lines = warningLines(protocol, answers, outcome);
      const said = lines.map((/** @type {HTMLElement} */ line) => line.textContent).join("\n");
      if (root.dataset.said === said) return;
      root.dataset.said = said;
      fill(root, ...lines);
    },
  };
}
