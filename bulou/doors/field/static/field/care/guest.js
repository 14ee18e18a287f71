// @ts-check
// At an isolation site: who has come gets a free room; a room that was left is disinfected, then inspected.

import { button, h, heading } from "../dom.js";
import { t } from "../words.js";
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
