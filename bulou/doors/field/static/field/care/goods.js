// @ts-check
// Goods that nobody has announced: counted at the door and accepted by the slip that both sides have signed.

import { button, h, heading } from "../dom.js";
import { notSaved } from "../saving.js";
import { t } from "../words.js";
import { gather } from "./work.js";

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const site = held.sites.find((one) => one.id === params.site);
  const protocol = [...held.protocols.values()].find((one) => one.slug === "goods-handover");
  if (!site || !protocol) {
    root.append(heading(t("This is not on the list of this phone")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return;
  }
  const problem = h("p", { class: "problem", role: "alert" });
  const from = field("from", t("From which store or firm? No name of a person"));
  const pieces = field("pieces", t("How many pieces?"), { inputmode: "numeric", maxlength: "4" });
  const slip = field("slip", t("Number of the slip"), { maxlength: "40" });
  let saving = false;
  root.append(heading(t("Goods have come")), h("p", null, site.name), from.line, pieces.line, slip.line, problem);
  app.foot(button(t("Back"), () => app.go("care")), button(t("Accept the goods"), () => void accept(), { class: "primary", id: "accept" }));

  async function accept() {
    const n = Number(pieces.box.value.normalize("NFKC").trim());
    const [giver, paper] = [from.box.value.trim(), slip.box.value.trim()];
    problem.textContent = !giver || !paper || !Number.isInteger(n) || n < 1 ? t("Say from where, how many, and the number of the slip.") : "";
    if (saving || problem.textContent) return;
    saving = true;
    const chain = { subject: { type: "custody", id: app.outbox.uuid7() }, protocol: protocol.reference, area: site?.path };
    const legs = [{ from: { path: site?.path, unit: giver }, to: { path: site?.path, unit: site?.name } }];
    const items = [{ id: app.outbox.uuid7(), type: "goods", n }];
    try {
      const opened = await app.outbox.add({ ...chain, kind: "custody.opened", outcome: "requested", payload: { items, legs } });
      const came = await app.outbox.add({ ...chain, kind: "custody.received", outcome: "accepted", payload: { leg: 1, count: 1, slip: paper } });
      app.say(t("Accepted: {n} pieces", { n }), { label: t("Undo"), act: async () => {
        for (const one of [came, opened]) await app.outbox.undo(one.id);
        app.say(t("Taken back"));
      } });
      app.go("care", {}, { replace: true });
    } catch (error) {
      saving = false;
      notSaved(root, error);
    }
  }
}

/** @param {string} id @param {string} label @param {Record<string, any>} [more] */
function field(id, label, more = {}) {
  const box = /** @type {HTMLInputElement} */ (h("input", { id, autocomplete: "off", maxlength: "60", ...more }));
  return { box, line: h("div", { class: "labelled" }, h("label", { for: id }, label), box) };
}
