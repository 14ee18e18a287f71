// @ts-check
// Me: language, text size, night mode, PIN, what waits here, and the way out.

import { button, choice, clockTime, fill, h, heading } from "./dom.js";
import { HOME } from "./homes.js";
import * as looks from "./looks.js";
import { saveFile } from "./rescue.js";
import { pinField, sessionProblem } from "./start.js";
import { LANGUAGES, language, setLanguage, t } from "./words.js";

/** @type {import("./app.js").Show} */
export async function show(root, _params, app) {
  const me = app.session.current();
  const count = (await app.outbox.own()).filter((/** @type {any} */ one) => ["needs_help", "conflict"].includes(one.state)).length;
  root.append(
    heading(me.name),
    h("p", { class: "hint" }, t("This shift ends by itself at {time}.", { time: clockTime(me.shift_ends_at) })),
    h("div", { class: "ways" },
      way(t("My records"), () => app.go("record")),
      way(count ? t("Needs help: {n}", { n: count }) : t("Needs help"), () => app.go("help")),
      way(t("Download my list again"), () => app.go("start", { download: "yes" })),
      way(t("Send now"), () => void app.sync.sendNow())),
    ...modes(app, me),
    choice("language", t("Language"), LANGUAGES.map((one) => ({ key: one.key, label: one.label })),
      LANGUAGES.find((one) => one.tag === language())?.key, (key) => void setLanguage(key)),
    choice("size", t("Text size"), [
      { key: "normal", label: t("Normal") }, { key: "large", label: t("Large") }, { key: "largest", label: t("Very large") },
    ], looks.current().text, looks.setSize),
    choice("light", t("Light"), [
      { key: "auto", label: t("As the phone") }, { key: "light", label: t("Light, for the sun") },
      { key: "dark", label: t("Dark, for the night") },
    ], looks.current().light, looks.setLight),
    rescue(app),
    pin(app));
  app.foot(button(t("Back to the list"), () => app.home()),
    button(t("Lock"), () => app.session.lock(), { class: "primary" }));
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function way(text, act) {
  return h("button", { type: "button", class: "line", onclick: act }, text);
}

/**
 * @param {any} app
 * @param {any} me
 */
function modes(app, me) {
  if (me.modes.length < 2) return [];
  const names = /** @type {Record<string, () => string>} */ ({
    list: () => t("My list"), gate: () => t("Gate"), inspect: () => t("Inspection"), crew: () => t("Disinfection"),
    care: () => t("In care"), sample: () => t("Sampling"),
  });
  return [choice("mode", t("What I am doing now"), me.modes.filter((/** @type {string} */ one) => HOME[one])
    .map((/** @type {string} */ one) => ({ key: one, label: names[one]?.() ?? one })), app.mode, (key) => {
    app.mode = key;
    app.home();
  })];
}

/**
 * A phone that cannot connect still hands in what it holds: sealed, so that only the office can read it.
 * @param {any} app
 */
function rescue(app) {
  const told = h("p", { role: "status", class: "hint" });
  const pages = h("div", { class: "qr" });
  const file = button(t("Save what waits as a file"), () => saveFile(app.session.current()?.device, told));
  const codes = button(t("Show what waits as pictures"), async () => {
    const [{ qrPages }, { drawn }] = await Promise.all([import("./handing.js"), import("./qr.js")]);
    const found = await qrPages();
    if (found.length === 0) return nothing();
    told.textContent = t("Pictures to be read at the office: {n}", { n: found.length });
    fill(pages, ...found.map((/** @type {string} */ text, /** @type {number} */ n) => {
      const caption = t("Picture {n} of {all}", { n: n + 1, all: found.length });
      return h("figure", { role: "img", "aria-label": caption }, drawn(text), h("figcaption", null, caption));
    }));
    return undefined;
  });
  function nothing() {
    fill(pages);
    told.textContent = t("Nothing waits on this phone.");
  }
  return h("details", { class: "more" }, h("summary", null, t("This phone cannot connect")), file, codes, told, pages);
}

/** @param {any} app */
function pin(app) {
  const [old, next, again] = [pinField("old", t("PIN now")), pinField("new", t("New PIN")), pinField("again", t("The new PIN again"))];
  const told = h("p", { class: "problem", role: "alert" });
  const go = button(t("Change the PIN"), async () => {
    told.textContent = "";
    if (next.input.value !== again.input.value) {
      told.textContent = t("The two PINs differ.");
      return;
    }
    try {
      await app.session.changePin(old.input.value, next.input.value);
      for (const one of [old, next, again]) one.input.value = "";
      app.say(t("The PIN is changed."));
    } catch (error) {
      told.textContent = sessionProblem(error);
    }
  });
  return h("details", { class: "more" }, h("summary", null, t("Change my PIN")),
    h("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); go.click(); } },
      old.root, next.root, again.root, told, go));
}
