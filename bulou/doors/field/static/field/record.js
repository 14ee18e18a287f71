// @ts-check
// My own records: each with its state in words, to be corrected or taken back later. Nothing is changed in secret:
// a correction and a withdrawal are records too.

import { keyOf, live, subjectOf } from "./account.js";
import { button, choice, clockTime, fill, h, heading } from "./dom.js";
import { answersView, formView, implied, outcomeFor } from "./form_view.js";
import { gather } from "./list.js";
import { notSaved, undo } from "./saving.js";
import { say, t } from "./words.js";

/** What became of a record, in words and as a shape. @type {Record<string, () => [string, string]>} */
const STANDS = {
  waiting: () => ["unreachable", t("Saved on this phone, not sent yet")],
  sending: () => ["handed_over", t("Being sent")],
  kept: () => ["done", t("Arrived at the office")],
  doubtful: () => ["attention", t("Arrived; somebody has to look at it")],
  conflict: () => ["attention", t("Two different versions: both are kept")],
  needs_help: () => ["attention", t("Not accepted: needs help")],
};

/** @param {import("./account.js").Own} one */
export function standing(one) {
  const [shape, words] = (STANDS[one.state] ?? STANDS.waiting)();
  return h("span", { class: "standing", "data-standing": one.state }, h("i", { class: "mark", "data-mark": shape, "aria-hidden": "true" }), " ", words);
}

/**
 * @param {any} protocol
 * @param {Record<string, any>} record
 */
export function outcomeWords(protocol, record) {
  if (record.withdraws) return t("Taken back");
  const label = say(protocol?.outcomes.find((/** @type {any} */ one) => one.key === record.outcome)?.label);
  return label || record.outcome || record.kind;
}

/**
 * One line of a list of records: a way to the record.
 * @param {import("./account.js").Own} one
 * @param {{unit?: any, protocol?: any}} about
 * @param {any} app
 */
export function recordLine(one, about, app) {
  const door = about.unit?.label ?? "";
  const text = [clockTime(one.record.observed_at), door, outcomeWords(about.protocol, one.record)].filter(Boolean).join(" · ");
  return h("li", null, h("button", { type: "button", class: "line", "data-record": one.id,
    onclick: () => app.go("record", { id: one.id }) }, h("span", null, text), standing(one)));
}

/** @type {import("./app.js").Show} */
export async function show(root, params, app) {
  const held = await gather(app);
  if (!params.id) return all(root, held, app);
  const one = held.own.find((/** @type {any} */ own) => own.id === params.id);
  if (!one) {
    root.append(heading(t("This record is not on this phone any more")));
    app.foot(button(t("Back"), () => app.back()));
    return undefined;
  }
  const protocol = held.protocols.get(one.record.protocol);
  const unit = held.all.find((unit) => unit.key === keyOf({
    operation: one.record.operation, subject: subjectOf(one.record),
  }));
  const name = `record:${one.id}`;
  const kept = app.kept(name, { correcting: false, outcome: one.record.outcome, answers: { ...one.record.payload }, tried: false });
  const body = h("div");
  root.append(heading([unit?.label, outcomeWords(protocol, one.record)].filter(Boolean).join(": ")), body);
  const current = live(held.own).some((own) => own.id === one.id);
  draw();
  return undefined;

  function draw() {
    if (kept.correcting) return correct();
    fill(body,
      h("p", null, clockTime(one.record.observed_at), " · ", standing(one)),
      problemList(one, protocol),
      protocol && answersView(protocol, one.record.payload ?? {}),
      !current && h("p", { class: "hint" }, one.record.withdraws ? t("This takes an earlier record back.")
        : t("This record was corrected or taken back later.")));
    app.foot(button(t("Back"), () => app.back()),
      current && button(t("Take back"), async () => { await undo(app, one.id); app.back(); }),
      current && protocol && button(t("Correct"), () => { kept.correcting = true; draw(); }, { class: "primary" }));
    return undefined;
  }

  function correct() {
    const outcomes = protocol.outcomes.filter((/** @type {any} */ each) => each.family !== "moved");
    const hidden = new Set(Object.keys(implied(outcomes.find((/** @type {any} */ each) => each.key === kept.outcome))));
    const keys = protocol.form.map((/** @type {any} */ each) => each.key).filter((/** @type {string} */ key) => !hidden.has(key));
    const view = formView(protocol, kept, { keys, app });
    fill(body,
      choice("outcome", t("What happened?"), outcomes.map((/** @type {any} */ each) => ({ key: each.key, label: say(each.label) })),
        kept.outcome, (key) => {
          const chosen = outcomes.find((/** @type {any} */ each) => each.key === key);
          Object.assign(kept, { outcome: key, tried: false, answers: { ...kept.answers, ...implied(chosen) } });
          correct();
          /** @type {HTMLElement | null} */ (body.querySelector(`input[value="${key}"]`))?.focus();
        }),
      view.root);
    app.foot(button(t("Cancel"), () => { app.forget(name); app.refresh(); }),
      button(t("Save the correction"), async () => {
        if (!view.check()) return;
        const payload = view.payload();
        try {
          await app.outbox.correct(one.id, { outcome: outcomeFor(protocol, kept.outcome, payload), payload });
          app.forget(name);
          app.say(t("Corrected. Both versions are kept."));
          app.back();
        } catch (error) {
          notSaved(root, error);
        }
      }, { class: "primary" }));
    return undefined;
  }
}

/**
 * What the server found, each problem in words; questions by the words of the form.
 * @param {import("./account.js").Own} one
 * @param {any} protocol
 */
export function problemList(one, protocol) {
  if (!one.problems?.length) return null;
  return h("ul", { class: "problems" }, ...one.problems.map((problem) => h("li", null, inWords(problem, protocol))));
}

/**
 * @param {string} problem such as `form.required:met`
 * @param {any} protocol
 */
function inWords(problem, protocol) {
  const [code, path = ""] = problem.split(/:(.*)/s);
  const key = path.split(".")[0];
  const label = say(protocol?.form.find((/** @type {any} */ field) => field.key === key)?.label)
    || say(protocol?.outcomes.find((/** @type {any} */ each) => each.key === key)?.label) || key;
  const found = t(`problem:${code}`);
  if (found === `problem:${code}`) return problem;
  return found.replace(/\{[a-z_]+\}/g, label ? `“${label}”` : "…");
}

/**
 * Everything that I have told in this shift, the newest first.
 * @param {HTMLElement} root
 * @param {any} held
 * @param {any} app
 */
function all(root, held, app) {
  const units = new Map(held.all.map((/** @type {any} */ unit) => [unit.key, unit]));
  const lines = [...held.own].reverse().map((/** @type {any} */ one) => recordLine(one, {
    unit: units.get(keyOf({ operation: one.record.operation, subject: subjectOf(one.record) })),
    protocol: held.protocols.get(one.record.protocol),
  }, app));
  root.append(heading(t("My records")),
    lines.length ? h("ul", { class: "lines" }, ...lines) : h("p", { class: "empty" }, t("Nothing told yet.")));
  app.foot(button(t("Back to the list"), () => app.home()));
}
