// @ts-check
// Other eyes: a job of another crew is looked at, and passed or sent back.

import { button, choice, clockTime, fill, focusOn, h, heading } from "../dom.js";
import { answersView } from "../form_view.js";
import { gather } from "../list.js";
import { standing } from "../record.js";
import { notSaved } from "../saving.js";
import { say, t } from "../words.js";
import { signed } from "./work.js";

const OWN_TEAM = "disinfection.own_team"; // what the server would answer

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const one = signed(await app.sync.jobs(), held.own)
    .find((job) => job.operation === params.operation && job.subject === params.subject);
  const protocol = held.protocols.get(one?.protocol ?? "");
  if (!one || !protocol) return app.home();
  const name = `signoff:${one.operation}:${one.subject}`;
  const kept = app.kept(name, { verdict: "", note: "" });
  const { agent, method, concentration_mg_l, area_m2, litres } = one;
  const said = new Set(one.cautions);
  const body = h("div", { class: "form" });
  root.append(heading(one.label), h("p", null, [one.place, one.team, clockTime(one.done_at)].filter(Boolean).join(" · ")),
    answersView(/** @type {any} */ (protocol), { agent, method, concentration_mg_l, area_m2, litres: litres || null }),
    h("div", { class: "cautions" }, ...protocol.warnings.filter((/** @type {any} */ each) => said.has(each.key))
      .map((/** @type {any} */ each) => h("p", { "data-warning": each.key }, say(each.label)))), body);
  const back = button(t("Back to the list"), () => { app.forget(name); app.home(); });
  if (one.settled || one.own_work) {
    fill(body, one.settled ? standing(/** @type {any} */ (one.settled))
      : h("p", { class: "not-saved", role: "note" }, t(`problem:${OWN_TEAM}`)));
    app.foot(back);
    return;
  }
  const problem = h("p", { class: "problem", role: "alert" });
  const note = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "note", rows: 2, maxlength: 100, value: kept.note,
    oninput: () => { kept.note = note.value; } }));
  fill(body, h("div", { class: "question" },
    choice("verdict", t("Is the work as it should be?"), [{ key: "passed", label: t("Yes, signed off") }, { key: "failed", label: t("No, do it again") }],
      kept.verdict, (key) => { kept.verdict = key; problem.textContent = ""; }), problem),
  h("div", { class: "labelled" }, h("label", { for: "note" }, t("What was seen?"), h("small", null, ` ${t("if known")}`)), note));
  let saving = false;
  app.foot(back, button(t("Save the sign-off"), () => void save(), { class: "primary" }));

  async function save() {
    if (!kept.verdict) {
      problem.textContent = t("This must be answered.");
      return focusOn(body.querySelector("input"));
    }
    if (saving || !one) return undefined;
    saving = true;
    try {
      await app.outbox.add({
        kind: "disinfection.signoff", operation: one.operation, subject: { type: one.subject_type, id: one.subject },
        outcome: kept.verdict, payload: kept.note.trim() ? { note: kept.note.trim() } : {}, protocol: one.protocol, area: one.path,
      });
    } catch (error) {
      saving = false;
      return notSaved(root, error);
    }
    app.forget(name);
    app.say(kept.verdict === "passed" ? t("Signed off.") : t("Sent back to be done again."));
    app.home();
    return undefined;
  }
}
