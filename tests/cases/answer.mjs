// Answers questions on standard input as the browser would; the Python test compares the answers with its own.
import { readFileSync } from "node:fs";

import * as forms from "../../bulou/doors/field/static/field/forms.js";

const { protocols, questions } = JSON.parse(readFileSync(0, "utf-8"));
const answers = questions.map(({ protocol, payload, outcome }) => {
  const asked = protocols[protocol];
  return {
    problems: forms.problems(asked, payload, outcome),
    alerts: forms.alerts(asked.form, payload),
    warnings: forms.warnings(asked, payload, outcome),
  };
});
process.stdout.write(JSON.stringify(answers));
