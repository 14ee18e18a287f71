// @ts-check
// A visit along the checklist of the protocol, open or secret. What is not in order becomes a finding of its own.

import { button, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { notSaved } from "../saving.js";
import { say, t } from "../words.js";
import { placePicker } from "./places.js";
import { gather, isCovert } from "./work.js";

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const held = await gather(app);
  const form = held.visit;
  if (!form) return app.home();
  const kept = app.kept("checklist", { path: "", outcome: "done", answers: {}, tried: false, more: false });
  const secret = h("p", { class: "secret", role: "status" });
  const picker = placePicker(held.places, kept);
  const keys = form.body.form.map((/** @type {any} */ one) => one.key).filter((/** @type {string} */ key) => key !== "planned_for");
  const view = formView(form.body, kept, { keys, app, onChange: tell });
  root.append(heading(t("New visit")), picker.root, secret, view.root);
  tell();
  let saving = false;
  app.foot(button(t("Cancel"), () => { app.forget("checklist"); app.home(); }),
    button(t("Save the visit"), () => void save(), { class: "primary" }));

  function tell() {
    const text = isCovert(kept.answers) ? t("Secret visit: the inspected see nothing of it before they are told.") : "";
    if (secret.textContent !== text) secret.textContent = text;
  }

  async function save() {
    if (saving || !picker.check() || !view.check() || !form) return;
    saving = true;
    const payload = view.payload();
    const id = app.outbox.uuid7();
    try {
      await app.outbox.add({
        kind: "supervision.inspection", subject: { type: "inspection", id }, outcome: "done",
        payload: { ...payload, covert: isCovert(payload) }, protocol: form.reference, area: kept.path,
      });
    } catch (error) {
      saving = false;
      return notSaved(root, error);
    }
    const missing = form.body.form.filter((/** @type {any} */ one) => (one.alert_on ?? []).includes(payload[one.key]));
    const loose = app.kept("loose", { list: [] });
    loose.list = [...loose.list, ...missing.map((/** @type {any} */ one) => ({
      key: `${id}:${one.key}`, label: say(one.label), path: kept.path, inspection: id,
      methods: payload.methods, covert: isCovert(payload),
    }))];
    app.forget("checklist");
    app.say(missing.length ? t("Saved. Not in order: {n}", { n: missing.length }) : t("Saved. Everything was in order."));
    app.go("inspect", {}, { replace: true });
  }
}
