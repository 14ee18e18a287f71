// @ts-check
// Records that need a person: why, in words, and what can be done. Nothing here is ever deleted by itself.

import { keyOf, live, subjectOf } from "./account.js";
import { button, clockTime, h, heading } from "./dom.js";
import { answersView } from "./form_view.js";
import { gather } from "./list.js";
import { outcomeWords, problemList, standing } from "./record.js";
import { t } from "./words.js";

/** These count in the bar until they are settled; what is doubtful has arrived, and waits until it is corrected. */
const NEEDY = new Set(["needs_help", "conflict"]);

/** @type {import("./app.js").Show} */
export async function show(root, _params, app) {
  const [held, others] = await Promise.all([gather(app), app.sync.others()]);
  const other = new Map(others.map((/** @type {any} */ one) => [one.record, one]));
  const current = new Set(live(held.own).map((one) => one.id));
  const twice = (/** @type {any} */ one) => one.problems?.includes("intake.settled_by_other");
  const needy = held.own.filter((/** @type {any} */ one) => NEEDY.has(one.state)
    || (current.has(one.id) && (one.state === "doubtful" || twice(one))));
  const units = new Map(held.all.map((unit) => [unit.key, unit]));
  root.append(heading(t("Records that need help")), h("p", { class: "hint" }, needy.length
    ? t("These records are safe on this phone. Correct them, or show them to your team leader.")
    : t("Nothing needs help.")));
  for (const one of needy) {
    const protocol = held.protocols.get(one.record.protocol);
    const unit = units.get(keyOf({ operation: one.record.operation, subject: subjectOf(one.record) }));
    root.append(h("article", { class: "needy" },
      h("h2", null, [unit?.label, outcomeWords(protocol, one.record)].filter(Boolean).join(": ")),
      h("p", null, clockTime(one.record.observed_at), " · ", standing(one)),
      problemList(one, protocol),
      !current.has(one.id) && h("p", { class: "hint" }, t("This record was corrected or taken back later.")),
      one.state === "conflict" || twice(one) ? sides(one, protocol, other.get(one.id) ?? othersOf(unit)) : null,
      one.state === "conflict" && !other.has(one.id) && button(t("Ask the office for the other version"), () => ask(app)),
      h("div", { class: "acts" },
        button(t("Look at it"), () => app.go("record", { id: one.id }), { class: "primary" }),
        one.state === "needs_help" && app.outbox.retry
          ? button(t("Send it again"), () => app.outbox.retry(one.id)) : null)));
  }
  app.foot(button(t("Back to the list"), () => app.home()));
  const stop = app.outbox.on(() => app.refresh());
  return () => stop?.();
}

/** The next list brings along what the office holds. @param {any} app */
async function ask(app) {
  try {
    await app.sync.download();
    app.refresh();
  } catch {
    app.say(t("There is no connection now. Try again later."));
  }
}

/**
 * What the list of the office says about a door that somebody else had settled: how, and when.
 * @param {import("./account.js").Unit | undefined} unit
 */
function othersOf(unit) {
  if (!unit?.settled || unit.settled.mine) return null;
  return { outcome: unit.settled.outcome, observed_at: unit.settled.at, payload: {} };
}

/**
 * Both versions beside each other; neither is thrown away.
 * @param {any} one
 * @param {any} protocol
 * @param {any} other
 */
function sides(one, protocol, other) {
  const side = (/** @type {string} */ title, /** @type {any} */ record) => h("section", null,
    h("h3", null, title),
    record
      ? [h("p", null, h("b", null, outcomeWords(protocol, record)), " ", clockTime(record.observed_at)),
        protocol && answersView(protocol, record.payload ?? {})]
      : h("p", null, t("It is kept at the office; this phone does not have it.")));
  return h("div", { class: "sides" },
    side(t("My version"), one.record), side(t("The other version"), other));
}
