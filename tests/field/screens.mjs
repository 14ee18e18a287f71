// Prints what the screens' pure modules answer to the questions on standard input.
import { readFileSync } from "node:fs";
import { account, buildings, revisitDue, units } from "../../bulou/doors/field/static/field/account.js";
import { matrix } from "../../bulou/doors/field/static/field/qr.js";
import { matches, plain } from "../../bulou/doors/field/static/field/search.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = {
  units: ({ tasks, own, protocols }) => units(tasks, own, new Map(protocols)).map(({ subject, state, waits }) => ({ subject, state, waits })),
  account: ({ tasks, own, protocols }) => account(units(tasks, own, new Map(protocols))),
  again: ({ tasks, own, protocols, now }) => units(tasks, own, new Map(protocols)).map((one) => revisitDue(one, Date.parse(now))),
  buildings: ({ tasks }) => buildings(units(tasks, [], new Map())).map((one) => [one.building, one.floors.map((f) => [f.floor, f.units.map((u) => u.door)])]),
  matches: ({ hay, question }) => matches(plain(hay), question),
  qr: ({ text }) => matrix(text).map((row) => row.map(Number).join("")),
};
console.log(JSON.stringify(asked.map(([name, given]) => answers[name](given))));
