// @ts-check
// Setting a station up, with a network: the compound with its people, or the route of a mobile team.

import { button, fill, h, heading } from "../dom.js";
import { t } from "../words.js";
import * as people from "./people.js";
import * as station from "./station.js";
import * as walls from "./walls.js";

/** @typedef {import("./people.js").Round} Round */

/** @param {string} id @param {string} label @param {Record<string, any>} [more] */
export function field(id, label, more = {}) {
  const box = /** @type {HTMLInputElement} */ (h("input", { id, autocomplete: "off", spellcheck: "false", maxlength: "60", ...more }));
  return { box, line: h("div", { class: "labelled" }, h("label", { for: id }, label), box) };
}

/** @param {HTMLElement} root @param {Record<string, any>} app */
export async function setUp(root, app) {
  const told = h("p", { role: "status", class: "hint" }, t("Looking for open rounds …"));
  const body = h("div", { class: "form" });
  fill(root, heading(t("Sampling")), told, body);
  app.foot(button(t("Me"), () => app.go("me")));
  /** @type {Round[]} */
  let found;
  try {
    found = await people.rounds();
  } catch {
    told.textContent = t("There is no network. The station is set up with a network, and works without one.");
    return;
  }
  const places = found.flatMap((round) => round.areas.map((area) => ({ round, area })));
  told.textContent = places.length ? t("Choose where you sample.") : t("No testing round is open here.");
  const site = field("site", t("Site"));
  const table = field("table", t("Table"), { maxlength: "20" });
  fill(body, site.line, table.line, h("ul", { class: "lines rows" }, ...places.map(({ round, area }) => h("li", null,
    button(t("{place}: {open} of {expected} open", { place: area.name, open: area.open, expected: area.expected }),
      () => void begin(round, area), { class: "line" })))));
  const homes = found.flatMap((round) => round.routes.map((area) => ({ round, area })));
  if (homes.length) body.append(h("h2", null, t("Sampling at home")), h("ul", { class: "lines" }, ...homes.map(({ round, area }) =>
    h("li", null, button(area.name, () => void teams(round, area), { class: "line", "data-home": area.path })))));

  /** @param {Round} round @param {people.Place} area */
  async function begin(round, area) {
    await take(t("Taking the people along …"), async () => {
      await people.download(round, area.path);
      await start(round, { area: area.path, place: area.name, zone: area.zone, rule: area.rule || "ten", size: area.size });
      app.refresh();
    });
  }

  /** @param {Round} round @param {{path: string, name: string}} area */
  async function teams(round, area) {
    await take(t("Making the routes …"), async () => {
      const said = await people.routes(round, area.path);
      told.textContent = said.teams.length ? t("Which team are you?") : t("Nobody here is sampled at home.");
      fill(body, h("ul", { class: "lines" }, ...said.teams.map((one) => h("li", null,
        button(t("Team {n}: {stops} stops", { n: one.team, stops: one.stops }), () => void drive(round, area, one.team),
          { class: "line", "data-team": String(one.team) })))),
      said.left_over > 0 && h("p", { class: "problem" }, t("{n} doors do not fit into the day: tell the office.", { n: said.left_over })),
      said.without_door > 0 && h("p", { class: "problem" }, t("{n} isolated persons have no known door: ask the office.", { n: said.without_door })));
    });
  }

  /** @param {Round} round @param {{path: string, name: string}} area @param {number} team */
  async function drive(round, area, team) {
    await take(t("Taking the people along …"), async () => {
      const { stops } = await people.routes(round, area.path, team);
      await start(round, { area: area.path, place: t("Team {n}", { n: team }), rule: "household", team, stops });
      app.go("samplehome");
    });
  }

  /** @param {string} words @param {() => Promise<void>} work */
  async function take(words, work) {
    told.textContent = words;
    try {
      await work();
    } catch (error) {
      console.error(error);
      told.textContent = t("The people could not be fetched. Try again.");
    }
  }

  /** @param {Round} round @param {Record<string, any>} more */
  async function start(round, more) {
    await station.save(/** @type {station.Station} */ ({
      operation: round.operation, protocol: round.protocol, tube_protocol: round.tube_protocol, zone: "", size: 0, team: 0,
      site: site.box.value.trim(), table: table.box.value.trim(), tube: "", full: [], book: walls.empty(), records: {},
      fresh: [], told: {}, stops: [], area: "", place: "", rule: "ten", ...more,
    }));
  }
}
