// The shared cases, run against the browser's interpreter: node --test tests/cases/run.mjs
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import * as forms from "../../bulou/doors/field/static/field/forms.js";

const here = new URL(".", import.meta.url);

for (const file of readdirSync(here).filter((name) => name.endsWith(".json")).sort()) {
  const { protocol, cases } = JSON.parse(readFileSync(new URL(file, here), "utf-8"));
  for (const one of cases) {
    test(`${file}: ${one.name}`, () => {
      const { payload, outcome = null } = one;
      const before = JSON.stringify(payload);
      assert.deepEqual(forms.problems(protocol, payload, outcome), one.problems);
      if (one.relevant) assert.deepEqual(forms.relevantKeys(protocol, payload, outcome), one.relevant);
      if (one.alerts) assert.deepEqual(forms.alerts(protocol.form, payload), one.alerts);
      if (one.warnings) assert.deepEqual(forms.warnings(protocol, payload, outcome), one.warnings);
      if (one.clean) {
        const kept = forms.clean(protocol, payload, outcome);
        assert.deepEqual(kept, one.clean);
        const left = forms.problems(protocol, kept, outcome);
        assert.ok(!left.some((problem) => /not_relevant|unknown_field/.test(problem)), String(left));
      }
      assert.equal(JSON.stringify(payload), before, "the payload was changed");
    });
  }
}
