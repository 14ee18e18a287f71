// @ts-check
// The gate: a passage in seconds, by thumb, by keyboard or by scanner.

import { button, choice, clockTime, fill, h, heading } from "../dom.js";
import { t } from "../words.js";
import { readNumber } from "../controls.js";
import * as book from "./book.js";
import * as codes from "./codes.js";
import { answers, fresh, input, labelled, saved, stepper } from "./form.js";
import * as light from "./light.js";
import { passCheck } from "./pass.js";
import { canScan, scan } from "../scan.js";
import { handOver, turnBack } from "./steps.js";
import { beginShift } from "./shift.js";

/** @typedef {import("./book.js").Book} Book */

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} _params
 * @param {Record<string, any>} app
 */
export async function show(root, _params, app) {
  const now = await book.open(app);
  if (now === null) return nothing(root, app);
  if (now.shift === null) return beginShift(root, app, now);
  const form = app.kept("gate", fresh());
  // what is begun survives a change of language; a finished passage empties it
  if (form.step === "turn") return turnBack(root, app, now, form);
  if (form.step === "hand") return handOver(root, app, now, form);
  fill(root, heading(now.shift.post.name), summary(app, now), holds(app, now), ...fields(app, now, form, root));
  feet(root, app, now, form);
  /** @type {HTMLInputElement | null} */ (root.querySelector("#plate"))?.focus();
}

/** @param {HTMLElement} root @param {Record<string, any>} app */
function nothing(root, app) {
  fill(root, heading(t("No post")),
    h("p", null, t("This phone knows no post yet. Download the list, or ask the office.")),
    button(t("Download my list"), () => app.go("start", { download: "yes" }), { class: "primary" }));
  app.foot(button(t("Me"), () => app.go("me")));
}

/** @param {Record<string, any>} app @param {Book} now */
function summary(app, now) {
  const { passages, persons, hour } = book.counts(now);
  return h("div", { class: "gatesum" },
    h("p", { id: "counts" }, t("This hour {hour} · shift {passages} passages, {persons} persons", { hour, passages, persons })),
    button(t("Shift"), () => app.go("gateshift"), { class: "quiet" }),
    button(t("Visitors"), () => app.go("gatevisitor"), { class: "quiet" }),
    button(t("Me"), () => app.go("me"), { class: "quiet" }));
}

/** @param {Record<string, any>} app @param {Book} now */
function holds(app, now) {
  const waiting = book.held(now);
  if (waiting.length === 0) return null;
  return h("ul", { class: "holds", "aria-label": t("Held, to be measured again") }, ...waiting.map((one) =>
    h("li", null, button(
      t("Held since {time}, {c} °C: measure again", {
        time: clockTime(one.record.observed_at), c: one.record.payload.temperature_c ?? "?",
      }),
      () => app.go("gatehold", { id: one.record.subject.id }), { class: "hold" }))));
}

/**
 * @param {Record<string, any>} app
 * @param {Book} now
 * @param {Record<string, any>} form
 * @param {HTMLElement} root
 */
function fields(app, now, form, root) {
  const seen = h("p", { id: "seen", role: "status", class: "seen" });
  const plate = input("plate", form.plate, { autocapitalize: "characters", maxlength: "400", enterkeyhint: "next" });
  plate.addEventListener("input", () => {
    form.began ||= Date.now();
    if (!codes.isCode(plate.value)) form.plate = plate.value;
  });
  plate.addEventListener("change", () => void repeat(now, form, seen));
  plate.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void entered(root, app, now, form, plate);
  });
  const temperature = input("temperature", form.temperature, { inputmode: "decimal", maxlength: "5", enterkeyhint: "done" });
  temperature.addEventListener("input", () => { form.temperature = temperature.value; warn(root, now, form); });
  temperature.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void letThrough(root, app, now, form);
  });
  return [
    choice("direction", t("Direction"), [{ key: "in", label: t("In") }, { key: "out", label: t("Out") }], form.direction,
      (key) => { form.direction = key; plate.focus(); }),
    labelled("plate", t("Plate, or scan a pass"), plate, seen),
    canScan ? camera(root, app, now, form) : null,
    h("div", { class: "pair" },
      labelled("temperature", t("Temperature °C"), temperature),
      labelled("persons", t("Persons"), stepper(form))),
    h("p", { id: "fever", class: "fever", role: "alert", hidden: !fever(now, form) }, feverWords()),
    choice("origin", t("Comes from"), [
      { key: "local", label: t("Here") }, { key: "outside", label: t("Elsewhere") }, { key: "listed", label: t("A listed place") },
    ], form.origin, (key) => { form.origin = key; }),
  ];
}

