// @ts-check
// What every screen that keeps a record needs: its shape, the way back, and the truth when it could not be kept.

import { h } from "./dom.js";
import { t } from "./words.js";

/**
 * @param {any} unit
 * @param {any} protocol
 * @param {string} outcome
 * @param {Record<string, any>} payload
 */
export function recordOf(unit, protocol, outcome, payload) {
  const chosen = protocol.outcomes.find((/** @type {any} */ one) => one.key === outcome);
  const subject = { type: unit.subject_type, id: unit.subject };
  return {
    kind: chosen?.record ?? protocol.record,
    operation: unit.operation,
    subject: unit.fresh ? { ...subject, new: unit.fresh } : subject,
    outcome,
    payload,
    protocol: unit.protocol,
    area: unit.path,
  };
}

/**
 * @param {HTMLElement} root
 * @param {any} error
 */
export function notSaved(root, error) {
  root.querySelector(".not-saved")?.remove();
  const full = error?.code === "full";
  root.prepend(h("p", { class: "not-saved", role: "alert" }, full
    ? t("Not saved: this phone has no room left. Send or export what waits, free some room, and save again.")
    : t("Not saved: this phone could not write it down. Note it on paper and try again.")));
  if (!full) console.error(error);
  scrollTo(0, 0);
}

/**
 * @param {any} app
 * @param {string} id
 */
export async function undo(app, id) {
  try {
    await app.outbox.undo(id);
    app.say(t("Taken back"));
    if (location.hash.startsWith("#/visit")) app.refresh(); // the door on the screen is open again
  } catch (error) {
    console.error(error);
    app.say(t("This could not be taken back. Try again under “My records”."));
  }
}
