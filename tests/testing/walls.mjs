// The shared cases of the walls, run against the phone's code: node --test tests/testing/walls.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as walls from "../../bulou/doors/field/static/field/sample/walls.js";

const { cases } = JSON.parse(readFileSync(new URL("walls.json", import.meta.url), "utf-8"));
for (const one of cases) {
  test(one.name, () => {
    const book = walls.empty();
    const fill = one.fill ?? { n: 0 };
    for (let n = 0; n < fill.n; n++) walls.put(book, { person: `f${n}`, outcome: "sampled", tube: fill.tube, rule: fill.rule });
    const told = [];
    for (const step of one.steps) {
      if (step.seal) {
        book.tubes[step.seal].sealed = true;
        continue;
      }
      const sample = { outcome: "sampled", ...step };
      const found = walls.problems(book, sample);
      told.push(found);
      if (walls.barcode(sample.tube)) walls.put(book, sample, found);
    }
    assert.deepEqual(told, one.problems);
  });
}
