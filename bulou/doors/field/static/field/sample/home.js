// @ts-check
// The route of a mobile team: doors in order with their time and need. Another order is the team's to choose.

import { button, clockTime, h, heading } from "../dom.js";
import { mark } from "../list.js";
import { t } from "../words.js";
import * as station from "./station.js";

/** Why somebody is sampled at home. @type {Record<string, () => string>} */
export const REASONS = {
  infant: () => t("an infant"), over_75: () => t("75 or older"), disabled: () => t("disabled"), bedridden: () => t("bedridden"),
  pregnant_near_term: () => t("near birth"), pregnant: () => t("pregnant"),
  dialysis: () => t("dialysis"), isolated: () => t("isolated at home"),
};

/** How a stop stands. @param {station.Station} now @param {import("./people.js").Stop} stop */
export function stands(now, stop) {
  const left = stop.people.filter((one) => !one.settled && !now.book.lies[one.id]);
  if (stop.people.length > 0 && left.length === 0) return "done";
  const found = now.fresh.some((one) => one.path === stop.path && one.label === stop.label);
  return found && left.length === 0 ? "done" : (now.told[stop.door] ?? "untried");
}

/** @type {Record<string, () => string>} */
const WORDS = { untried: () => t("To do"), absent: () => t("Nobody there"), refused: () => t("Does not wish to"), done: () => t("Done") };

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const here = await station.open();
  if (!here?.now.team) return void app.go("sample", {}, { replace: true });
  const { now } = here;
  const open = now.stops.filter((one) => stands(now, one) === "untried").length;
  root.append(heading(now.place),
    h("p", { role: "status", class: "hint" }, t("{open} of {all} stops to do. Touch any: the order is yours.", { open, all: now.stops.length })),
    h("ul", { class: "lines", id: "stops" }, ...now.stops.map((stop, n) => line(stop, n))));
  app.foot(button(t("Me"), () => app.go("me")),
    button(t("Courier takes {n}", { n: now.full.length }), () => app.go("samplebag"), { id: "courier" }),
    button(t("Other place"), () => app.go("sampleleave")));

  /** @param {import("./people.js").Stop} stop @param {number} n */
  function line(stop, n) {
    const state = stands(now, stop);
    const late = state === "untried" && Date.parse(stop.until) < app.session.now();
    return h("li", null, h("button", { type: "button", class: "line", "data-stop": stop.door, "data-state": state,
      onclick: () => app.go("sample", { stop: stop.door }) },
    h("span", null, `${n + 1} · ${stop.place} ${stop.label}`),
    h("small", { class: late ? "late" : null }, [clockTime(stop.at), t("by {time} at the latest", { time: clockTime(stop.until) }),
      stop.reasons.map((one) => REASONS[one]?.() ?? one).join(t(", "))].filter(Boolean).join(" · ")),
    h("small", null, mark(state), " ", WORDS[state](), " · ", t("{n} persons of the round", { n: stop.people.length }))));
  }
}
