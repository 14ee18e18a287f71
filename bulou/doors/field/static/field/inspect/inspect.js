// @ts-check
// The inspector's day: a new visit, a finding, what waits to be told or to be looked at again, what was done today.

import { signed } from "../crew/work.js";
import { button, clockTime, h, heading } from "../dom.js";
import { standing } from "../record.js";
import { say, t } from "../words.js";
import { placeNames } from "./places.js";
import { gather } from "./work.js";

/** @typedef {import("./work.js").Finding} Finding */

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const held = await gather(app);
  const named = placeNames(held.places);
  root.append(heading(t("Inspection")));
  if (!held.finding || !held.visit) {
    root.append(h("p", { class: "empty" }, t("Download a list first: forms and places come with it.")));
    app.foot(button(t("Me"), () => app.go("me")));
    return undefined;
  }
  const again = held.findings.filter((one) => one.stage === "fixed");
  const toTell = held.findings.filter((one) => one.stage === "found");
  const jobs = signed(await app.sync.jobs(), await app.outbox.own()).filter((one) => !one.sent_back && !one.own_work);
  const loose = app.kept("loose", /** @type {{list: any[]}} */ ({ list: [] })).list;
  root.append(
    section(t("Not in order: note a finding"), loose.map((/** @type {any} */ one) => h("li", null, h("button", {
      type: "button", class: "line", onclick: () => app.go("finding", { loose: one.key }),
    }, h("span", null, one.label), h("small", null, named(one.path)))))),
    section(t("To be looked at again"), again.map(line), t("Nothing waits for a re-check.")),
    section(t("To be told to the unit"), toTell.map(line)),
    section(t("Disinfection to be signed off"), jobs.map((one) => h("li", null, h("button", {
      type: "button", class: "line", "data-job": one.subject,
      onclick: () => app.go("signoff", { operation: one.operation, subject: one.subject }),
    }, h("span", null, one.label), h("small", null, [one.place, one.team].filter(Boolean).join(" · ")),
    one.settled && standing(/** @type {any} */ (one.settled)))))),
    section(t("Visits of this shift"), held.visits.map((one) => h("li", { class: "visit-line" },
      h("span", null, clockTime(one.record.observed_at), " · ", named(one.record.area)),
      standing(/** @type {any} */ (one))))));
  app.foot(
    button(t("Me"), () => app.go("me")),
    button(t("Note a finding"), () => app.go("finding")),
    button(t("New visit"), () => app.go("checklist"), { class: "primary" }));
  return follow(app);

  /** @param {Finding} one */
  function line(one) {
    const severity = held.finding?.body.form.find((/** @type {any} */ field) => field.key === "severity");
    const word = say(severity?.choices.find((/** @type {any} */ choice) => choice.key === one.severity)?.label);
    const late = one.due_at !== null && Date.parse(one.due_at) < Date.now();
    const due = one.due_at && (late ? t("Due since {time}", { time: clockTime(one.due_at) }) : t("Due {time}", { time: clockTime(one.due_at) }));
    return h("li", null, h("button", {
      type: "button", class: "line", "data-finding": one.id, "data-severity": one.severity,
      onclick: () => app.go("recheck", { id: one.id }),
    }, h("span", null, one.text),
    h("small", { class: late ? "late" : null }, [word, one.place || named(one.path), due].filter(Boolean).join(" · ")),
    one.own_work && h("small", { class: "late" }, t("Your own team's work: somebody else looks again.")),
    (one.settled ?? one.fresh) && standing(/** @type {any} */ (one.settled ?? one.fresh))));
  }
}

/**
 * Shows again what has been sent meanwhile.
 * @param {any} app
 * @returns {() => void} to be called when the screen is left
 */
export function follow(app) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  const stop = app.outbox.on(() => {
    clearTimeout(soon);
    soon = setTimeout(app.refresh, 300);
  });
  return () => {
    clearTimeout(soon);
    stop();
  };
}

/**
 * @param {string} title
 * @param {HTMLElement[]} lines
 * @param {string} [empty]
 */
function section(title, lines, empty) {
  if (lines.length === 0 && !empty) return "";
  return h("section", null, h("h2", null, title),
    lines.length ? h("ul", { class: "lines" }, ...lines) : h("p", { class: "hint" }, empty));
}
