// @ts-check
// Something is needed, or a rule was broken: a case that a team works on, told from where one stands.

import { button, h, heading } from "../dom.js";
import { formView } from "../form_view.js";
import { say, t } from "../words.js";
import { saved } from "./saving.js";
import { gather } from "./work.js";

/** What is asked, by protocol. @type {Record<string, {keys: string[], word: () => string}>} */
const WHAT = {
  "supply-request": { keys: ["need", "items", "paid_by", "note"], word: () => t("Something is needed") },
  "isolation-breach": { keys: ["breach", "note"], word: () => t("A rule was broken") },
};

/**
 * The ways to ask, where the phone has their forms.
 * @param {any} app
 * @param {Map<string, any>} protocols
 * @param {{about: string, type: string, path: string}} about
 */
export function asks(app, protocols, about) {
  const there = [...protocols.values()].filter((one) => one.slug in WHAT);
  return h("div", { class: "acts asks" }, ...there.map((one) => button(WHAT[one.slug].word(),
    () => app.go("careask", { what: one.slug, ...about }), { "data-ask": one.slug })));
}

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const protocol = [...held.protocols.values()].find((one) => one.slug === params.what);
  const what = WHAT[params.what];
  if (!protocol || !what) {
    root.append(heading(t("This is not on the list of this phone")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return;
  }
  const name = `ask:${params.what}:${params.about}`;
  const kept = app.kept(name, { outcome: "opened", answers: {}, tried: false });
  const view = formView(protocol, kept, { keys: what.keys, app });
  let saving = false;
  root.append(heading(what.word()), h("p", { class: "hint" }, say(protocol.purpose)), view.root);
  app.foot(button(t("Back"), () => app.back()), button(t("Ask for it"), async () => {
    if (saving || !view.check()) return;
    saving = true;
    const payload = { ...view.payload(), about: params.about, about_type: params.type };
    const record = await saved(app, root, { type: "case", id: app.outbox.uuid7(), protocol, outcome: "opened", payload, area: params.path });
    saving = false;
    if (!record) return;
    app.forget(name);
    app.go("care", {}, { replace: true });
  }, { class: "primary", id: "ask" }));
}
