// @ts-check
// A finding that waits: told to its unit, or looked at again by somebody who neither fixed nor owns it.

import { button, choice, clockTime, fill, focusOn, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { keep } from "../photo.js";
import { standing } from "../record.js";
import { notSaved } from "../saving.js";
import { say, t } from "../words.js";
import { gather } from "./work.js";

const OWN_WORK = "supervision.own_work"; // what the server would answer

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const one = held.findings.find((finding) => finding.id === params.id);
  const form = held.finding;
  if (!one || !form) return app.home();
  const told = one.stage === "found";
  const name = `recheck:${one.id}`;
  const kept = app.kept(name, { outcome: told ? "told" : "", answers: told && one.unit ? { unit: one.unit } : {}, tried: false, more: false });
  const body = h("div", { class: "form" });
  fill(root, heading(one.text), h("p", null, [one.place, one.unit].filter(Boolean).join(" · ")),
    one.fixed_at && h("section", { class: "shows" }, h("h2", null, t("Put right {time}", { time: clockTime(one.fixed_at) })),
      h("ul", null, ...one.evidence.map((text) => h("li", null, text)),
        one.photos.length > 0 && h("li", null, t("Photos at the office: {n}", { n: one.photos.length })))), body);
  let saving = false;
  draw();

  function draw() {
    const back = button(t("Back"), () => { app.forget(name); app.home(); });
    if (one?.settled) {
      fill(body, standing(/** @type {any} */ (one.settled)));
      app.foot(back);
    } else if (one?.own_work) {
      fill(body, h("p", { class: "not-saved", role: "note" }, t(`problem:${OWN_WORK}`)));
      app.foot(back);
    } else if (told) drawForm(["unit", "note"], t("They were told"), back);
    else drawVerdict(back);
  }

  /** @param {HTMLElement} back */
  function drawVerdict(back) {
    const outcomes = form?.body.outcomes.filter((/** @type {any} */ each) => each.record === "supervision.recheck") ?? [];
    const problem = h("p", { class: "problem", role: "alert" });
    const asked = choice("verdict", t("Is it right now?"),
      outcomes.map((/** @type {any} */ each) => ({ key: each.key, label: say(each.label) })), kept.outcome, (key) => {
        kept.outcome = key;
        kept.tried = false;
        draw();
        focusOn(body.querySelector(`input[value="${key}"]`));
      });
    const view = kept.outcome ? formView(form?.body, kept, { keys: ["note", "photos"], app }) : null;
    fill(body, h("div", { class: "question" }, asked, problem), view?.root ?? "");
    app.foot(back, button(t("Save the re-check"), () => {
      if (view) return void save(view);
      problem.textContent = t("This must be answered.");
      return focusOn(body.querySelector("input"));
    }, { class: "primary" }));
  }

  /**
   * @param {string[]} keys
   * @param {string} act
   * @param {HTMLElement} back
   */
  function drawForm(keys, act, back) {
    const view = formView(form?.body, kept, { keys, app });
    fill(body, view.root);
    app.foot(back, button(act, () => void save(view), { class: "primary" }));
  }

  /** @param {ReturnType<typeof formView>} view */
  async function save(view) {
    if (saving || !view.check()) return;
    saving = true;
    const outcome = form?.body.outcomes.find((/** @type {any} */ each) => each.key === kept.outcome);
    try {
      await keep(app, {
        kind: outcome.record, subject: { type: "finding", id: one?.id }, outcome: kept.outcome,
        payload: view.payload(), protocol: form?.reference, area: one?.path,
      });
    } catch (error) {
      saving = false;
      return notSaved(root, error);
    }
    app.forget(name);
    app.say(t("Saved: {door}, {outcome}", { door: one?.text ?? "", outcome: say(outcome.label) }));
    app.go("inspect", {}, { replace: true });
  }
}
