// @ts-check
// The sampling station: tube, person, next person, by scanner and keyboard; everything works without a network.

import { button, choice, fill, focusOn, h, heading } from "../dom.js";
import { notSaved } from "../saving.js";
import { t } from "../words.js";
import * as people from "./people.js";
import * as walls from "./walls.js";

/**
 * @typedef {{operation: string, protocol: string, tube_protocol: string, area: string, place: string, site: string,
 *   table: string, rule: string, tube: string, full: string[], book: walls.Book}} Station
 */

const SEALED = "testing.tube_sealed"; // what the server would answer

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const station = /** @type {Station | null} */ (await people.kept("station"));
  if (!station) return setUp(root, app);
  const known = (await people.kept(`people/${station.operation}/${station.area}`)) ?? [];
  return work(root, app, station, known);
}

/** @param {string} id @param {string} label @param {Record<string, any>} [more] */
function field(id, label, more = {}) {
  const box = /** @type {HTMLInputElement} */ (h("input", { id, autocomplete: "off", spellcheck: "false", maxlength: "60", ...more }));
  return { box, line: h("div", { class: "labelled" }, h("label", { for: id }, label), box) };
}

/** @param {HTMLElement} root @param {Record<string, any>} app */
async function setUp(root, app) {
  const told = h("p", { role: "status", class: "hint" }, t("Looking for open rounds …"));
  fill(root, heading(t("Sampling")), told);
  app.foot(button(t("Me"), () => app.go("me")));
  let found;
  try {
    found = await people.rounds();
  } catch {
    told.textContent = t("There is no network. The station is set up with a network, and works without one.");
    return;
  }
  const places = found.flatMap((round) => round.areas.map((area) => ({ round, area })));
  told.textContent = places.length ? t("Choose where you sample.") : t("No testing round is open here.");
  const site = field("site", t("Site"));
  const table = field("table", t("Table"), { maxlength: "20" });
  root.append(site.line, table.line, h("ul", { class: "rows" }, ...places.map(({ round, area }) => h("li", null,
    button(t("{place}: {open} of {expected} open", { place: area.name, open: area.open, expected: area.expected }),
      () => void begin(round, area), { class: "line" })))));

  /** @param {people.Round} round @param {{path: string, name: string}} area */
  async function begin(round, area) {
    told.textContent = t("Taking the people along …");
    try {
      await people.download(round, area.path);
    } catch {
      told.textContent = t("The people could not be fetched. Try again.");
      return;
    }
    await people.keep("station", {
      operation: round.operation, protocol: round.protocol, tube_protocol: round.tube_protocol, area: area.path,
      place: area.name, site: site.box.value.trim(), table: table.box.value.trim(), rule: "ten", tube: "", full: [],
      book: walls.empty(),
    });
    app.refresh();
  }
}