/**
 * The camera reads passes one after the other; without it, or without its consent, one types or uses a scanner.
 * @param {HTMLElement} root
 * @param {Record<string, any>} app
 * @param {Book} now
 * @param {Record<string, any>} form
 */
function camera(root, app, now, form) {
  const video = /** @type {HTMLVideoElement} */ (h("video", { class: "scanner", playsinline: true, hidden: true }));
  const told = h("p", { class: "problem", role: "alert" });
  const stop = new AbortController();
  const act = button(t("Scan with the camera"), async () => {
    video.hidden = false;
    told.textContent = "";
    addEventListener("hashchange", () => stop.abort(), { once: true });
    try {
      const text = await scan(video, stop.signal);
      if (text && video.isConnected) await passCheck(root, app, now, form, text);
    } catch {
      told.textContent = t("The camera cannot be used here. Type the code.");
    }
    video.hidden = true;
  }, { class: "quiet", id: "camera" });
  return h("div", { class: "camera" }, act, video, told);
}

const feverWords = () =>
  t("37.3 °C or more: lead aside, measure again under the arm. “Let through” holds.");

/** @param {HTMLElement} root @param {Book} now @param {Record<string, any>} form */
function warn(root, now, form) {
  const line = /** @type {HTMLElement | null} */ (root.querySelector("#fever"));
  if (line) line.hidden = !fever(now, form);
}

/** @param {Book} now @param {Record<string, any>} form */
function fever(now, form) {
  const read = readNumber(form.temperature);
  return typeof read === "number" && read >= now.taken.fever_c;
}

/** @param {Book} now @param {Record<string, any>} form @param {HTMLElement} seen */
async function repeat(now, form, seen) {
  const before = await book.seenBefore(now, form.plate);
  const words = before
    ? seenWords(before.direction, clockTime(before.at)) : "";
  fill(seen, words);
}

/** @param {string} direction @param {string} time */
const seenWords = (direction, time) =>
  direction === "out" ? t("Went out here at {time}", { time }) : t("Came in here at {time}", { time });

/**
 * Enter after the plate: a pass is checked, a plate leads on to the temperature.
 * @param {HTMLElement} root
 * @param {Record<string, any>} app
 * @param {Book} now
 * @param {Record<string, any>} form
 * @param {HTMLInputElement} plate
 */
async function entered(root, app, now, form, plate) {
  const typed = plate.value;
  if (codes.isCode(typed) || codes.isSerial(typed)) {
    plate.value = form.plate = "";
    return passCheck(root, app, now, form, typed);
  }
  form.plate = typed;
  // at once, because whoever types does not wait
  /** @type {HTMLInputElement} */ (root.querySelector("#temperature")).focus();
  return repeat(now, form, /** @type {HTMLElement} */ (root.querySelector("#seen")));
}

/** @param {HTMLElement} root @param {Record<string, any>} app @param {Book} now @param {Record<string, any>} form */
function feet(root, app, now, form) {
  app.foot(
    button(t("Let through"), () => letThrough(root, app, now, form), { class: "primary", id: "admit" }),
    button(t("Turn back"), () => { form.step = "turn"; app.refresh(); }),
    button(t("Hand over"), () => { form.step = "hand"; app.refresh(); }),
    button(t("Emergency"), () => emergency(app, now, form)),
  );
}

/** @param {HTMLElement} root @param {Record<string, any>} app @param {Book} now @param {Record<string, any>} form */
async function letThrough(root, app, now, form) {
  const told = answers(app, form);
  if (told === null) return;
  const hot = fever(now, form);
  const outcome = hot ? "held" : "admitted";
  await saved(app, now, form, { kind: "passage", outcome, payload: told, details: { plate: form.plate } });
  if (!hot) return light.sign("green");
  light.show(root, {
    light: "amber", word: t("Hold"), lines: [feverWords()], acts: [{ label: t("Understood"), act: () => {} }],
  });
}

/** Ambulance, fire, birth, dialysis: through at once, whatever else is open. @param {Record<string, any>} app @param {Book} now @param {Record<string, any>} form */
async function emergency(app, now, form) {
  const told = { direction: form.direction, vehicle: "ambulance", n_persons: form.persons };
  await saved(app, now, form, { kind: "passage", outcome: "emergency", payload: told, details: { plate: form.plate } });
}
