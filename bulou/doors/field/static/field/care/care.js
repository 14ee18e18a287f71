// @ts-check
// In care: who is to be seen now, who is handed over, whose case is open. What is told leaves the list.

import { button, clockTime, h, heading } from "../dom.js";
import { standing } from "../record.js";
import { say, t } from "../words.js";
import { gather, isDue } from "./work.js";

/** @typedef {import("./work.js").Slot} Slot */
/** @typedef {import("./work.js").Chain} Chain */
/** @typedef {import("./work.js").Case} Case */

/** Where a hand-over stands, in words. @type {Record<string, () => string>} */
export const LEGS = {
  requested: () => t("Not handed over yet"),
  on_the_way: () => t("On the way"),
  arrived: () => t("Arrived, being counted"),
  one_sided: () => t("One side has not said so yet"),
  refused: () => t("Refused"),
  difference: () => t("Somebody or something is missing"),
};

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const held = await gather(app);
  const now = app.session.now();
  const open = held.slots.filter((one) => !one.closed);
  const due = open.filter((one) => isDue(one, now));
  const later = open.filter((one) => !isDue(one, now));
  const done = held.slots.filter((one) => one.closed);
  const moving = held.chains.filter((one) => one.side !== "");
  const goods = [...held.protocols.values()].some((one) => one.slug === "goods-handover");
  root.append(heading(t("In care")),
    h("p", { class: "hint" }, t("{due} to be seen now, {later} later, {done} seen", {
      due: due.length, later: later.length, done: done.length,
    })));
  if (held.slots.length + held.chains.length + held.cases.length + held.fixes.length + held.sites.length + held.homes.length === 0) {
    const at = await app.sync.downloadedAt();
    root.append(h("p", { class: "empty" }, at === null ? t("Nothing is on this phone yet.") : t("Nobody waits for you now.")),
      button(t("Download my list"), () => app.go("start", { download: "yes" })));
  }
  root.append(
    section(t("Open cases"), held.cases.map((one) => caseLine(one))),
    section(t("To hand over or to receive"), moving.map((one) => chainLine(one))),
    ...held.sites.flatMap((site) => [
      section(t("To come to {place}", { place: site.name }), site.guests.map((one) => guestLine(one))),
      section(t("Rooms to turn over"), site.rooms.filter((one) => one.state === "to_clean").map((one) => roomLine(one))),
    ]),
    section(t("Homes to check"), held.homes.filter((one) => !one.suitable).map((one) => homeLine(one))),
    section(t("To be seen now"), due.map((one) => slotLine(one))),
    section(t("Later in this shift"), later.map((one) => slotLine(one))),
    section(t("Findings to put right"), held.fixes.map((one) => fixLine(one))),
    section(t("Seen"), done.map((one) => slotLine(one))),
    ...held.sites.filter(() => goods).map((site) => button(t("Goods have come to {place}", { place: site.name }),
      () => app.go("caregoods", { site: site.id }), { class: "line", "data-goods": site.id })),
    ...held.sites.map((site) => section(t("Staying at {place}", { place: site.name }), site.staying.map((one) => stayLine(one)))),
    section(t("Homes that have passed"), held.homes.filter((one) => one.suitable).map((one) => homeLine(one))));
  app.foot(button(t("Me"), () => app.go("me")), button(t("My records"), () => app.go("record")),
    app.session.current().modes.includes("list") && button(t("My list"), () => { app.mode = "list"; app.home(); }));
  return follow(app);

  /** @param {Slot} one */
  function slotLine(one) {
    const protocol = held.protocols.get(one.protocol);
    const track = say(protocol?.tracks?.find((/** @type {any} */ each) => each.key === one.track)?.label);
    const late = !one.closed && Date.parse(one.due_at) + 2 * 3_600_000 < now;
    const time = { time: clockTime(one.due_at) };
    const when = late ? t("Due since {time}", time) : t("Due {time}", time);
    const lives = held.sites.flatMap((site) => site.staying).find((each) => each.watch === one.watch);
    const door = lives?.room ? t("Room {number}", { number: lives.room }) : one.door;
    return h("li", null, h("button", {
      type: "button", class: "line", "data-slot": `${one.watch} ${one.slot}`,
      onclick: () => app.go("careslot", { watch: one.watch, slot: one.slot }),
    }, h("span", null, [door, whom(one)].filter(Boolean).join(" · ")), h("small", { class: late ? "late" : null }, [when, track, one.place, one.name && t("Number …{end}", { end: one.who })].filter(Boolean).join(" · ")),
    one.state === "reported" && h("small", null, t("Reported by the person; not seen yet")), one.told && standing(one.told)));
  }

  /** @param {Chain} one */
  function chainLine(one) {
    const leg = /** @type {import("./work.js").Leg} */ (one.leg);
    const side = one.side === "give" ? t("To hand over to {place}", { place: leg.receiver }) : t("Comes from {place}", { place: leg.giver });
    return h("li", null, h("button", {
      type: "button", class: "line", "data-chain": one.id, onclick: () => app.go("carehand", { id: one.id }),
    }, h("span", null, t("{n} persons or lots", { n: one.items.length }), " · ", side),
    h("small", null, [LEGS[leg.state]?.(), leg.due_at && t("Due {time}", { time: clockTime(leg.due_at) })].filter(Boolean).join(" · "))));
  }

  /** @param {import("./work.js").Guest} one */
  function guestLine(one) {
    const about = [t("Due {time}", { time: clockTime(one.due_at) }), one.bus].filter(Boolean).join(" · ");
    return h("li", null, h("button", { type: "button", class: "line", "data-guest": one.stay,
      onclick: () => app.go("careguest", { id: one.stay }) },
    h("span", null, t("Number …{end}", { end: one.who })), h("small", null, about)));
  }

  /** @param {import("./work.js").Staying} one */
  function stayLine(one) {
    return h("li", null, h("button", { type: "button", class: "line", "data-stay": one.stay,
      onclick: () => app.go("carestay", { id: one.stay }) },
    h("span", null, t("Room {number}", { number: one.room || "?" })), h("small", null, t("Number …{end}", { end: one.who }))));
  }

  /** @param {import("./work.js").Home} one */
  function homeLine(one) {
    const state = one.suitable === null ? t("Not checked yet") : one.suitable ? t("Fit") : t("Not fit");
    return h("li", null, h("button", { type: "button", class: "line", "data-home": one.dwelling,
      onclick: () => app.go("carehome", { id: one.dwelling }) },
    h("span", null, [one.place, one.door].filter(Boolean).join(" · ")),
    h("small", null, [state, t("{n} persons", { n: one.persons }), t("Due {time}", { time: clockTime(one.due_at) })].join(" · ")), one.told && standing(one.told)));
  }

  /** @param {import("./work.js").Room} one */
  function roomLine(one) {
    return h("li", null, h("button", { type: "button", class: "line", "data-room": one.id,
      onclick: () => app.go("careroom", { id: one.id }) },
    h("span", null, t("Room {number}", { number: one.number })),
    h("small", null, one.disinfected ? t("Disinfected, to be inspected") : t("To be disinfected"))));
  }

  /** @param {import("./work.js").Fix} one */
  function fixLine(one) {
    const due = one.due_at && t("Due {time}", { time: clockTime(one.due_at) });
    return h("li", null, h("button", { type: "button", class: "line", "data-fix": one.id, onclick: fixWay(one, app) },
      h("span", null, one.text), h("small", null, [one.place, due].filter(Boolean).join(" · ")), one.told && standing(one.told)));
  }

  /** @param {Case} one */
  function caseLine(one) {
    const next = one.steps.find((step) => !step.settled_at);
    const rule = held.protocols.get(one.protocol)?.steps?.find((/** @type {any} */ each) => each.key === next?.key);
    return h("li", null, h("button", {
      type: "button", class: "line attention", "data-case": one.id, onclick: () => app.go("carecase", { id: one.id }),
    }, h("span", null, [say(held.protocols.get(one.protocol)?.titles), one.place || one.who].filter(Boolean).join(" · ")),
    one.back && h("small", null, t("Taken back by me; the office closes it")),
    next && h("small", null, next.due_at ? t("Next: {step}, by {time}", { step: say(rule?.label) || next.key, time: clockTime(next.due_at) })
      : t("Next: {step}", { step: say(rule?.label) || next.key }))));
  }
}

/** @param {import("./work.js").Fix} one @param {any} app */
const fixWay = (one, app) => () => app.go("carefix", { id: one.id });

/** Who it is, as far as this phone may say. @param {{name: string, who: string}} one */
export const whom = (one) => one.name || t("Number …{end}", { end: one.who });

/**
 * @param {string} title
 * @param {(Node | null)[]} lines
 */
function section(title, lines) {
  return lines.length ? h("section", null, h("h2", null, `${title} (${lines.length})`), h("ul", { class: "lines" }, ...lines)) : "";
}

/** Draws again what changed: sent, answered, taken back. @param {any} app @returns {() => void} */
export function follow(app) {
  let shown = JSON.stringify(app.outbox.states());
  const stops = [app.outbox, app.sync].map((source) => source.on(() => {
    const now = JSON.stringify(app.outbox.states());
    if (now !== shown && app.session.current()) app.refresh();
    shown = now;
  }));
  return () => stops.forEach((stop) => stop());
}