/** @param {HTMLElement} root @param {Record<string, any>} app @param {Station} now @param {people.Person[]} known */
function work(root, app, now, known) {
  const count = h("p", { id: "count", role: "status" });
  const told = h("p", { id: "told", role: "alert", class: "problem" });
  const hits = h("ul", { class: "rows", id: "hits" });
  const tube = field("tube", t("Barcode of the tube"), { value: now.tube, autocapitalize: "characters", enterkeyhint: "next" });
  const person = field("person", t("Card, ID number, end of phone, initials or door"), { enterkeyhint: "done" });
  tube.box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); void tubeRead(); } });
  person.box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); void personRead(); } });
  fill(root, heading(now.place), count,
    choice("rule", t("How people are pooled"), [
      { key: "ten", label: t("Ten in one") }, { key: "twenty", label: t("Twenty in one") },
      { key: "household", label: t("One household") }, { key: "single", label: t("One person") },
    ], now.rule, (key) => { now.rule = key; void saved(); }),
    tube.line, person.line, told, hits);
  app.foot(
    button(t("Seal the tube"), () => void sealTube(), { class: "primary", id: "seal" }),
    button(t("Without papers"), () => void without()),
    button(t("Courier takes {n}", { n: now.full.length }), () => void courier(), { id: "courier" }),
    button(t("Other place"), () => void leave()),
  );
  tally();
  (now.tube ? person : tube).box.focus();

  const saved = () => people.keep("station", now);

  function tally() {
    const held = now.book.tubes[now.tube];
    const n = held?.persons.length ?? 0;
    const settled = known.filter((one) => one.settled || now.book.lies[one.id]).length;
    count.textContent = now.tube
      ? t("Tube {code}: {n} of {size}. {settled} of {all} settled.", { code: now.tube, n, size: held?.size || walls.SIZES[now.rule], settled, all: known.length })
      : t("Scan a tube. {settled} of {all} settled.", { settled, all: known.length });
  }

  async function tubeRead() {
    const code = walls.barcode(tube.box.value);
    if (!code) return tell(t("This is no barcode."), tube.box);
    if (now.book.tubes[code]?.sealed) return tell(t(`problem:${SEALED}`), tube.box);
    now.tube = tube.box.value = code;
    told.textContent = "";
    await saved();
    tally();
    person.box.focus();
    return undefined;
  }

  async function personRead() {
    if (!now.tube) return tell(t("Scan the tube first."), tube.box);
    const text = person.box.value;
    if (people.likeNumber(text) && !people.idNumber(text)) return tell(t("The check digit of this ID number is wrong. Read it again."), person.box);
    const found = await people.find(known, text, now.operation);
    if (found.length === 1) return sample(found[0]);
    fill(hits, ...found.map((one) => h("li", null, button([one.name, one.label, one.tails[0]].filter(Boolean).join(" · "), () => void sample(one), { class: "line" }))));
    if (!found.length) return tell(t("Nobody of this list. Try another way, or add somebody without papers."), person.box);
    told.textContent = "";
    focusOn(hits.querySelector("button"));
    return undefined;
  }

  /** @param {people.Person} one @param {Record<string, any>} [fresh] somebody who was found here @param {boolean} [anyway] */
  async function sample(one, fresh, anyway = false) {
    /** @type {walls.Sample} */
    const made = { person: one.id, outcome: "sampled", tube: now.tube, rule: now.rule, household: one.label ? `${one.path} ${one.label}` : "" };
    const doubts = walls.problems(now.book, made);
    if (doubts.length && !anyway) {
      fill(hits, h("li", null, button(t("The swab lies in this tube already: note it"), () => void sample(one, fresh, true), { class: "line", id: "anyway" })));
      return tell(doubts.map((code) => t(`problem:${code}`)).join(" "), person.box);
    }
    const before = now.book.lies[one.id] ?? "";
    const position = (now.book.tubes[now.tube]?.persons.length ?? 0) + 1;
    let record;
    try {
      record = await app.outbox.add({
        kind: "testing.sample", operation: now.operation, outcome: "sampled", protocol: now.protocol, area: one.path,
        subject: fresh ? { type: "person", new: fresh } : { type: "person", id: one.id },
        payload: { tube: now.tube, rule: now.rule, position, ...(now.site ? { site: now.site } : {}), ...(now.table ? { table: now.table } : {}) },
      });
    } catch (error) {
      return notSaved(root, error);
    }
    walls.put(now.book, made, doubts);
    await saved();
    person.box.value = told.textContent = "";
    fill(hits);
    tally();
    app.say(t("Sampled: {who}", { who: one.name || one.label || t("somebody without papers") }), { label: t("Undo"), act: () => void undo(record.id, made, before) });
    const held = now.book.tubes[now.tube];
    if (held && held.rule !== "household" && held.persons.length >= held.size) told.textContent = t("The tube is full. Seal it.");
    person.box.focus();
    return undefined;
  }

  /** @param {string} id @param {walls.Sample} made @param {string} before */
  async function undo(id, made, before) {
    await app.outbox.undo(id);
    walls.takeBack(now.book, made, before);
    await saved();
    told.textContent = "";
    tally();
    app.say(t("Taken back"));
  }

  async function sealTube() {
    const held = now.book.tubes[now.tube];
    if (!held) return tell(t("There is nobody in a tube."), tube.box);
    const code = now.tube;
    try {
      await app.outbox.add({
        kind: "testing.sealed", outcome: "sealed", protocol: now.tube_protocol, area: now.area,
        subject: { type: "tube", id: await people.tubeId(now.operation, code) },
        payload: { round: now.operation, tube: code, n: held.persons.length },
      });
    } catch (error) {
      return notSaved(root, error);
    }
    held.sealed = true;
    now.full.push(code);
    now.tube = "";
    await saved();
    app.say(t("Sealed: {code} with {n}", { code, n: held.persons.length }));
    return app.refresh();
  }

  async function courier() {
    if (!now.full.length) return tell(t("No sealed tube waits here."), tube.box);
    try {
      await app.outbox.add({
        kind: "testing.taken", outcome: "taken", protocol: now.tube_protocol, area: now.area,
        subject: { type: "bag", id: app.outbox.uuid7() },
        payload: { round: now.operation, tubes: now.full, n: now.full.length },
      });
    } catch (error) {
      return notSaved(root, error);
    }
    const n = now.full.length;
    now.full = [];
    await saved();
    app.say(t("{n} tubes with the courier", { n }));
    return app.refresh();
  }

  /** Where they were found is kept, and no name. */
  function without() {
    if (!now.tube) return tell(t("Scan the tube first."), tube.box);
    const where = field("where", t("Where was the person found? A door or a place, no name"));
    fill(hits, h("li", null, where.line, button(t("Sample this person"), () => {
      const building = where.box.value.trim();
      const id = app.outbox.uuid7();
      const one = { id, path: now.area, label: building, building, settled: false, name: "", initials: "", tails: [], digest: "" };
      known.push(one);
      void sample(one, { id, area: now.area, label: "-", building, kind: "other" });
    }, { class: "primary", id: "found" })));
    where.box.focus();
    return undefined;
  }

  async function leave() {
    if (now.tube && !now.book.tubes[now.tube]?.sealed && now.book.tubes[now.tube]) return tell(t("Seal the tube first."), tube.box);
    await people.keep("station", null);
    return app.refresh();
  }

  /** @param {string} words @param {HTMLInputElement} box */
  function tell(words, box) {
    told.textContent = words;
    box.select();
    return undefined;
  }
}
