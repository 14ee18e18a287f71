// @ts-check
// At an isolation site: who has come gets a free room; a room that was left is disinfected, then inspected.

import { button, h, heading } from "../dom.js";
import { t } from "../words.js";
import { asks } from "./ask.js";
import { keep } from "./saving.js";
import { gather } from "./work.js";

/** What a guest needs of the room, in words. @type {Record<string, () => string>} */
const NEEDS = {
  barrier_free: () => t("without steps"), carer: () => t("with somebody who cares for them"), infant: () => t("with an infant"),
};

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const { sites } = await gather(app);
  const site = sites.find((one) => one.guests.some((guest) => guest.stay === params.id));
  const guest = site?.guests.find((one) => one.stay === params.id);
  app.foot(button(t("Back"), () => app.go("care"), { class: guest ? null : "primary" }));
  if (!site || !guest) {
    root.append(heading(t("This is not on the list of this phone")));
    return;
  }
  const free = site.rooms.filter((one) => one.state === "free");
  const fits = guest.needs.includes("barrier_free") ? free.filter((one) => one.barrier_free) : free;
  const needs = guest.needs.map((one) => NEEDS[one]?.() ?? one).join(t(", "));
  root.append(heading(t("Number …{end}", { end: guest.who })), h("p", null, [site.name, guest.bus].filter(Boolean).join(" · ")),
    needs && h("p", null, t("Needs a room: {needs}", { needs })),
    h("h2", null, t("Which room? One touch saves.")),
    fits.length === 0 ? h("p", { class: "problem" }, t("No room is free. Ask the head of the site.")) : "",
    h("div", { class: "keys rooms" }, ...fits.map((room) => button(room.number, async () => {
      const record = {
        kind: "isolation.arrived", subject: { type: "stay", id: guest.stay }, outcome: "arrived",
        payload: { room: room.id }, area: site.path,
      };
      const words = t("arrived, room {number}", { number: room.number });
      if (await keep(app, root, record, words)) app.go("care", {}, { replace: true });
    }, { class: "key", "data-room": room.id, "aria-label": t("Room {number}", { number: room.number }) }))));
}

/** Somebody who lives here: another room, on the way out, something is needed. @type {{show: import("../app.js").Show}} */
export const stay = {
  async show(root, params, app) {
    const { sites, protocols } = await gather(app);
    const site = sites.find((one) => one.staying.some((each) => each.stay === params.id));
    const found = site?.staying.find((one) => one.stay === params.id);
    app.foot(button(t("Back"), () => app.go("care")));
    root.append(heading(found ? t("Room {number}", { number: found.room || "?" }) : t("This is not on the list of this phone")));
    if (!site || !found) return;
    const tell = async (/** @type {Record<string, any>} */ record, /** @type {string} */ words) => {
      const whole = { subject: { type: "stay", id: found.stay }, payload: {}, area: site.path, ...record };
      if (await keep(app, root, whole, words)) app.go("care", {}, { replace: true });
    };
    const why = /** @type {HTMLInputElement} */ (h("input", { id: "why", maxlength: "200", autocomplete: "off" }));
    const problem = h("p", { class: "problem", role: "alert" });
    const fits = site.rooms.filter((one) => one.state === "free" && (one.barrier_free || !found.needs.includes("barrier_free")));
    const out = [
      { key: "escorted", words: t("Brought home by an escort"), may: found.released }, { key: "alone", words: t("Went home alone"), may: found.released },
      { key: "hospital", words: t("To the hospital"), may: true }, { key: "other_site", words: t("To another site"), may: true },
    ];
    root.append(h("p", null, [site.name, t("Number …{end}", { end: found.who })].join(" · ")),
      asks(app, protocols, { about: found.stay, type: "stay", path: site.path }),
      h("details", { class: "more", id: "move" }, h("summary", null, t("Another room")),
        h("div", { class: "labelled" }, h("label", { for: "why" }, t("Why? What, not who.")), why), problem,
        fits.length === 0 && h("p", { class: "problem" }, t("No room is free. Ask the head of the site.")),
        h("div", { class: "keys rooms" }, ...fits.map((room) => button(room.number, () => {
          if (!why.value.trim()) problem.textContent = t("Say why.");
          else void tell({ kind: "isolation.changed_room", outcome: "changed", payload: { room: room.id, reason: why.value.trim() } }, t("now in room {number}", { number: room.number }));
        }, { class: "key", "data-room": room.id, "aria-label": t("Room {number}", { number: room.number }) })))),
      h("details", { class: "more", id: "out" }, h("summary", null, t("Leaves the site")),
        !found.released && h("p", { class: "hint" }, t("Home only after the release; the office writes it.")),
        h("div", { class: "acts" }, ...out.filter((one) => one.may).map((one) =>
          button(one.words, () => void tell({ kind: "isolation.left", outcome: one.key }, one.words), { "data-outcome": one.key })))));
  },
};

/** A room that was left. @type {{show: import("../app.js").Show}} */
export const room = {
  async show(root, params, app) {
    const { sites } = await gather(app);
    const site = sites.find((one) => one.rooms.some((each) => each.id === params.id));
    const found = site?.rooms.find((one) => one.id === params.id);
    app.foot(button(t("Back"), () => app.go("care")));
    root.append(heading(found ? t("Room {number}", { number: found.number }) : t("This is not on the list of this phone")));
    if (!site || !found) return;
    const tell = (/** @type {string} */ outcome, /** @type {string} */ words) => button(words, async () => {
      const record = { kind: "isolation.turnover", subject: { type: "isolation_room", id: found.id }, outcome, payload: {}, area: site.path };
      if (await keep(app, root, record, words)) app.go("care", {}, { replace: true });
    }, { "data-outcome": outcome, class: "primary" });
    root.append(h("p", null, found.disinfected ? t("Disinfected, to be inspected") : t("To be disinfected")),
      found.mine ? h("p", { class: "hint" }, t("Somebody else inspects it."))
        : h("div", { class: "acts" }, found.disinfected ? tell("inspected", t("Inspected, free again")) : tell("disinfected", t("Disinfected"))));
  },
};
