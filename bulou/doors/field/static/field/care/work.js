// @ts-check
// What a doctor, an escort, a receiver and a site medic have to do: what the office said, and what I said since.

import { live, subjectOf } from "../account.js";
import { alerts } from "../forms.js";

/**
 * @typedef {import("../account.js").Own} Own
 * @typedef {{watch: string, who: string, name: string, door?: string, path: string, place: string, protocol: string, track: string,
 *   slot: string, due_at: string, state: string | null, mine: boolean, told: Own | null, closed: boolean}} Slot
 * @typedef {{n: number, giver: string, giver_path: string, receiver: string, receiver_path: string, state: string,
 *   give: boolean, receive: boolean, due_at: string | null, vehicle: string, reason: string}} Leg
 * @typedef {{id: string, protocol: string, opened_at: string, items: {id: string, type: string, label: string, n?: number}[],
 *   legs: Leg[], leg: Leg | null, side: "give" | "receive" | ""}} Chain
 * @typedef {{key: string, due_at: string, settled_at: string | null, outcome: string}} Step
 * @typedef {{id: string, protocol: string, path: string, place: string, about: string, who: string, opened_at: string,
 *   outcome: string, steps: Step[], may_close: boolean, mine: boolean, over: boolean, back?: boolean}} Case
 * @typedef {{id: string, path: string, place: string, severity: string, text: string, topic: string,
 *   due_at: string | null, mine: boolean, told: Own | null}} Fix
 * @typedef {{stay: string, who: string, bus: string, party: string, needs: string[], due_at: string}} Guest
 * @typedef {{id: string, number: string, floor: number, state: string, disinfected: boolean, barrier_free: boolean, mine?: boolean}} Room
 * @typedef {{stay: string, watch: string, who: string, room: string, needs: string[], released: boolean}} Staying
 * @typedef {{id: string, name: string, path: string, guests: Guest[], staying: Staying[], rooms: Room[]}} Site
 * @typedef {{dwelling: string, path: string, place: string, door: string, persons: number, due_at: string,
 *   checked_at: string | null, suitable: boolean | null, told: Own | null}} Home
 * @typedef {{homes: Home[], slots: Slot[], chains: Chain[], cases: Case[], sites: Site[], fixes: Fix[], protocols: Map<string, any>, own: Own[]}} Held
 */

const FEVER = "fever-referral";
const SOON = 2 * 3_600_000; // a reading taken before its hour counts for it
const SPAN = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** @param {Record<string, any>} app @returns {Promise<Held>} */
export async function gather(app) {
  const [slots, chains, cases, fixes, sites, homes, list, own] = await Promise.all([
    app.sync.slots(), app.sync.handovers(), app.sync.cases(), app.sync.toFix(), app.sync.sites(), app.sync.homes(),
    app.sync.protocols(), app.outbox.own(),
  ]);
  const protocols = new Map(list.map((/** @type {any} */ one) => [one.protocol, one.body]));
  const said = live(own);
  return {
    slots: tellable(slots.map((/** @type {Slot} */ one) => slotNow(one, said, protocols)), app.session.now()),
    chains: chains.map((/** @type {Chain} */ one) => chainNow(one, said)),
    cases: casesNow(cases, slots, own, protocols),
    sites: sites.map((/** @type {Site} */ one) => siteNow(one, said)),
    homes: homes.map((/** @type {Home} */ one) => homeNow(one, said)),
    fixes: fixes.map((/** @type {Fix} */ one) => ({ ...one, told: said.find(({ record }) => subjectOf(record) === one.id) ?? null })),
    protocols, own,
  };
}

/** @param {Slot} slot @param {Own[]} said @param {Map<string, any>} protocols @returns {Slot} */
function slotNow(slot, said, protocols) {
  const about = said.filter(({ record }) => subjectOf(record) === slot.watch && record.slot === slot.slot);
  const told = about.at(-1) ?? null;
  const closed = about.some(({ record }) => outcomeOf(protocols.get(record.protocol), record.outcome)?.closes === true);
  return { ...slot, told, closed };
}

/**
 * Without the slots whose turn is over: what is seen now counts for the latest that has come, by the server's rule, too.
 * @param {Slot[]} slots
 * @param {number} now ms
 */
