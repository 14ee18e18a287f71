// @ts-check
// An open case: its steps with their times, and what I have done of them. It stays open until others close it.

import { button, clockTime, fill, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { mark } from "../list.js";
import { say, t } from "../words.js";
import { follow } from "./care.js";
import { saved } from "./saving.js";
import { gather, outcomeOf } from "./work.js";

/** @typedef {import("./work.js").Step} Step */

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const one = held.cases.find((each) => each.id === params.id);
  const protocol = held.protocols.get(one?.protocol ?? "");
  if (!one || !protocol) {
    root.append(heading(t("This case is closed, or it is not on this phone")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return undefined;
  }
  const kept = app.kept(`case:${one.id}`, { outcome: "", answers: {}, tried: false });
  const body = h("div");
  root.append(heading(say(protocol.titles)),
    params.new && h("p", { class: "fever", role: "alert" }, t("37.3 °C or more, or something hurts: this is what happens next. It stays open until the hospital has said what it is.")),
    h("p", null, [one.place, t("Number …{end}", { end: one.who.slice(-6) }), t("since {time}", { time: clockTime(one.opened_at) })].filter(Boolean).join(" · ")),
    body);
  if (kept.outcome) form();
  else steps();
  return follow(app);

  function steps() {
    fill(body, h("ol", { class: "lines steps" }, ...(one?.steps ?? []).map(stepLine)));
    app.foot(button(t("Back"), () => app.go("care"), { class: params.new ? null : "primary" }));
  }

  /** @param {Step} step */
  function stepLine(step) {
    const rule = protocol.steps.find((/** @type {any} */ each) => each.key === step.key);
    const state = step.settled_at ? "done" : "untried";
    const time = { time: clockTime(step.settled_at ?? step.due_at) };
    const late = !step.settled_at && Date.parse(step.due_at) < app.session.now();
    const when = step.settled_at ? t("done at {time}", time) : late ? t("Due since {time}", time) : step.due_at && t("Due {time}", time);
    const others = rule.not_same?.length > 0 && (one?.mine || !one?.may_close);
    return h("li", { "data-step": step.key, "data-state": state },
      h("p", null, mark(state), " ", h("b", null, say(rule.label)), " ", h("small", { class: late ? "late" : null }, when)),
      !step.settled_at && (others ? h("p", { class: "hint" }, t("Somebody of another team says this."))
        : h("div", { class: "acts" }, ...rule.outcomes.map((/** @type {string} */ key) => outcomeButton(key)))));
  }

  /** @param {string} key */
  function outcomeButton(key) {
    const outcome = outcomeOf(protocol, key);
    return button(say(outcome.label), () => {
      if (!outcome.needs?.length) return void save(key, {});
      Object.assign(kept, { outcome: key, tried: false });
      return form();
    }, { "data-outcome": key });
  }

  function form() {
    const outcome = outcomeOf(protocol, kept.outcome);
    const view = formView(protocol, kept, { app });
    fill(body, h("h2", { tabindex: "-1" }, say(outcome.label)), view.root);
    app.foot(button(t("Back"), () => { kept.outcome = ""; steps(); }),
      button(t("Save: {outcome}", { outcome: say(outcome.label) }), () => {
        if (view.check()) void save(kept.outcome, view.payload());
      }, { class: "primary" }));
  }

  /** @param {string} outcome @param {Record<string, any>} payload */
  async function save(outcome, payload) {
    app.forget(`case:${one?.id}`);
    await saved(app, root, { type: "case", id: one?.id ?? "", protocol, outcome, payload, area: one?.path ?? "" });
  }
}
