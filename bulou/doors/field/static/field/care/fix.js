// @ts-check
// A finding that my unit has to put right: what was done, with photos. Somebody else looks at it again.

import { button, clockTime, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { keep } from "../photo.js";
import { standing } from "../record.js";
import { notSaved } from "../saving.js";
import { say, t } from "../words.js";
import { gather, outcomeOf } from "./work.js";

const KEYS = ["evidence", "photos", "note"];

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const one = held.fixes.find((each) => each.id === params.id);
  const protocol = [...held.protocols.values()].find((each) => each.slug === "finding-closure");
  const fixed = outcomeOf(protocol, "fixed");
  if (!one || !fixed) {
    root.append(heading(t("This is not on the list of this phone")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return;
  }
  const name = `fix:${one.id}`;
  const kept = app.kept(name, { outcome: "fixed", answers: {}, tried: false });
  const view = formView(protocol, kept, { keys: KEYS, app });
  let saving = false;
  root.append(heading(one.text),
    h("p", null, [one.place, one.due_at && t("Due {time}", { time: clockTime(one.due_at) })].filter(Boolean).join(" · ")),
    one.told ? standing(one.told) : view.root);
  app.foot(button(t("Back"), () => app.go("care")), !one.told && button(say(fixed.label), save, { class: "primary" }));

  async function save() {
    if (saving || !view.check()) return;
    saving = true;
    try {
      await keep(app, {
        kind: fixed.record, subject: { type: "finding", id: one?.id }, outcome: "fixed", payload: view.payload(),
        protocol: protocol.reference, area: one?.path,
      });
    } catch (error) {
      saving = false;
      notSaved(root, error);
      return;
    }
    app.forget(name);
    app.say(t("Saved: {outcome}", { outcome: say(fixed.label) }));
    app.go("care", {}, { replace: true });
  }
}
