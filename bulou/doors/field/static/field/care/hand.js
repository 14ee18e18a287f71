// @ts-check
// A hand-over from my side: counted and given, or accepted, refused, short. Until the receiver accepts, the giver answers.

import { button, clockTime, fill, h, heading } from "../dom.js";
import { say, t } from "../words.js";
import { LEGS } from "./care.js";
import { saved } from "./saving.js";
import { gather } from "./work.js";

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  const chain = held.chains.find((one) => one.id === params.id);
  const protocol = held.protocols.get(chain?.protocol ?? "");
  if (!chain?.leg || !protocol || chain.side === "") {
    root.append(heading(t("Nothing is left to do here")));
    app.foot(button(t("Back"), () => app.go("care"), { class: "primary" }));
    return;
  }
  const leg = chain.leg;
  const name = `hand:${chain.id}:${leg.n}`;
  const kept = app.kept(name, { step: "", missing: /** @type {string[]} */ ([]), vehicle: "", slip: "", reason: "" });
  const all = chain.items.length;
  const body = h("div", { class: "form" });
  root.append(heading(say(protocol.titles)),
    h("p", null, t("{giver} hands over to {receiver}", { giver: leg.giver, receiver: leg.receiver })),
    h("p", null, [LEGS[leg.state]?.(), t("{n} persons or lots", { n: all }), leg.vehicle,
      leg.due_at && t("Due {time}", { time: clockTime(leg.due_at) })].filter(Boolean).join(" · ")),
    leg.reason && h("p", { class: "hint" }, leg.reason), body);
  draw();

  function draw() {
    if (chain?.side === "give") give();
    else if (kept.step === "short") short();
    else if (kept.step === "refuse") refuse();
    else receive();
  }

  function give() {
    fill(body, names(), field("vehicle", t("Vehicle"), 20), slip());
    app.foot(button(t("Back"), () => app.go("care")),
      button(t("They have left: {n}", { n: all }), () => save("departed", { count: all, vehicle: kept.vehicle }), { class: "primary" }));
  }

  function receive() {
    fill(body, names(),
      leg.state === "requested" && h("p", { class: "hint" }, t("The giver has not said yet that they have left. With the number of the signed slip you may accept all the same.")),
      slip(),
      h("div", { class: "acts" },
        button(t("Somebody is missing"), () => { kept.step = "short"; draw(); }),
        button(t("Refuse"), () => { kept.step = "refuse"; draw(); })));
    app.foot(button(t("Back"), () => app.go("care")),
      button(t("All are here: accept {n}", { n: all }), () => save("accepted", { count: all }), { class: "primary" }));
  }

  /** Who is named as missing stays with the giver. */
  function short() {
    const accept = button("", () => save("accepted", { count: all - kept.missing.length, missing: kept.missing }), { class: "primary" });
    const count = () => { accept.textContent = t("Accept {n} of {all}", { n: all - kept.missing.length, all }); };
    fill(body, h("fieldset", { class: "choice" }, h("legend", null, t("Who or what is missing?")),
      h("div", { class: "picks" }, ...(chain?.items ?? []).map((one, n) => h("label", { class: "pick" },
        h("input", { type: "checkbox", value: one.id, checked: kept.missing.includes(one.id), onchange: (/** @type {any} */ event) => {
          const rest = kept.missing.filter((/** @type {string} */ id) => id !== one.id);
          kept.missing = event.target.checked ? [...rest, one.id] : rest;
          count();
        } }), h("span", null, labelOf(one, n)))))),
    h("p", { class: "hint" }, t("The giver answers for whoever is missing, and the office is told.")), slip());
    count();
    app.foot(button(t("Back"), () => { kept.step = ""; draw(); }), accept);
  }

  function refuse() {
    const problem = h("p", { class: "problem", role: "alert" });
    fill(body, field("reason", t("Why? What, not who."), 200), problem);
    app.foot(button(t("Back"), () => { kept.step = ""; draw(); }),
      button(t("Refuse"), () => {
        if (!kept.reason.trim()) problem.textContent = t("Say why.");
        else void save("refused", { reason: kept.reason.trim() });
      }, { class: "primary" }));
  }

  function names() {
    return h("ul", { class: "names" }, ...(chain?.items ?? []).map((one, n) => h("li", null, labelOf(one, n))));
  }

  function slip() {
    return h("details", { class: "more", open: kept.slip !== "" }, h("summary", null, t("A paper slip was signed")),
      field("slip", t("Number of the slip"), 40));
  }

  /** @param {"vehicle" | "slip" | "reason"} key @param {string} text @param {number} most */
  function field(key, text, most) {
    const box = /** @type {HTMLInputElement} */ (h("input", {
      id: key, value: kept[key], maxlength: most, autocomplete: "off", oninput: () => { kept[key] = box.value; },
    }));
    return h("div", { class: "labelled" }, h("label", { for: key }, text), box);
  }

  /** @param {string} outcome @param {Record<string, any>} payload */
  async function save(outcome, payload) {
    /** @type {Record<string, any>} */
    const told = { leg: leg.n, ...payload };
    if (kept.slip.trim() && outcome !== "refused") told.slip = kept.slip.trim();
    for (const key of ["vehicle", "missing"]) if (told[key]?.length === 0) delete told[key];
    const area = chain?.side === "give" ? leg.giver_path : leg.receiver_path;
    const record = await saved(app, root, { type: "custody", id: chain?.id ?? "", protocol, outcome, payload: told, area });
    if (!record) return;
    app.forget(name);
    app.go("care", {}, { replace: true });
  }
}

/** @param {{type: string, label: string, n?: number}} one @param {number} n */
function labelOf(one, n) {
  return one.type === "person" ? t("Person {n}: {label}", { n: n + 1, label: one.label })
    : t("Lot {n}: …{label}, {count} pieces", { n: n + 1, label: one.label, count: one.n ?? 1 });
}
