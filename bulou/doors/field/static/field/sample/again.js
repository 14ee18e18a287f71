// @ts-check
// Sampled again, each alone: everybody of a positive or grey pool, named by the tube because of which it is done.

import { button, fill, focusOn, h, heading } from "../dom.js";
import { sign } from "../gate/light.js";
import { mark } from "../list.js";
import { notSaved } from "../saving.js";
import { t } from "../words.js";
import * as find from "./find.js";
import * as people from "./people.js";
import { field } from "./setup.js";
import * as station from "./station.js";
import * as walls from "./walls.js";

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const here = await station.open();
  if (!here) return void app.go("sample", {}, { replace: true });
  const { now, known } = here;
  const told = h("p", { role: "alert", class: "problem", id: "told" });
  const list = h("div");
  const tube = field("single", t("Barcode of the tube for this person alone"), { autocapitalize: "characters" });
  let chosen = "";
  tube.box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !tube.box.value.trim()) return;
    event.preventDefault();
    void sampled(walls.barcode(tube.box.value));
  });
  root.append(heading(t("Sample again")), h("p", { class: "hint" },
    t("Everybody of a positive or grey tube is asked to stay and sampled alone. Say nothing about results.")), list, told);
  app.foot(button(t("Back"), () => app.go("sample")), !now.team && button(t("Fetch the people again"), () => void fetched()));
  draw();
  return undefined;

  function draw() {
    const listed = known.filter((one) => one.again);
    const tubes = [...new Set(listed.map((one) => one.again))];
    fill(list, listed.length === 0 && h("p", { class: "empty" }, t("Nobody has to be sampled again.")),
      ...tubes.map((code) => section(code, listed.filter((one) => one.again === code))));
    if (chosen) tube.box.focus();
    else focusOn(list.querySelector("button"));
  }

  /** @param {string} code @param {people.Person[]} persons */
  function section(code, persons) {
    const left = persons.filter((one) => station.toRepeat(now, one)).length;
    return h("section", null, h("h2", null, t("Tube {code}: {n} to sample again", { code, n: left })),
      h("ul", { class: "lines" }, ...persons.map((one) => h("li", null, station.toRepeat(now, one)
        ? button(find.whom(one), () => choose(one), { class: "line", "data-person": one.id })
        : h("p", null, mark("done"), " ", find.whom(one), " · ", now.book.lies[one.id]),
      chosen === one.id && tube.line))));
  }

  /** @param {people.Person} one */
  function choose(one) {
    chosen = one.id;
    tube.box.value = told.textContent = "";
    draw();
  }

  /** @param {string} code */
  async function sampled(code) {
    const one = known.find((each) => each.id === chosen);
    if (!one) return;
    try {
      const made = await station.put(app, now, one, { outcome: "resampled", again: one.again, tube: code, rule: "single" });
      if (made.doubts.length) {
        told.textContent = made.doubts.map((each) => t(`problem:${each}`)).join(" ");
        sign("red");
        tube.box.select();
        return;
      }
      chosen = "";
      sign("green");
      // a tube of one person is full with one: it is sealed at once
      const before = now.tube;
      now.tube = code;
      const unseal = await station.seal(app, now);
      now.tube = before;
      await station.save(now);
      app.say(t("Sampled: {who}", { who: find.whom(one) }), { label: t("Undo"), act: async () => {
        await unseal();
        now.tube = before;
        await made.undo?.();
        app.say(t("Taken back"));
        draw();
      } });
      draw();
    } catch (error) {
      notSaved(root, error);
    }
  }

  async function fetched() {
    told.textContent = t("Taking the people along …");
    try {
      await people.download(now, now.area);
      app.refresh();
    } catch {
      told.textContent = t("The people could not be fetched. Try again.");
    }
  }
}
