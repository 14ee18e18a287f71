// Prints what the screens' pure modules answer to the questions on standard input.
import { readFileSync } from "node:fs";
import { account, buildings, revisitDue, units } from "../../bulou/doors/field/static/field/account.js";
import { gather } from "../../bulou/doors/field/static/field/care/work.js";
import { matrix } from "../../bulou/doors/field/static/field/qr.js";
import { find } from "../../bulou/doors/field/static/field/sample/find.js";
import { matches, plain } from "../../bulou/doors/field/static/field/search.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = {
  units: ({ tasks, own, protocols }) => units(tasks, own, new Map(protocols)).map(({ subject, state, waits }) => ({ subject, state, waits })),
  account: ({ tasks, own, protocols }) => account(units(tasks, own, new Map(protocols))),
  again: ({ tasks, own, protocols, now }) => units(tasks, own, new Map(protocols)).map((one) => revisitDue(one, Date.parse(now))),
  care: async (given) => {
    const part = (name) => async () => given[name] ?? [];
    const sync = { slots: part("slots"), handovers: part("handovers"), cases: part("cases"), toFix: part("to_fix"),
      sites: part("sites"), homes: part("homes"), protocols: part("protocols") };
    const { slots, chains, cases, sites, homes } = await gather({ sync, outbox: { own: part("own") }, session: { now: () => Date.parse(given.now) } });
    return {
      slots: slots.map((one) => [one.slot, one.closed]), cases: cases.map((one) => [one.id, one.steps.filter((step) => step.settled_at).map((step) => step.key)]),
      chains: chains.map((one) => [one.leg?.n ?? 0, one.leg?.state ?? "", one.side, one.items.length]),
      sites: sites.map((one) => [one.guests.length, one.rooms.map((room) => room.state)]),
      staying: sites.flatMap((one) => one.staying.map((each) => [each.stay, each.room])),
      homes: homes.map((one) => [one.dwelling, one.suitable]),
    };
  },
  buildings: ({ tasks }) => buildings(units(tasks, [], new Map())).map((one) => [one.building, one.floors.map((f) => [f.floor, f.units.map((u) => u.door)])]),
  matches: ({ hay, question }) => matches(plain(hay), question),
  find: async ({ people, texts }) => Promise.all(texts.map(async (text) => (await find(people, text, "round")).map((one) => one.id))),
  qr: ({ text }) => matrix(text).map((row) => row.map(Number).join("")),
};
console.log(JSON.stringify(await Promise.all(asked.map(([name, given]) => answers[name](given)))));
