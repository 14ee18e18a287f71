// @ts-check
// Start of a shift: enrol by a one-time code, a personal PIN, and the list onto this phone.

import { button, fill, focusOn, h, heading } from "./dom.js";
import { saveFile } from "./rescue.js";
import { canScan, codeIn, scan } from "./scan.js";
import { LANGUAGES, language, setLanguage, t } from "./words.js";

/** What went wrong, in words. @type {Record<string, (left?: number) => string>} */
const PROBLEMS = {
  pin_wrong: (left) => (left === undefined ? t("The PIN is wrong.") : t("The PIN is wrong. Tries left: {n}.", { n: left })),
  pin_short: () => t("A PIN has 6 to 12 digits."),
  pin_plain: () => t("This PIN is too easy to guess: no repeated or counted digits."),
  wiped: () => t("The keys of this profile are gone. What was saved can still be handed in. Ask for a new code."),
  revoked: () => t("This phone was blocked by the office. What was saved can still be handed in."),
  needs_network: () => t("A new shift begins with a network: connect and try again."),
  offline: () => t("There is no connection. The code works only with a network."),
  code_not_valid: () => t("The code is wrong, used or older than ten minutes. Ask for a new one."),
  insecure: () => t("This address is not safe: it must begin with https. Ask the office."),
  refused: () => t("The office did not accept this. Ask your team leader."),
};

/** @param {any} error */
export function sessionProblem(error) {
  const known = PROBLEMS[error?.code];
  if (!known) console.error(error);
  return known ? known(error.left) : t("This did not work. Try again.");
}

/** @type {import("./app.js").Show} */
export async function show(root, params, app) {
  const kept = app.kept("start", { profile: "", enrolling: false, code: "", name: "" });
  if (params.code) {
    // scanned from the office's sheet: the code is used once, and does not stay in the address
    Object.assign(kept, { enrolling: true, code: params.code });
    history.replaceState(null, "", "#/enrol");
  }
  if (app.session.current() && !kept.enrolling) return download(root, app);
  const people = await app.session.profiles();
  const stop = new AbortController();
  const body = h("div", { class: "form narrow" });
  root.append(body, languages());
  draw();
  return () => stop.abort();

  function draw() {
    if (people.length === 0 || kept.enrolling) enrol();
    else if (kept.profile || people.length === 1) pin(people.find((/** @type {any} */ one) => one.device === kept.profile) ?? people[0]);
    else who();
  }

  function who() {
    kept.profile = "";
    fill(body, heading(t("Who is working?")),
      ...people.map((/** @type {any} */ one) => h("button", { type: "button", class: "line person", onclick: () => {
        kept.profile = one.device;
        draw();
      } }, h("b", null, one.name), h("small", null, stateWords(one.state)))));
    app.foot(button(t("New on this phone"), () => { kept.enrolling = true; draw(); }));
  }

  /** @param {any} one */
  function pin(one) {
    if (one.state === "wiped" || one.state === "revoked") return gone(one);
    const field = pinField("pin", t("PIN of {name}", { name: one.name }));
    const problem = h("p", { class: "problem", role: "alert" }, one.state === "ready" ? "" : stateWords(one.state));
    const go = button(t("Start"), () => attempt(problem, go, async () => {
      await app.session.unlock(one.device, field.input.value);
      await enter(app);
    }, field.input), { class: "primary" });
    fill(body, h("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); go.click(); } },
      heading(one.name), field.root, problem));
    app.foot(people.length > 1 && button(t("Somebody else"), who),
      button(t("New on this phone"), () => { kept.enrolling = true; draw(); }), go);
    focusOn(field.input);
    return undefined;
  }

  /** What was saved is sealed and still here, though nobody can open the list any more. @param {any} one */
  function gone(one) {
    const told = h("p", { class: "hint", role: "status" });
    fill(body, heading(one.name), h("p", { class: "problem" }, stateWords(one.state)),
      button(t("Save what waits as a file"), () => saveFile(one.device, told)), told);
    app.foot(people.length > 1 && button(t("Somebody else"), who),
      button(t("New on this phone"), () => { kept.enrolling = true; draw(); }, { class: "primary" }));
  }

  function enrol() {
    const code = input("code", t("One-time code"), kept.code, { autocapitalize: "characters", spellcheck: "false" },
      (value) => { kept.code = value; });
    const name = input("name", t("A name for the lock screen"), kept.name, { maxlength: 40 }, (value) => { kept.name = value; });
    name.input.before(h("small", { class: "hint" }, t("Anybody can read it there: a nickname or a number will do.")));
    const first = pinField("pin", t("Choose a PIN of 6 to 12 digits"));
    const second = pinField("pin-again", t("The same PIN again"));
    const problem = h("p", { class: "problem", role: "alert" });
    const video = /** @type {HTMLVideoElement} */ (h("video", { class: "scanner", playsinline: true, hidden: true }));
    const camera = canScan && button(t("Scan the code"), async () => {
      video.hidden = false;
      try {
        const text = await scan(video, stop.signal);
        if (text) code.input.value = kept.code = codeIn(text);
        focusOn(name.input);
      } catch {
        problem.textContent = t("The camera cannot be used here. Type the code.");
      }
      video.hidden = true;
    });
    const go = button(t("Set up this phone"), () => attempt(problem, go, async () => {
      if (first.input.value !== second.input.value) {
        problem.textContent = t("The two PINs differ.");
        return focusOn(second.input);
      }
      await app.session.enrol(kept.code.trim(), kept.name.trim(), first.input.value);
      app.forget("start");
      return enter(app);
    }, code.input), { class: "primary" });
    fill(body, h("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); go.click(); } },
      heading(t("Set up this phone")),
      h("p", { class: "hint" }, t("The office shows a code for ten minutes. There is no password in it.")),
      camera, video, code.root, name.root, first.root, second.root, problem));
    app.foot(people.length > 0 && button(t("Back"), () => { kept.enrolling = false; draw(); }), go);
  }
}

