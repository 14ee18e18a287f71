// @ts-check
// One slot of one person: well by one touch of the temperature, ill with what hurts, not seen, not attempted.

import { button, choice, clockTime, fill, h, heading } from "../dom.js";
import { formView, implied, outcomeFor } from "../form_view.js";
import { mark } from "../list.js";
import { recordLine } from "../record.js";
import { say, t } from "../words.js";
import { asks } from "./ask.js";
import { whom } from "./care.js";
import { saved } from "./saving.js";
import { gather, opens, outcomeOf } from "./work.js";

const USUAL = [36.0, 36.1, 36.2, 36.3, 36.4, 36.5, 36.6, 36.7, 36.8, 36.9, 37.0, 37.1, 37.2];
const CHANNELS = ["door", "phone", "wechat"];

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const slot = held.slots.find((one) => one.watch === params.watch && one.slot === params.slot);
  const protocol = held.protocols.get(slot?.protocol ?? "");
  if (!slot || !protocol) {
    root.append(heading(t("This is not on the list of this phone")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return;
  }
  const track = say(protocol.tracks?.find((/** @type {any} */ one) => one.key === slot.track)?.label);
  const name = `slot:${slot.watch}:${slot.slot}`;
  const kept = app.kept(name, { outcome: "", answers: {}, tried: false, channel: "door" });
  const body = h("div", { class: "at-door" });
  root.append(heading(whom(slot)),
    h("p", null, [slot.place, slot.door, track, t("Due {time}", { time: clockTime(slot.due_at) })].filter(Boolean).join(" · ")), body);
  const has = (/** @type {string} */ key) => protocol.form.some((/** @type {any} */ one) => one.key === key);
  const offered = protocol.outcomes.filter((/** @type {any} */ one) => !one.record || one.record === protocol.record);
  const well = offered.find((/** @type {any} */ one) => one.family === "done" && !one.alert);
  const others = offered.filter((/** @type {any} */ one) => one !== well);
  const measured = well?.needs?.includes("temperature_c");
  if (kept.outcome) draw();
  else choices();

  /** @param {string} outcome @param {Record<string, any>} payload */
  async function save(outcome, payload) {
    const told = { ...payload };
    if (has("channel") && told.channel === undefined && kept.channel) told.channel = kept.channel;
    const record = await saved(app, root, {
      type: "watch", id: slot?.watch ?? "", protocol, outcome, payload: told, area: slot?.path ?? "", slot: slot?.slot,
    });
    if (!record) return;
    app.forget(name);
    const alarming = opens(/** @type {any} */ ({ id: record.id, record }), held.protocols);
    if (alarming) app.go("carecase", { id: record.id, new: "yes" }, { replace: true });
    else app.go("care", {}, { replace: true });
  }

  function choices() {
    const fine = (/** @type {number} */ read) => ({ temperature_c: read, ...(has("symptoms") ? { symptoms: ["none"] } : {}) });
    fill(body,
      slot?.told && h("ul", { class: "lines" }, recordLine(slot.told, { protocol }, app)),
      slot?.state === "reported" && h("p", { class: "hint" }, t("The person has reported by itself. It counts when you have seen it.")),
      has("channel") && choice("channel", t("How?"), channels(), kept.channel, (key) => { kept.channel = key; }),
      measured && h("section", { class: "usual", "aria-label": say(well.label) },
        h("h2", null, mark("done"), " ", say(well.label)),
        h("p", { class: "hint" }, t("Touch the temperature in °C: one touch saves.")),
        h("div", { class: "keys temperatures" }, ...USUAL.map((read) => button(read.toFixed(1), () => save(well.key, fine(read)), {
          class: "key", "data-c": read.toFixed(1), "aria-label": t("{c} °C: save as {outcome}", { c: read.toFixed(1), outcome: say(well.label) }),
        })))),
      !measured && well && button(say(well.label), () => save(well.key, {}), { class: "primary", "data-outcome": well.key }),
      h("section", { class: "outcomes" }, ...others.map((/** @type {any} */ one) => outcomeButton(one))));
    if (slot) body.append(asks(app, held.protocols, aboutOf(slot)));
    app.foot(button(t("Back"), () => app.go("care")));
  }

  /** Whom a request or a breach is about: the stay at a site, else the watch. @param {import("./work.js").Slot} one */
  function aboutOf(one) {
    const lives = held.sites.flatMap((site) => site.staying).find((each) => each.watch === one.watch);
    return lives ? { about: lives.stay, type: "stay", path: one.path } : { about: one.watch, type: "watch", path: one.path };
  }

  function channels() {
    const field = protocol.form.find((/** @type {any} */ one) => one.key === "channel");
    return field.choices.filter((/** @type {any} */ one) => CHANNELS.includes(one.key))
      .map((/** @type {any} */ one) => ({ key: one.key, label: say(one.label) }));
  }

  /** @param {any} outcome */
  function outcomeButton(outcome) {
    const state = outcome.alert ? "absent" : outcome.why ?? "done";
    const quiet = outcome.family !== "done" && !outcome.needs?.length; // not seen, not attempted: nothing more is asked
    return h("button", { type: "button", class: "outcome", "data-outcome": outcome.key, "data-state": state, onclick: () => {
      if (quiet) return void save(outcome.key, {});
      Object.assign(kept, { outcome: outcome.key, answers: { ...kept.answers, ...implied(outcome) } });
      return draw();
    } }, mark(outcome.alert ? "attention" : state), h("span", null, say(outcome.label)),
    outcome.alert && h("small", null, t("37.3 °C or more, or something hurts")));
  }

  function draw() {
    const outcome = outcomeOf(protocol, kept.outcome);
    const view = formView(protocol, kept, { app, keys: protocol.form.map((/** @type {any} */ one) => one.key) });
    fill(body, h("h2", { tabindex: "-1" }, mark(outcome.alert ? "attention" : "done"), say(outcome.label)), view.root);
    app.foot(button(t("Other outcome"), () => { kept.outcome = ""; choices(); }),
      button(t("Save: {outcome}", { outcome: say(outcome.label) }), () => {
        if (view.check()) void save(outcomeFor(protocol, kept.outcome, view.payload()), view.payload());
      }, { class: "primary" }));
  }
}
