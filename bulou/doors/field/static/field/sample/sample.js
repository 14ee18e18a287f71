// @ts-check
// The sampling station: tube, person, next person, by scanner and keyboard; everything works without a network.

import { button, choice, fill, focusOn, h, heading } from "../dom.js";
import { sign } from "../gate/light.js";
import { notSaved } from "../saving.js";
import { t } from "../words.js";
import * as find from "./find.js";
import { field, setUp } from "./setup.js";
import * as station from "./station.js";
import * as walls from "./walls.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./station.js").Station} Station */

const SEALED = "testing.tube_sealed"; // what the server would answer

/** @type {import("../app.js").Show} */
export async function show(root, params, app) {
  const here = await station.open();
  if (!here) return setUp(root, app);
  const stop = here.now.stops.find((one) => one.door === params.stop) ?? null;
  if (here.now.team && !stop) return void app.go("samplehome", {}, { replace: true });
  return work(root, app, here.now, here.known, stop);
}

/**
 * @param {HTMLElement} root @param {Record<string, any>} app @param {Station} now @param {Person[]} known
 * @param {import("./people.js").Stop | null} stop the door of a route where the team stands
 */
function work(root, app, now, known, stop) {
  const own = app.kept(`stop:${stop?.door ?? ""}`, { rule: stop?.reasons.includes("isolated") ? "single" : "household" });
  const rule = () => (stop ? own.rule : now.rule);
  const count = h("p", { id: "count", role: "status" });
  const told = h("p", { id: "told", role: "alert", class: "problem" });
  const hits = h("ul", { class: "lines", id: "hits" });
  const pooled = h("summary", null);
  const ways = h("div", { class: "ways" });
  const inside = h("ol", { class: "guests", id: "inside" });
  const tube = field("tube", t("Barcode of the tube"), { value: now.tube, autocapitalize: "characters", enterkeyhint: "next" });
  const person = field("person", t("Card, ID number, end of phone, name in pinyin or door"), { enterkeyhint: "done" });
  const other = field("other", t("New barcode: everybody of this tube goes with it"), { autocapitalize: "characters" });
  let line = Promise.resolve();
  reads(tube.box, tubeRead);
  reads(person.box, personRead);
  reads(other.box, changed);
  const rules = station.rulesOf(now.zone).map((key) => ({ key, label: station.RULES[key]() }));
  fill(root, heading(stop ? `${stop.place} ${stop.label}` : now.place),
    count, tube.line, person.line, told, hits,
    h("details", { class: "more", id: "tubes" }, h("summary", null, t("In this tube")), inside, other.line),
    h("details", { class: "more", id: "pooling" }, pooled, choice("rule", t("How people are pooled"), rules, rule(), (key) => {
      if (stop) own.rule = key;
      else Object.assign(now, { rule: key, size: 0 });
      void station.save(now);
      draw();
    })),
    ways, h("p", { class: "hint" }, t("F2 seals the tube, or scan it again. F4 takes the last one back. F8 courier. F9 sample again.")));
  feet();
  draw();
  addEventListener("keydown", pressed);
  (now.tube ? person : tube).box.focus();
  return () => removeEventListener("keydown", pressed);

  function feet() {
    const again = known.filter((one) => station.toRepeat(now, one)).length;
    const way = (/** @type {string} */ text, /** @type {string} */ to, /** @type {string} */ id) => button(text, () => app.go(to), { class: "line", id });
    fill(ways, again > 0 && way(t("Sample again: {n}", { n: again }), "sampleagain", "again"),
      way(t("Courier takes {n}", { n: now.full.length }), "samplebag", "courier"),
      stop ? way(t("My route"), "samplehome", "route") : way(t("Other place"), "sampleleave", "leave"),
      way(t("Me"), "me", "me"));
    app.foot(
      button(t("Seal the tube"), () => void queue(sealTube), { class: "primary", id: "seal" }),
      button(t("Without papers"), () => without()),
      stop && button(t("Nobody there"), () => void queue(() => tried("absent")), { id: "absent" }),
      stop && button(t("Does not wish to"), () => void queue(() => tried("refused")), { id: "refused" }));
  }

  /**
   * A scanner types faster than a record is written: each line is taken at once and read in its turn.
   * @param {HTMLInputElement} box @param {(text: string) => Promise<any>} read
   */
  function reads(box, read) {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      const text = box.value.trim();
      if (!text) return; // many scanners end with two Enters
      box.value = "";
      void queue(() => read(text));
    });
  }

  /** @param {() => Promise<any>} act */
  function queue(act) {
    line = line.then(act).catch((error) => notSaved(root, error));
    return line;
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    /** @type {Record<string, () => any>} */
    const acts = { F2: () => queue(sealTube), F4: () => queue(lastBack), F8: () => app.go("samplebag"), F9: () => app.go("sampleagain") };
    if (!(event.key in acts)) return;
    event.preventDefault();
    void acts[event.key]();
  }

  function draw() {
    const held = now.book.tubes[now.tube];
    const n = held?.persons.length ?? 0;
    const settled = known.filter((one) => one.settled || now.book.lies[one.id]).length;
    count.textContent = now.tube
      ? t("Tube {code}: {n} of {size}. {settled} of {all} settled.", { code: now.tube, n, size: held?.size || sizeNow(), settled, all: known.length })
      : t("Scan a tube. {settled} of {all} settled.", { settled, all: known.length });
    fill(inside, ...(held?.persons ?? []).map((id, at) => {
      const one = known.find((each) => each.id === id);
      const who = `${at + 1} · ${(one && find.whom(one)) || t("somebody without papers")}`;
      return h("li", null, h("span", null, who),
        button(t("Take back"), () => void queue(() => back(id)), { "aria-label": t("Take back: {who}", { who }) }));
    }));
    pooled.textContent = [t("How people are pooled"), station.RULES[rule()]?.()].filter(Boolean).join(" · ");
    other.line.hidden = n === 0;
    if (stop && !hits.children.length) offer();
  }

  function sizeNow() {
    return rule() === "ten" && now.size > 0 ? now.size : walls.SIZES[rule()];
  }

  /** At a door of the route: who is expected there. */
  function offer() {
    const there = (stop?.people ?? []).filter((one) => !one.settled && !now.book.lies[one.id]);
    fill(hits, ...there.map((one) => h("li", null, button(find.whom({ ...one, label: "" }),
      () => void queue(() => sample(one)), { class: "line", "data-person": one.id }))));
  }

  /** @param {string} text */
  async function tubeRead(text) {
    const code = walls.barcode(text);
    if (!code) return tell(t("This is no barcode."), tube.box, text);
    if (now.book.tubes[code]?.sealed) return tell(t(`problem:${SEALED}`), tube.box, text);
    now.tube = tube.box.value = code;
    told.textContent = "";
    person.box.focus();
    await station.save(now);
    draw();
    return undefined;
  }

  /** @param {string} text */
  async function personRead(text) {
    if (!now.tube) return tell(t("Scan the tube first."), tube.box);
    if (walls.barcode(text) === now.tube) return sealTube();
    if (find.likeNumber(text) && !find.idNumber(text)) return tell(t("The check digit of this ID number is wrong. Read it again."), person.box, text);
    const found = await find.find(known, text, now.operation);
    if (found.length === 1) return sample(found[0]);
    const home = found.length > 1 && rule() === "household" ? find.household(found, found[0]) : [];
    const whole = home.length > 1 && home.length === found.length;
    fill(hits, whole && h("li", null, button(t("All {n} of this door", { n: home.length }), () => void queue(async () => {
      for (const one of home) await sample(one);
    }), { class: "line", id: "all" })),
    ...found.map((one) => h("li", null, button(find.whom(one), () => void queue(() => sample(one)), { class: "line" }))));
    if (!found.length) return tell(t("Nobody of this list. Try another way, or add somebody without papers."), person.box, text);
    told.textContent = "";
    focusOn(hits.querySelector("button"));
    return undefined;
  }

  /** @param {Person} one @param {station.How} [how] */
  async function sample(one, how = {}) {
    if (!now.tube) return tell(t("Scan the tube first."), tube.box);
    const made = await station.put(app, now, one, { rule: rule(), ...how });
    if (made.doubts.length) {
      const twice = made.doubts.includes("testing.twice_in_tube"); // the swab lies there, and is noted
      fill(hits, !twice && h("li", null, button(t("The swab lies in this tube already: note it"),
        () => void queue(() => sample(one, { ...how, anyway: true })), { class: "line", id: "anyway" })));
      return tell(made.doubts.map((code) => t(`problem:${code}`)).join(" "), person.box);
    }
    if (how.fresh) await found(one);
    told.textContent = "";
    fill(hits);
    sign("green");
    app.say(t("Sampled: {who}", { who: find.whom(one) }), { label: t("Undo"), act: () => queue(() => undone(made.undo)) });
    person.box.focus();
    settled();
    return undefined;
  }

  /** Somebody who was on no list is found again at this station. @param {Person} one */
  async function found(one) {
    known.push(one);
    now.fresh.push(one);
    await station.save(now);
  }

  function settled() {
    draw();
    feet();
    const held = now.book.tubes[now.tube];
    if (held && held.rule !== "household" && held.persons.length >= held.size) told.textContent = t("The tube is full. Scan it again, or F2, to seal it.");
  }

  /** @param {(() => Promise<void>) | undefined} undo */
  async function undone(undo) {
    await undo?.();
    told.textContent = "";
    settled();
    app.say(t("Taken back"));
  }

  /** @param {string} id */
  function back(id) {
    return undone(() => station.takeBack(app, now, id, now.tube));
  }

  async function lastBack() {
    const last = now.book.tubes[now.tube]?.persons.at(-1);
    return last ? back(last) : tell(t("There is nobody in a tube."), person.box);
  }

  /** @param {string} text */
  async function changed(text) {
    const code = walls.barcode(text);
    if (!code) return tell(t("This is no barcode."), other.box, text);
    if (now.book.tubes[code]) return tell(t("This tube was used already."), other.box, text);
    await station.change(app, now, code);
    tube.box.value = code;
    told.textContent = "";
    draw();
    app.say(t("They lie in {code} now", { code }));
    person.box.focus();
    return undefined;
  }

  async function sealTube() {
    const held = now.book.tubes[now.tube];
    if (!held?.persons.length) return tell(t("There is nobody in a tube."), tube.box);
    const code = now.tube;
    const undo = await station.seal(app, now);
    tube.box.value = told.textContent = "";
    fill(hits);
    draw();
    feet();
    app.say(t("Sealed: {code} with {n}", { code, n: held.persons.length }), { label: t("Undo"), act: () => queue(async () => {
      await undone(undo);
      tube.box.value = now.tube;
    }) });
    tube.box.focus();
    return undefined;
  }

  /** @param {"absent" | "refused"} outcome */
  async function tried(outcome) {
    if (!stop) return;
    const undo = await station.tried(app, now, stop, outcome);
    app.say(outcome === "absent" ? t("Nobody there, kept") : t("Does not wish to, kept"), { label: t("Undo"), act: async () => {
      await undo();
      app.say(t("Taken back"));
      app.refresh();
    } });
    app.go("samplehome");
  }

  /** Where they were found is kept, and no name. */
  function without() {
    if (!now.tube) return tell(t("Scan the tube first."), tube.box);
    const where = field("where", t("Where was the person found? A door or a place, no name"), { value: stop?.label ?? "" });
    const add = button(t("Sample this person"), () => {
      const building = where.box.value.trim();
      const id = app.outbox.uuid7();
      const area = stop?.path ?? now.area;
      const one = { id, path: area, label: building, building, settled: false, name: "", initials: "", tails: [], digest: "", again: "" };
      void queue(() => sample(one, { fresh: { id, area, label: "-", building, kind: stop ? "dwelling" : "other" } }));
    }, { class: "primary", id: "found" });
    where.box.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) add.click(); });
    fill(hits, h("li", null, where.line, add));
    where.box.focus();
    return undefined;
  }

  /** @param {string} words @param {HTMLInputElement} box @param {string} [text] what was read, to be read again */
  function tell(words, box, text = "") {
    told.textContent = words;
    sign("red");
    if (text && !box.value) box.value = text;
    box.focus();
    box.select();
    return undefined;
  }
}
