// Answers as the phone would, so that both languages are held to the same cases: JSON in, JSON out.

import { judge, read, signed } from "../../bulou/doors/field/static/field/gate/codes.js";
import { normalPlate, passTag, plateTag, seal } from "../../bulou/doors/field/static/field/gate/details.js";

const asked = JSON.parse(await new Promise((resolve) => {
  let text = "";
  process.stdin.on("data", (part) => (text += part)).on("end", () => resolve(text));
}));

const codes = [];
for (const code of asked.codes) {
  const found = read(code);
  codes.push(found && { ...found.claims, signed: await signed(found, asked.public_key) });
}
const verdicts = [];
for (const { code, today, out, uses, path } of asked.judged) {
  const here = { post: { path }, today, out, uses: async () => uses };
  const { light, result } = await judge(code, asked.taken, here);
  verdicts.push([light, result]);
}
const plates = [];
for (const plate of asked.plates) plates.push([normalPlate(plate), await plateTag(asked.tags, asked.post, plate)]);
const sealed = await seal(asked.details, { on: asked.on, public: asked.point }, asked.passage);
console.log(JSON.stringify({ codes, verdicts, plates, pass: await passTag(asked.tags, "ABCDEFGHIJ"), sealed }));