/** @param {string} state */
function stateWords(state) {
  return { ready: t("Ready, also without a network"), away: t("New shift: needs the network once"),
    wiped: PROBLEMS.wiped(), revoked: PROBLEMS.revoked() }[state] ?? "";
}

/**
 * @param {HTMLElement} problem
 * @param {HTMLElement} go
 * @param {() => Promise<any>} act
 * @param {HTMLElement} field
 */
async function attempt(problem, go, act, field) {
  if (go.hasAttribute("disabled")) return;
  go.setAttribute("disabled", "");
  problem.textContent = "";
  try {
    await act();
  } catch (error) {
    problem.textContent = sessionProblem(error);
    focusOn(field);
  } finally {
    go.removeAttribute("disabled");
  }
}

/**
 * @param {string} id
 * @param {string} text
 * @param {string} value
 * @param {Record<string, any>} attributes
 * @param {(value: string) => void} changed
 */
function input(id, text, value, attributes, changed) {
  const field = /** @type {HTMLInputElement} */ (h("input", {
    id, value, autocomplete: "off", oninput: () => changed(field.value), ...attributes,
  }));
  return { root: h("div", { class: "labelled" }, h("label", { for: id }, text), field), input: field };
}

/**
 * @param {string} id
 * @param {string} text
 */
export function pinField(id, text) {
  return input(id, text, "", { type: "password", inputmode: "numeric", maxlength: 12, class: "pin" }, () => {});
}

function languages() {
  return h("div", { class: "languages", role: "group", "aria-label": t("Language") }, ...LANGUAGES.map((one) =>
    button(one.label, () => setLanguage(one.key), { lang: one.tag, "aria-pressed": String(one.tag === language()) })));
}

/**
 * Into the work: with a list at once, without one by way of the download.
 * @param {any} app
 */
async function enter(app) {
  const tasks = await app.sync.tasks();
  if (tasks.length > 0) {
    void app.sync.download(() => {}).catch(() => {});
    app.home();
  } else {
    app.go("start", { download: "yes" }, { replace: true });
  }
}

/**
 * The clear step: how much comes, how far it is, what is on the phone afterwards.
 * @param {HTMLElement} root
 * @param {any} app
 */
async function download(root, app) {
  const told = h("p", { role: "status" }, t("Your list, its forms and the names of places come onto this phone. After that no network is needed."));
  const meter = /** @type {HTMLProgressElement} */ (h("progress", { max: 1, value: 0, "aria-label": t("Progress"), hidden: true }));
  const problem = h("p", { class: "problem", role: "alert" });
  root.append(heading(t("Download my list")), told, meter, problem);
  const go = button(t("Download my list"), () => attempt(problem, go, async () => {
    meter.hidden = false;
    await app.sync.download((/** @type {number} */ loaded, /** @type {number} */ total) => {
      if (total > 0) meter.value = loaded / total;
      told.textContent = total > 0 ? t("{loaded} of {total} kB", { loaded: Math.ceil(loaded / 1000), total: Math.ceil(total / 1000) })
        : t("{loaded} kB", { loaded: Math.ceil(loaded / 1000) });
    });
    const n = (await app.sync.tasks()).length;
    app.say(t("{n} doors and places are on this phone.", { n }));
    app.home();
  }, go), { class: "primary" });
  app.foot(button(t("Later"), () => app.home()), go);
}
