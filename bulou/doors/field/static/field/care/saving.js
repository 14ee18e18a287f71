// @ts-check
// Keeps what was told of a person in care, and says so with the way back.

import { outcomeOf } from "./work.js";
import { notSaved } from "../saving.js";
import { say, t } from "../words.js";

/**
 * @param {Record<string, any>} app
 * @param {HTMLElement} root
 * @param {{type: "watch" | "custody" | "case", id: string, protocol: any, outcome: string, payload: Record<string, any>,
 *   area: string, slot?: string}} told
 * @returns {Promise<Record<string, any> | null>} the record, or null where it could not be kept
 */
export async function saved(app, root, told) {
  const outcome = outcomeOf(told.protocol, told.outcome);
  return keep(app, root, {
    kind: outcome?.record ?? told.protocol.record, subject: { type: told.type, id: told.id }, slot: told.slot ?? "",
    outcome: told.outcome, payload: told.payload, protocol: told.protocol.reference, area: told.area,
  }, say(outcome?.label));
}

/**
 * @param {Record<string, any>} app
 * @param {HTMLElement} root
 * @param {Record<string, any>} record
 * @param {string} words what it says
 * @returns {Promise<Record<string, any> | null>}
 */
export async function keep(app, root, record, words) {
  try {
    const kept = await app.outbox.add(record);
    navigator.vibrate?.(20);
    app.say(t("Saved: {outcome}", { outcome: words }), {
      label: t("Undo"),
      act: async () => {
        await app.outbox.undo(kept.id);
        app.say(t("Taken back"));
        app.refresh();
      },
    });
    return kept;
  } catch (error) {
    notSaved(root, error);
    return null;
  }
}
