// @ts-check
// What a passage still needs when it is not simply let through: why turned back, to whom handed over, measured again.

import { button, choice, clockTime, fill, h, heading } from "../dom.js";
import { readNumber } from "../controls.js";
import { t } from "../words.js";
import * as book from "./book.js";
import { answers, choicesOf, input, labelled, saved } from "./form.js";
import * as light from "./light.js";

/** @typedef {import("./book.js").Book} Book */

/** @param {Record<string, any>} app @param {Record<string, any>} form */
function cancel(app, form) {
  return button(t("Back"), () => { form.step = ""; form.answers = {}; app.refresh(); });
}

const REASONS = () => [
  { key: "no_pass", label: t("No valid pass") }, { key: "outside_vehicle", label: t("From outside") },
  { key: "rule_used_up", label: t("Exits used up") }, { key: "fever", label: t("Fever") },
  { key: "will_not", label: t("Does not want to be noted or measured") }, { key: "road_closed", label: t("Road closed") },
];
const PLACES = () => [
  { key: "back", label: t("Back home") }, { key: "other_gate", label: t("Another gate") },
  { key: "community_office", label: t("The community office") }, { key: "fever_clinic", label: t("The fever clinic") },
];

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} app
 * @param {Book} now
 * @param {Record<string, any>} form
 */
export async function turnBack(root, app, now, form) {
  const protocols = await app.sync.protocols();
  const offered = (/** @type {string} */ key, /** @type {() => any[]} */ usual) => {
    const found = choicesOf(protocols, key);
    return found.length ? found : usual();
  };
  form.answers.told ??= "back";
  const save = async () => {
    const told = answers(app, form);
    if (told === null) return;
    if (!form.answers.reason) return app.say(t("Choose why."));
    const { reason, told: where } = form.answers;
    await saved(app, now, form, {
      kind: "passage", outcome: "turned_back", payload: { ...told, reason, told: where }, details: { plate: form.plate },
    });
    light.sign("red");
  };
  fill(root, heading(t("Turn back")),
    choice("reason", t("Why?"), offered("reason", REASONS), form.answers.reason, (key) => { form.answers.reason = key; }),
    choice("told", t("Told to go to"), offered("told", PLACES), form.answers.told, (key) => { form.answers.told = key; }));
  app.foot(button(t("Turn back"), save, { class: "primary" }), cancel(app, form));
}

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} app
 * @param {Book} now
 * @param {Record<string, any>} form
 */
export function handOver(root, app, now, form) {
  const told = form.answers;
  const select = /** @type {HTMLSelectElement} */ (h("select", { id: "to", onchange: () => { told.to = select.value; } },
    h("option", { value: "" }, t("Choose …")),
    ...now.taken.receivers.map((/** @type {[string, string]} */ [path, name]) => h("option", { value: path }, name))));
  select.value = told.to ?? "";
  const text = (/** @type {string} */ key, /** @type {Record<string, any>} */ more = {}) => {
    const box = input(key, told[key] ?? "", { maxlength: "100", ...more });
    box.addEventListener("input", () => { told[key] = box.value; });
    return box;
  };
  const save = async () => {
    const asked = answers(app, form);
    if (asked === null) return;
    if (!told.to) return app.say(t("Choose who receives them."));
    await saved(app, now, form, {
      kind: "passage", outcome: "handed_over", payload: { ...asked, to: told.to },
      details: { plate: form.plate, names: told.names ?? "", phone: told.phone ?? "", origin: told.from ?? "" },
    });
    light.sign("amber");
  };
  fill(root, heading(t("Hand over")),
    h("p", null, t("Names, telephone and plate are sealed on this phone and gone after 14 days.")),
    labelled("to", t("Who receives them?"), select),
    labelled("names", t("Names"), text("names")),
    labelled("phone", t("Telephone"), text("phone", { inputmode: "tel", maxlength: "20" })),
    labelled("from", t("Comes from"), text("from")));
  app.foot(button(t("Hand over"), save, { class: "primary" }), cancel(app, form));
}

/**
 * The second measurement, under the arm.
 * @param {HTMLElement} root
 * @param {Record<string, string>} params
 * @param {Record<string, any>} app
 */
export async function show(root, params, app) {
  const now = await book.open(app);
  const one = now && book.held(now).find((held) => held.record.subject.id === params.id);
  if (!now || !one) return app.go("gate", {}, { replace: true });
  const box = input("recheck", "", { inputmode: "decimal", maxlength: "5", enterkeyhint: "done" });
  const save = async () => {
    const read = readNumber(box.value);
    if (typeof read !== "number" || read < 30 || read > 45) return app.say(t("This is no temperature: {text}", { text: box.value }));
    const fever = read >= now.taken.fever_c;
    await book.keep(app, now, {
      kind: "recheck", outcome: fever ? "referred" : "admitted", payload: { recheck_c: read }, subject: params.id, area: one.record.area,
    });
    app.go("gate", {}, { replace: true });
    light.show(root, {
      light: fever ? "red" : "green", word: fever ? t("To the fever clinic") : t("Let through"),
      lines: [fever ? t("Report it, call 120, disinfect where the person was.") : `${read} °C`],
      acts: [{ label: t("Understood"), act: () => {} }],
    });
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); void save(); }
  });
  fill(root, heading(t("Measure again")),
    h("p", null, t("Held since {time} with {c} °C. Measure under the arm, with a mercury thermometer.", {
      time: clockTime(one.record.observed_at), c: one.record.payload.temperature_c ?? "?",
    })),
    labelled("recheck", t("Temperature °C"), box));
  app.foot(button(t("Save"), save, { class: "primary" }), button(t("Back"), () => app.go("gate")));
  box.focus();
}
