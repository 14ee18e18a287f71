// @ts-check
// The register of visitors: who came in, who is still inside.

import { button, choice, clockTime, fill, h, heading } from "../dom.js";
import { readNumber } from "../controls.js";
import { t } from "../words.js";
import * as book from "./book.js";
import { answers, fresh, input, labelled, saved, stepper } from "./form.js";
import * as light from "./light.js";

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} _params
 * @param {Record<string, any>} app
 */
export async function show(root, _params, app) {
  const now = await book.open(app);
  if (!now?.shift) return app.go("gate", {}, { replace: true });
  const form = app.kept("visitor", { ...fresh(), purpose: "visit" });
  const told = form.answers;
  form.purpose ||= "visit";
  const text = (/** @type {string} */ key, /** @type {Record<string, any>} */ more = {}) => {
    const box = input(key, told[key] ?? "", { maxlength: "100", ...more });
    box.addEventListener("input", () => { told[key] = box.value; form.began ||= Date.now(); });
    return box;
  };
  const temperature = input("temperature", form.temperature, { inputmode: "decimal", maxlength: "5" });
  temperature.addEventListener("input", () => { form.temperature = temperature.value; });
  const enter = async () => {
    const asked = answers(app, form);
    if (asked === null) return;
    const hot = typeof asked.temperature_c === "number" && asked.temperature_c >= now.taken.fever_c;
    const { n_persons, temperature_c, seconds } = asked;
    const kept = await saved(app, now, form, {
      kind: "visitor", outcome: hot ? "held" : "entered",
      payload: { n_persons, temperature_c, seconds, purpose: form.purpose },
      details: { names: told.names ?? "", phone: told.phone ?? "", note: told.door ?? "" },
    });
    if (kept) light.sign(hot ? "amber" : "green");
  };
  fill(root, heading(t("Visitors")),
    guests(app, now),
    h("p", null, t("Names, telephone and door are sealed on this phone and gone after 14 days.")),
    labelled("names", t("Names"), text("names")),
    labelled("phone", t("Telephone"), text("phone", { inputmode: "tel", maxlength: "20" })),
    labelled("door", t("To which door?"), text("door")),
    h("div", { class: "pair" }, labelled("temperature", t("Temperature °C"), temperature),
      labelled("persons", t("Persons"), stepper(form))),
    choice("purpose", t("Why?"), [
      { key: "visit", label: t("Visit") }, { key: "work", label: t("Work") }, { key: "supply", label: t("Supplies") },
      { key: "medical", label: t("Medical") }, { key: "official", label: t("Official") },
    ], form.purpose, (key) => { form.purpose = key; }));
  app.foot(button(t("Came in"), enter, { class: "primary" }), button(t("Back"), () => app.go("gate")));
}

/** @param {Record<string, any>} app @param {import("./book.js").Book} now */
function guests(app, now) {
  const inside = book.inside(now);
  if (inside.length === 0) return h("p", null, t("Nobody is inside."));
  const leave = async (/** @type {any} */ one) => {
    await book.keep(app, now, { kind: "visitor", outcome: "left", subject: one.record.subject.id, area: one.record.area });
    app.refresh();
  };
  return h("ul", { class: "guests" }, ...inside.map((one) => {
    const since = clockTime(one.record.observed_at);
    const words = t("{n} inside since {time}", { n: one.record.payload.n_persons ?? 1, time: since });
    return h("li", null, h("span", null, words), button(t("Left"), () => leave(one), { "aria-label": t("Left: {who}", { who: words }) }));
  }));
}

/** A patrol: how long, how many were spoken to. */
export const patrol = {
  /**
   * @param {HTMLElement} root
   * @param {Record<string, string>} _params
   * @param {Record<string, any>} app
   */
  async show(root, _params, app) {
    const now = await book.open(app);
    if (!now?.shift) return app.go("gate", {}, { replace: true });
    const told = app.kept("patrol", { minutes: "30", n_told: "0", how: "on_foot" });
    const box = (/** @type {"minutes" | "n_told"} */ key) => {
      const made = input(key, told[key], { inputmode: "numeric", maxlength: "4" });
      made.addEventListener("input", () => { told[key] = made.value; });
      return made;
    };
    const save = async (/** @type {string} */ outcome) => {
      const [minutes, n_told] = [readNumber(told.minutes), readNumber(told.n_told)];
      if (typeof minutes !== "number" || minutes < 1 || typeof n_told !== "number") return app.say(t("Type numbers."));
      await book.keep(app, now, {
        kind: "patrol", outcome, payload: { minutes: Math.floor(minutes), n_told: Math.floor(n_told), how: told.how },
      });
      app.forget("patrol");
      app.go("gate", {}, { replace: true });
      app.say(t("The patrol is saved."));
    };
    fill(root, heading(t("Note a patrol")),
      h("div", { class: "pair" }, labelled("minutes", t("Minutes"), box("minutes")),
        labelled("n_told", t("People spoken to"), box("n_told"))));
    app.foot(button(t("Nothing found"), () => save("clear"), { class: "primary" }),
      button(t("Trouble found"), () => save("found")), button(t("Back"), () => app.go("gateshift")));
  },
};
