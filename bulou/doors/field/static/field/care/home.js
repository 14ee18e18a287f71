// @ts-check
// The entry check of a home before isolation there begins: fit when every point holds, else a site is found.

import { button, clockTime, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { recordLine } from "../record.js";
import { say, t } from "../words.js";
import { asks } from "./ask.js";
import { saved } from "./saving.js";
import { gather, outcomeOf } from "./work.js";

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const home = held.homes.find((one) => one.dwelling === params.id);
  const protocol = [...held.protocols.values()].find((one) => one.slug === "home-entry-check");
  if (!home || !protocol) {
    root.append(heading(t("This is not on the list of this phone")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return;
  }
  const points = protocol.form.filter((/** @type {any} */ one) => one.type === "bool").map((/** @type {any} */ one) => one.key);
  const name = `home:${home.dwelling}`;
  const kept = app.kept(name, { outcome: "unsuitable", answers: {}, tried: false });
  const go = button("", () => void save(), { class: "primary", id: "check" });
  const view = formView(protocol, kept, { app, onChange: () => judge() });
  let saving = false;
  root.append(heading([home.place, home.door].filter(Boolean).join(" · ")),
    h("p", null, [t("{n} persons", { n: home.persons }), t("Due {time}", { time: clockTime(home.due_at) })].join(" · ")),
    h("p", { class: "hint" }, say(protocol.purpose)),
    home.told ? h("ul", { class: "lines" }, recordLine(home.told, { protocol }, app)) : "",
    view.root, asks(app, held.protocols, { about: home.dwelling, type: "dwelling", path: home.path }));
  judge();
  app.foot(button(t("Back"), () => app.go("care")), go);

  /** Fit only with every point; the button says what it will be. */
  function judge() {
    kept.outcome = points.every((/** @type {string} */ key) => kept.answers[key] === true) ? "suitable" : "unsuitable";
    go.textContent = t("Save: {outcome}", { outcome: say(outcomeOf(protocol, kept.outcome)?.label) });
  }

  async function save() {
    judge();
    if (saving || !view.check()) return;
    saving = true;
    const record = await saved(app, root, {
      type: /** @type {any} */ ("dwelling"), id: home?.dwelling ?? "", protocol, outcome: kept.outcome, payload: view.payload(), area: home?.path ?? "",
    });
    saving = false;
    if (!record) return;
    app.forget(name);
    app.go("care", {}, { replace: true });
  }
}
