// @ts-check
// What an inspector has with him: places, forms, findings that wait, and what was told in this shift.

import { live } from "../account.js";

/**
 * @typedef {{
 *   id: string, path: string, place: string, stage: "found" | "fixed", severity: string, text: string, topic: string,
 *   covert: boolean, found_at: string, due_at: string | null, unit: string, fixed_at: string | null,
 *   evidence: string[], photos: string[], own_work: boolean, fresh?: import("../account.js").Own, settled?: import("../account.js").Own,
 * }} Finding
 * @typedef {{path: string, reference: string, body: any}} Form
 */

/**
 * The form of a protocol that came with the list, whatever its version.
 * @param {any[]} protocols
 * @param {string} slug
 */
export function formOf(protocols, slug) {
  const found = protocols.find((one) => one.protocol.split("@")[0] === slug);
  return found ? { reference: found.protocol, body: found.body } : null;
}

/** @param {any} app */
export async function gather(app) {
  const [protocols, places, waiting, all] = await Promise.all([
    app.sync.protocols(), app.sync.places(), app.sync.findings(), app.outbox.own(),
  ]);
  const own = live(all);
  return {
    places,
    finding: formOf(protocols, "finding-closure"),
    visit: formOf(protocols, "inspection-visit"),
    findings: stand(waiting, own),
    visits: own.filter((one) => one.record.kind === "supervision.inspection"),
  };
}

/**
 * Findings of the server and of this shift, with what this phone has said about them since.
 * @param {Finding[]} waiting
 * @param {import("../account.js").Own[]} own
 * @returns {Finding[]}
 */
export function stand(waiting, own) {
  const known = new Map(waiting.map((one) => [one.id, one]));
  for (const one of own) {
    const { record } = one;
    if (record.kind !== "supervision.finding" || known.has(record.subject.id)) continue;
    const { severity, text, kind = "", responsible = "" } = record.payload;
    known.set(record.subject.id, {
      id: record.subject.id, path: record.area, place: "", stage: "found", severity, text, topic: kind,
      covert: isCovert(record.payload), found_at: record.observed_at, due_at: null, unit: responsible,
      fixed_at: null, evidence: [], photos: [], own_work: false, fresh: one,
    });
  }
  const settles = { found: "supervision.told", fixed: "supervision.recheck" };
  return [...known.values()].map((one) => ({
    ...one,
    settled: own.find(({ record }) => record.kind === settles[one.stage] && record.subject.id === one.id),
  }));
}

/** @param {Record<string, any>} payload */
export function isCovert(payload) {
  return payload.covert === true || (payload.methods ?? []).includes("secret");
}

/**
 * By when a finding of this severity is to be put right, by the protocol.
 * @param {any} body
 * @param {string | undefined} severity
 * @param {number} from
 * @returns {number | null}
 */
export function dueAt(body, severity, from) {
  const span = body.due_by?.[severity ?? ""] ?? body.due;
  const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(span ?? "") ?? [];
  if (!days && !hours && !minutes) return null;
  return from + ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000;
}
