// @ts-check
// One finding: where, what, how bad, who should put it right, by when, with a photo.

import { button, clockTime, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { keep } from "../photo.js";
import { notSaved } from "../saving.js";
import { t } from "../words.js";
import { placeNames, placePicker } from "./places.js";
import { dueAt, gather, isCovert } from "./work.js";

const KEYS = ["severity", "text", "photos", "responsible", "kind", "methods", "covert"];

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const form = held.finding;
  if (!form) return app.home();
  const loose = app.kept("loose", { list: [] });
  const from = loose.list.find((/** @type {any} */ one) => one.key === params.loose);
  const name = `finding:${params.loose ?? ""}`;
  const kept = app.kept(name, {
    path: from?.path ?? "", outcome: "found", tried: false, more: false,
    answers: from ? { text: from.label, methods: from.methods, covert: from.covert } : {},
  });
  const due = h("p", { class: "due", role: "status" });
  const picker = from ? null : placePicker(held.places, kept);
  const view = formView(form.body, kept, { keys: KEYS, fold: false, app, onChange: tell });
  root.append(heading(t("Note a finding")),
    picker ? picker.root : h("p", { class: "chosen" }, placeNames(held.places)(kept.path)), due, view.root);
  tell();
  let saving = false;
  app.foot(button(t("Cancel"), () => { app.forget(name); app.home(); }),
    button(t("Save the finding"), () => void save(), { class: "primary" }));

  function tell() {
    const at = kept.answers.severity ? dueAt(form?.body, kept.answers.severity, app.session.now()) : null;
    const lines = [at && t("To be put right by {time}", { time: clockTime(at) }),
      isCovert(kept.answers) && t("Not shown to the inspected before they are told.")];
    const text = lines.filter(Boolean).join(" · ");
    if (due.textContent !== text) due.textContent = text;
  }

  async function save() {
    if (saving || (picker && !picker.check()) || !view.check() || !form) return;
    saving = true;
    const payload = view.payload();
    const about = from ? { inspection: from.inspection } : {};
    try {
      await keep(app, {
        kind: "supervision.finding", subject: { type: "finding", id: app.outbox.uuid7() }, outcome: "found",
        payload: { ...payload, ...about, covert: isCovert(payload) }, protocol: form.reference, area: kept.path,
      });
    } catch (error) {
      saving = false;
      return notSaved(root, error);
    }
    loose.list = loose.list.filter((/** @type {any} */ one) => one !== from);
    app.forget(name);
    app.say(t("The finding is saved. Next: tell the unit."));
    app.go("inspect", {}, { replace: true });
  }
}
