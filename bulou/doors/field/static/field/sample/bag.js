// @ts-check
// What leaves the table: tubes with the courier, counted one by one; and the end of the work at this place.

import { button, fill, h, heading } from "../dom.js";
import { mark } from "../list.js";
import { notSaved } from "../saving.js";
import { t } from "../words.js";
import * as people from "./people.js";
import { field } from "./setup.js";
import * as station from "./station.js";
import * as walls from "./walls.js";

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const here = await station.open();
  if (!here) return void app.go("sample", {}, { replace: true });
  const { now } = here;
  const counted = /** @type {Set<string>} */ (app.kept("bag", new Set()));
  const told = h("p", { role: "alert", class: "problem" });
  const tube = field("scan", t("Scan each tube into the bag"), { autocapitalize: "characters" });
  const who = field("who", t("Vehicle or slip of the courier, no name"), { maxlength: "60" });
  const tubes = h("ul", { class: "lines", id: "tubes" });
  tube.box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !tube.box.value.trim()) return;
    event.preventDefault();
    count(walls.barcode(tube.box.value));
    tube.box.value = "";
  });
  root.append(heading(t("Tubes for the courier")), tube.line, told, tubes, who.line);
  draw();
  tube.box.focus();
  return undefined;

  /** @param {string} code */
  function count(code) {
    const held = now.book.tubes[code];
    told.textContent = now.full.includes(code) ? "" : held && !held.sealed ? t("{code} is not sealed.", { code }) : t("{code} does not lie here.", { code });
    if (now.full.includes(code)) counted.add(code);
    draw();
  }

  function draw() {
    const all = now.full.length;
    const n = now.full.filter((one) => counted.has(one)).length;
    fill(tubes, ...now.full.map((code) => h("li", { "data-tube": code }, mark(counted.has(code) ? "done" : "untried"), " ",
      t("{code}: {n} persons", { code, n: now.book.tubes[code]?.persons.length ?? 0 }))));
    if (!all) fill(tubes, h("li", { class: "empty" }, t("No sealed tube waits here.")));
    app.foot(button(t("Back"), () => app.go("sample")),
      n < all && button(t("All {n} are here", { n: all }), () => { now.full.forEach((one) => counted.add(one)); draw(); }, { id: "all" }),
      n > 0 && button(t("Hand over {n} of {all}", { n, all }), () => void hand(), { class: "primary", id: "hand" }));
  }

  async function hand() {
    const codes = now.full.filter((one) => counted.has(one));
    try {
      const undo = await station.hand(app, now, codes, who.box.value.trim());
      app.forget("bag");
      app.say(t("{n} tubes with the courier", { n: codes.length }), { label: t("Undo"), act: async () => {
        await undo();
        app.say(t("Taken back"));
        app.refresh();
      } });
      app.go("sample");
    } catch (error) {
      notSaved(root, error);
    }
  }
}

/** Away from this place; what lies on the table is told first. @type {{show: import("../app.js").Show}} */
export const leave = {
  async show(root, _params, app) {
    const here = await station.open();
    if (!here) return void app.go("sample", {}, { replace: true });
    const { now } = here;
    const open = Object.entries(now.book.tubes).filter(([, one]) => one.persons.length && !one.sealed).map(([code]) => code);
    root.append(heading(t("Leave this place")),
      open.length ? h("p", { class: "problem" }, t("Not sealed yet: {codes}", { codes: open.join(t(", ")) })) : "",
      now.full.length ? h("p", { class: "problem" }, t("Waiting for the courier: {codes}", { codes: now.full.join(t(", ")) })) : "",
      h("p", null, t("The list of its people is taken off this phone; what was kept stays and is sent.")));
    app.foot(button(t("Back"), () => app.go("sample")), !open.length && !now.full.length && button(t("Leave"), async () => {
      await people.keep("station", null);
      await people.keep(`people/${now.operation}/${now.area}`, null);
      app.go("sample", {}, { replace: true });
    }, { class: "primary", id: "leave" }));
    return undefined;
  },
};
