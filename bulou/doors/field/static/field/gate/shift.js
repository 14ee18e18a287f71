// @ts-check
// A shift at a post: opened with who stands there, closed with what was counted by hand.

import { button, choice, clockTime, fill, h, heading } from "../dom.js";
import { readNumber } from "../controls.js";
import { t } from "../words.js";
import * as book from "./book.js";
import { input, labelled } from "./form.js";

/** @typedef {import("./book.js").Book} Book */

/**
 * @param {HTMLElement} root
 * @param {Record<string, any>} app
 * @param {Book} now
 */
export function beginShift(root, app, now) {
  const posts = now.taken.posts;
  const chosen = app.kept("gateshift", { post: posts.length === 1 ? posts[0].id : "", staff: "2" });
  const staff = input("staff", chosen.staff, { inputmode: "numeric", maxlength: "3" });
  staff.addEventListener("input", () => { chosen.staff = staff.value; });
  const begin = async () => {
    const post = posts.find((/** @type {any} */ one) => one.id === chosen.post);
    const n = readNumber(staff.value);
    if (!post) return app.say(t("Choose the post."));
    await book.keep(app, now, {
      kind: "shift", outcome: "opened", area: post.path,
      payload: { post: post.id, n_staff: typeof n === "number" && n > 0 ? Math.floor(n) : 1 },
    });
    app.refresh();
  };
  fill(root, heading(t("Begin a shift")),
    choice("post", t("Where do you stand?"), posts.map((/** @type {any} */ one) => ({ key: one.id, label: one.name })),
      chosen.post, (key) => { chosen.post = key; }),
    labelled("staff", t("How many are on duty here?"), staff));
  app.foot(button(t("Begin the shift"), begin, { class: "primary" }), button(t("Me"), () => app.go("me")));
}

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} _params
 * @param {Record<string, any>} app
 */
export async function show(root, _params, app) {
  const now = await book.open(app);
  if (!now?.shift) return app.go("gate", {}, { replace: true });
  const { passages, persons } = book.counts(now);
  const waiting = book.held(now).length;
  const told = app.kept("gateclose", { passages: "", persons: "" });
  const box = (/** @type {"passages" | "persons"} */ key) => {
    const made = input(key, told[key], { inputmode: "numeric", maxlength: "6" });
    made.addEventListener("input", () => { told[key] = made.value; });
    return made;
  };
  const close = async () => {
    const counted = [readNumber(told.passages || String(passages)), readNumber(told.persons || String(persons))];
    if (counted.some((n) => typeof n !== "number" || n < 0)) return app.say(t("Type numbers."));
    const [n, people] = /** @type {number[]} */ (counted);
    await book.keep(app, now, {
      kind: "shift", outcome: "closed", subject: now.shift?.id,
      payload: { post: now.shift?.post.id, passages: Math.floor(n), persons: Math.floor(people) },
    });
    app.forget("gateclose");
    app.go("gate", {}, { replace: true });
    app.say(n === passages && people === persons ? t("The shift is closed. The counts agree.")
      : t("The shift is closed. The counts differ; the office sees both."));
  };
  fill(root, heading(t("Shift at {post}", { post: now.shift.post.name })),
    h("p", null, t("Since {time}. On this phone: {passages} passages, {persons} persons.", {
      time: clockTime(now.shift.since), passages, persons,
    })),
    waiting ? h("p", { class: "fever", role: "alert" }, t("{n} held, not measured again yet. Settle it or hand it on first.", { n: waiting })) : null,
    h("p", null, t("Counted by hand; leave it empty where nobody counted.")),
    h("div", { class: "pair" }, labelled("passages", t("Passages"), box("passages")), labelled("persons", t("Persons"), box("persons"))),
    h("p", null, button(t("Note a patrol"), () => app.go("gatepatrol"))));
  app.foot(button(t("Close the shift"), close, { class: "primary" }), button(t("Back"), () => app.go("gate")));
}
