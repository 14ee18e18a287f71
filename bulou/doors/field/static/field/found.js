// @ts-check
// A door or a place that is on no list: said where it is, then told about like any other, by the same record.

import { buildings } from "./account.js";
import { button, choice, focusOn, h, heading } from "./dom.js";
import { gather, stateOf } from "./list.js";
import { plain } from "./search.js";
import { t } from "./words.js";

/** What may stand behind a door. @type {() => {key: string, label: string}[]} */
const DWELLINGS = () => [
  { key: "home", label: t("Home") },
  { key: "shop", label: t("Shop where people live") },
  { key: "dormitory", label: t("Dormitory") },
  { key: "non_household", label: t("Camper van, tent or other shelter") },
  { key: "somebody", label: t("Somebody without a home here") },
];

/** The register knows places, not people: where somebody stays is what the round counts. @type {Record<string, string>} */
const KINDS = { somebody: "non_household" };

/** Places of the register. @type {() => {key: string, label: string}[]} */
const SITES = () => [
  { key: "shop", label: t("Shop") },
  { key: "catering", label: t("Place to eat") },
  { key: "market", label: t("Market") },
  { key: "lodging_venue", label: t("Hotel or lodging") },
  { key: "entertainment_venue", label: t("Entertainment") },
  { key: "enterprise", label: t("Enterprise") },
  { key: "construction_site", label: t("Building site") },
  { key: "school", label: t("School") },
  { key: "office", label: t("Office") },
  { key: "park", label: t("Park") },
  { key: "venue", label: t("Another business") },
];

/** @type {import("./app.js").Show} */
export async function show(root, params, app) {
  const { all, protocols, area } = await gather(app);
  const list = all.filter((unit) => unit.operation === params.operation);
  const example = list[0];
  if (!example) {
    root.append(heading(t("Not on the list")), h("p", null, t("Download a list first: it says to which round this belongs.")));
    app.foot(button(t("Back to the list"), () => app.go("list")));
    return;
  }
  const last = list.find((unit) => unit.key === stateOf(app).last) ?? example;
  const home = protocols.get(example.protocol)?.subject === "dwelling";
  const kept = app.kept("finding", { area: last.area, building: last.building, label: "", kind: home ? "home" : "shop" });
  const places = [...new Set(list.map((unit) => unit.area))];
  const problem = h("p", { class: "problem", role: "alert" });

  const where = h("select", { id: "where", onchange: () => { kept.area = /** @type {any} */ (where).value; offer(); } },
    ...places.map((path) => h("option", { value: path, selected: path === kept.area }, area(path).name)));
  const known = h("datalist", { id: "buildings" });
  const building = /** @type {HTMLInputElement} */ (h("input", {
    id: "building", list: "buildings", value: kept.building, autocomplete: "off",
    oninput: () => { kept.building = building.value; },
  }));
  const label = /** @type {HTMLInputElement} */ (h("input", {
    id: "label", value: kept.label, autocomplete: "off", maxlength: 120,
    oninput: () => { kept.label = label.value; },
  }));
  const offer = () => known.replaceChildren(...buildings(list.filter((unit) => unit.area === kept.area))
    .map((house) => h("option", { value: house.building })));
  offer();

  root.append(
    heading(t("Not on the list")),
    h("p", { class: "hint" }, t("Nobody is missed because a list was wrong. Say where it is; it joins the round with your record.")),
    h("div", { class: "form" },
      places.length > 1 ? h("div", { class: "labelled" }, h("label", { for: "where" }, t("Where?")), where) : null,
      h("div", { class: "labelled" }, h("label", { for: "building" }, t("Building"), h("small", null, ` ${t("if it has one")}`)),
        building, known),
      h("div", { class: "labelled" }, h("label", { for: "label" }, home ? t("Door") : t("Name of the place")),
        h("small", { class: "hint" }, t("As people here call it: 502, rooftop, white van. No names of people.")), label, problem),
      choice("kind", t("What is it?"), home ? DWELLINGS() : SITES(), kept.kind, (key) => { kept.kind = key; })));

  app.foot(button(t("Cancel"), () => app.back()), button(t("Next: what happened there"), next, { class: "primary" }));

  function next() {
    const text = kept.label.trim();
    problem.textContent = text ? "" : t("Say which door or place it is.");
    if (!text) return focusOn(label);
    const same = list.find((unit) => unit.area === kept.area && plain(unit.building) === plain(kept.building)
      && plain(unit.door || unit.label) === plain(text));
    if (same) {
      app.say(t("It is on the list after all: here it is."));
      app.go("visit", { operation: same.operation, subject: same.subject }, { replace: true });
      return undefined;
    }
    const id = app.outbox.uuid7();
    const fresh = { id, area: kept.area, label: text, building: kept.building.trim(), kind: KINDS[kept.kind] ?? kept.kind };
    app.kept("found", {})[id] = {
      ...example, key: `${example.operation}:${id}`, subject: id, area: kept.area, path: kept.area,
      building: fresh.building, label: [fresh.building, text].filter(Boolean).join(" "), door: text, floor: null,
      state: "untried", rank: 0, attempts: 0, alert: false, own: [], last: null, waits: null, found: true, fresh,
      settled: null,
    };
    app.forget("finding");
    app.go("visit", { operation: example.operation, subject: id }, { replace: true });
    return undefined;
  }
}
