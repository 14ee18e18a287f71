// @ts-check
// The first screen of each mode of work.

/** @type {Record<string, string>} */
export const HOME = { list: "list", gate: "gate", inspect: "inspect", crew: "crew", care: "care", sample: "sample" };
