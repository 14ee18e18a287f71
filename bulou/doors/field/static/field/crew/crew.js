// @ts-check
// The crew's list: objects of the round, what came back to be done again, and what waits for my sign-off.

import { button, clockTime, fill, h, heading } from "../dom.js";
import { gather, mark, STATES } from "../list.js";
import { standing } from "../record.js";
import { t } from "../words.js";
import { follow } from "../inspect/inspect.js";
import { isObjects, signed } from "./work.js";

/** @type {import("../app.js").Show} */
export async function show(root, _params, app) {
  const held = await gather(app);
  const jobs = signed(await app.sync.jobs(), held.own);
  const units = held.all.filter(isObjects);
  const kept = app.kept("crew", { all: false });
  const open = units.filter((one) => one.rank < 3);
  const list = h("ul", { class: "lines" });
  root.append(heading(t("Disinfection")),
    h("p", { class: "sum", role: "status" }, t("{done} of {all} objects are done", { done: units.length - open.length, all: units.length })),
    lines(t("Sent back: do it again"), jobs.filter((one) => one.sent_back && one.own_work)),
    lines(t("To be signed off"), jobs.filter((one) => !one.sent_back && !one.own_work)),
    units.length === 0 ? h("p", { class: "empty" }, t("No objects are on this phone. Download the list."))
      : h("section", null, h("h2", null, t("Objects")), list));
  draw();
  app.foot(button(t("Me"), () => app.go("me")), button("", () => { kept.all = !kept.all; draw(); }, { id: "which" }));
  name_it();
  return follow(app);

  function name_it() {
    const which = document.getElementById("which");
    if (which) which.textContent = kept.all ? t("Open ones only") : t("Done ones too");
  }

  function draw() {
    fill(list, ...(kept.all ? units : open).map((one) => h("li", null, h("button", {
      type: "button", class: "line", "data-key": one.key,
      onclick: () => app.go("job", { operation: one.operation, subject: one.subject }),
    }, h("span", null, mark(one.state), one.label),
    h("small", null, [held.area(one.area).name, STATES[one.state]()].join(" · ")),
    one.last && standing(/** @type {any} */ (one.last))))));
    name_it();
  }

  /**
   * @param {string} title
   * @param {import("./work.js").Job[]} found
   */
  function lines(title, found) {
    if (found.length === 0) return "";
    return h("section", null, h("h2", null, title), h("ul", { class: "lines" }, ...found.map((one) => h("li", null, h("button", {
      type: "button", class: "line", "data-job": one.subject,
      onclick: () => app.go(one.sent_back ? "job" : "signoff", { operation: one.operation, subject: one.subject }),
    }, h("span", null, one.label), h("small", null, [one.place, one.team, clockTime(one.done_at)].filter(Boolean).join(" · ")),
    one.settled && standing(/** @type {any} */ (one.settled)))))));
  }
}