function tellable(slots, now) {
  const key = (/** @type {Slot} */ one) => `${one.watch} ${one.track}`;
  /** @type {Map<string, string>} */
  const last = new Map();
  for (const one of slots) {
    if (Date.parse(one.due_at) <= now && one.due_at > (last.get(key(one)) ?? "")) last.set(key(one), one.due_at);
  }
  return slots.filter((one) => one.told !== null || one.due_at >= (last.get(key(one)) ?? ""));
}

/** Whether a slot may be told of by now. @param {Slot} slot @param {number} now ms */
export const isDue = (slot, now) => Date.parse(slot.due_at) <= now + SOON;

/** @param {any} protocol @param {string} key */
export const outcomeOf = (protocol, key) => protocol?.outcomes.find((/** @type {any} */ one) => one.key === key);

/**
 * The legs with what I have said of them; the current one is the first that its receiver has not accepted.
 * @param {Chain} chain
 * @param {Own[]} said
 * @returns {Chain}
 */
function chainNow(chain, said) {
  const about = said.filter(({ record }) => subjectOf(record) === chain.id && record.kind.startsWith("custody."));
  const of = (/** @type {Leg} */ leg) => about.filter(({ record }) => (record.payload?.leg ?? 1) === leg.n);
  const legs = chain.legs.map((leg) => of(leg).reduce(legAfter, leg));
  const leg = legs.find((one) => one.state !== "accepted") ?? null;
  const last = leg && of(leg).findLast(({ record }) => record.outcome === "accepted");
  const missing = /** @type {string[]} */ (last?.record.payload?.missing ?? []);
  const items = missing.length ? chain.items.filter((one) => missing.includes(one.id)) : chain.items;
  const gives = leg?.give && leg.state === "requested";
  return { ...chain, items, legs, leg, side: gives ? "give" : leg?.receive ? "receive" : "" };
}

/** @param {Leg} leg @param {Own} one @returns {Leg} */
function legAfter(leg, { record }) {
  const state = leg.state === "requested" ? "on_the_way" : leg.state;
  if (record.kind === "custody.gave") return { ...leg, state, give: false };
  if (record.kind !== "custody.received") return leg;
  const short = record.outcome === "accepted" && record.payload?.missing?.length > 0;
  return { ...leg, state: short ? "difference" : record.outcome };
}

/** Who has come, moved and gone, and what was done with rooms, by my own records. @param {Site} site @param {Own[]} said @returns {Site} */
function siteNow(site, said) {
  const of = (/** @type {string} */ id) => said.filter(({ record }) => subjectOf(record) === id);
  const number = (/** @type {string} */ id) => site.rooms.find((one) => one.id === id)?.number ?? "";
  const came = said.filter(({ record }) => record.kind === "isolation.arrived");
  const arrived = site.guests.filter((one) => came.some(({ record }) => subjectOf(record) === one.stay));
  const staying = [...(site.staying ?? []), ...arrived.map((one) => ({ ...one, watch: "", room: "", released: false }))].map((one) => {
    const last = of(one.stay).findLast(({ record }) => record.payload?.room);
    return { ...one, room: last ? number(last.record.payload.room) : one.room };
  }).filter((one) => !of(one.stay).some(({ record }) => record.kind === "isolation.left"));
  const taken = new Set(staying.map((one) => one.room));
  const before = new Set((site.staying ?? []).map((one) => one.room));
  return {
    ...site, staying,
    guests: site.guests.filter((one) => !arrived.includes(one)),
    rooms: site.rooms.map((room) => {
      const done = new Set(of(room.id).map(({ record }) => record.outcome));
      const left = before.has(room.number) && !taken.has(room.number);
      const clean = room.state === "to_clean" && done.has("inspected") && !done.has("disinfected");
      const state = taken.has(room.number) ? "occupied" : left ? "to_clean" : clean ? "free" : room.state;
      return { ...room, state, disinfected: (room.disinfected && !left) || done.has("disinfected"), mine: done.has("disinfected") };
    }),
  };
}

/** A home with my last check of it. @param {Home} home @param {Own[]} said @returns {Home} */
function homeNow(home, said) {
  const told = said.findLast(({ record }) => record.kind === "isolation.home_check" && subjectOf(record) === home.dwelling) ?? null;
  return told ? { ...home, told, suitable: told.record.outcome === "suitable", checked_at: told.record.observed_at } : { ...home, told };
}

