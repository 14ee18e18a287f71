// @ts-check
// One object: agent, mg/L, area, amount, contact time; what the guidance advises against is said at once.

import { button, fill, focusOn, h, heading } from "../dom.js";
import { formView, implied, outcomeFor } from "../form_view.js";
import { gather, mark } from "../list.js";
import { keep } from "../photo.js";
import { standing } from "../record.js";
import { notSaved, recordOf, undo } from "../saving.js";
import { say, t } from "../words.js";
import { warningsView } from "./work.js";

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const task = held.all.find((one) => one.operation === params.operation && one.subject === params.subject);
  const job = (await app.sync.jobs()).find((/** @type {any} */ one) => one.operation === params.operation && one.subject === params.subject);
  const unit = task ?? (job && { ...job, area: job.path, own: [] });
  const protocol = held.protocols.get(unit?.protocol ?? "");
  if (!unit || !protocol) return app.home();
  const name = `job:${params.operation}:${params.subject}`;
  const kept = app.kept(name, { outcome: "", answers: {}, tried: false, more: false });
  const cautions = warningsView();
  const body = h("div", { class: "form" });
  const place = held.area(unit.area).name;
  root.append(heading(unit.label), h("p", null, place === unit.area ? unit.place : place),
    ...unit.own.map((/** @type {any} */ one) => h("p", null, standing(one))), body, cautions.root);
  let saving = false;
  draw();

  function draw() {
    if (kept.outcome) return drawForm();
    cautions.tell(protocol, {}, "");
    const offered = protocol?.outcomes.filter((/** @type {any} */ one) => one.family !== "moved" && !one.alert) ?? [];
    fill(body, h("section", { class: "outcomes" }, h("h2", null, t("What happened?")), ...offered.map((/** @type {any} */ one) => {
      const state = one.why ?? (one.family === "done" ? "done" : "excused");
      return h("button", { type: "button", class: "outcome", "data-outcome": one.key, "data-state": state, onclick: () => {
        Object.assign(kept, { outcome: one.key, tried: false, answers: { ...last(app, one), ...kept.answers, ...implied(one) } });
        draw();
        scrollTo(0, 0);
        focusOn(body.querySelector("h2"));
      } }, mark(state), h("span", null, say(one.label)));
    })));
    app.foot(button(t("Back to the list"), () => { app.forget(name); app.home(); }));
  }

  function drawForm() {
    const outcome = protocol?.outcomes.find((/** @type {any} */ one) => one.key === kept.outcome);
    const tell = () => cautions.tell(protocol, kept.answers, kept.outcome);
    const keys = protocol?.form.map((/** @type {any} */ one) => one.key).filter((/** @type {string} */ key) => key !== "crew");
    const view = formView(/** @type {any} */ (protocol), kept, { keys, fold: outcome.family !== "done", app, onChange: tell });
    view.root.querySelector(".notes")?.remove(); // said in a place that stays in sight
    fill(body, h("h2", { tabindex: "-1" }, say(outcome.label)), figures(protocol), view.root);
    tell();
    app.foot(button(t("Other outcome"), () => { kept.outcome = ""; draw(); }),
      button(t("Save: {outcome}", { outcome: say(outcome.label) }), () => void save(view), { class: "primary" }));
  }

  /** @param {ReturnType<typeof formView>} view */
  async function save(view) {
    if (saving || !view.check()) return;
    saving = true;
    const payload = view.payload();
    const outcome = outcomeFor(protocol, kept.outcome, payload);
    try {
      const saved = await keep(app, recordOf({ ...unit, path: unit.path }, protocol, outcome, payload));
      remember(app, payload);
      app.forget(name);
      const label = say(protocol?.outcomes.find((/** @type {any} */ one) => one.key === outcome)?.label);
      app.say(t("Saved: {door}, {outcome}", { door: unit.label, outcome: label }),
        { label: t("Undo"), act: () => undo(app, saved.id) });
      app.go("crew", {}, { replace: true });
    } catch (error) {
      saving = false;
      notSaved(root, error);
    }
  }
}

const SAME = ["agent", "method", "target", "concentration_mg_l", "contact_minutes"];

/** The same bucket serves many objects: what was in it stands there to be changed. @param {any} app @param {any} outcome */
function last(app, outcome) {
  return outcome.family === "done" ? { ...app.kept("bucket") } : {};
}

/** @param {any} app @param {Record<string, any>} payload */
function remember(app, payload) {
  const bucket = app.kept("bucket");
  for (const key of SAME) if (payload[key] !== undefined) bucket[key] = payload[key];
}

/** The doses of the guidance, to be read beside the form. @param {any} protocol */
function figures(protocol) {
  if (!protocol.figures?.length) return "";
  return h("details", { class: "more doses" }, h("summary", null, t("Doses of the guidance")),
    h("dl", { class: "answers" }, ...protocol.figures.flatMap((/** @type {any} */ one) => [
      h("dt", null, say(one.label)), h("dd", null, `${one.value} ${one.unit}`)])));
}