/**
 * Cases of the office, and those that my own records have opened since: a case has the number of its record. Taking
 * the record back does not close the case, nor does a correction open a second one: the same rules as the server's.
 * @param {Case[]} cases
 * @param {Slot[]} slots
 * @param {Own[]} own
 * @param {Map<string, any>} protocols
 * @returns {Case[]}
 */
function casesNow(cases, slots, own, protocols) {
  const said = live(own);
  const known = new Set(cases.map((one) => one.id));
  const alarming = own.filter((one) => opens(one, protocols));
  const back = new Set(own.filter((one) => opens(one, protocols) && !said.some((each) => each.id === one.id)).map(caseOf));
  const first = alarming.filter((one) => !alarming.some((before) => before.id === one.record.corrects));
  const opened = first.filter((one) => !known.has(caseOf(one))).map((one) => openedBy(one, slots, protocols));
  const all = [...cases, .../** @type {Case[]} */ (opened.filter((one) => one !== null))];
  return all.map((one) => ({ ...caseNow(one, said, protocols), back: back.has(one.id) })).filter((one) => !one.over);
}

/** @param {Case} one @param {Own[]} said @param {Map<string, any>} protocols @returns {Case} */
function caseNow(one, said, protocols) {
  const rules = protocols.get(one.protocol)?.steps ?? [];
  const about = said.filter(({ record }) => subjectOf(record) === one.id && record.kind.startsWith("case."));
  const steps = one.steps.map((step) => {
    const rule = rules.find((/** @type {any} */ each) => each.key === step.key);
    const told = about.find(({ record }) => rule?.outcomes.includes(record.outcome));
    if (step.settled_at || !told) return step;
    return { ...step, settled_at: told.record.observed_at, outcome: told.record.outcome };
  });
  const must = steps.filter((step) => rules.find((/** @type {any} */ each) => each.key === step.key)?.must);
  const over = must.length > 0 && must.every((step) => step.settled_at);
  return { ...one, steps, mine: about.length > 0 || one.mine === true, over };
}

/**
 * The slug of the case that a record opens: the same rule as the server's.
 * @param {Own} one
 * @param {Map<string, any>} protocols
 */
export function opens({ record }, protocols) {
  if (record.withdraws) return "";
  if (record.kind === "case.opened") return protocols.get(record.protocol)?.slug ?? "";
  if (record.kind.startsWith("checkpoint.")) return record.outcome === "referred" ? FEVER : "";
  if (record.kind !== "watch.seen" && record.kind !== "watch.tested") return "";
  const protocol = protocols.get(record.protocol);
  const outcome = outcomeOf(protocol, record.outcome);
  if (!outcome || !(outcome.alert || alerts(protocol.form, record.payload ?? {}).length)) return "";
  return outcome.next || FEVER;
}

/** The number of the case that a record opens: its own, or the one that it was given. @param {Own} one */
const caseOf = ({ id, record }) => (record.kind === "case.opened" ? subjectOf(record) : id);

/** @param {Own} one @param {Slot[]} slots @param {Map<string, any>} protocols @returns {Case | null} */
function openedBy(one, slots, protocols) {
  const slug = opens(one, protocols);
  const protocol = slug && [...protocols.values()].find((each) => each.slug === slug);
  if (!protocol) return null;
  const { record } = one;
  const asked = record.kind === "case.opened"; // its times depend on what is asked for: the office tells them
  const slot = slots.find((each) => each.watch === subjectOf(record));
  const opened = Date.parse(record.observed_at);
  return {
    id: caseOf(one), protocol: protocol.reference, path: record.area, place: slot?.place ?? "", about: subjectOf(record),
    who: slot?.name || slot?.who || subjectOf(record).slice(-6), opened_at: record.observed_at, outcome: "",
    may_close: false, mine: true, over: false,
    steps: protocol.steps.map((/** @type {any} */ step) => ({
      key: step.key, due_at: asked ? "" : new Date(opened + milliseconds(step.within)).toISOString(), settled_at: null, outcome: "",
    })),
  };
}

/** @param {string} span such as PT15M */
function milliseconds(span) {
  const [, days = 0, hours = 0, minutes = 0] = SPAN.exec(span) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
}
