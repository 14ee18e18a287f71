// @ts-check
// A way out for what waits on a phone that cannot connect, or whose keys are gone: sealed, for the office only.

import { h } from "./dom.js";
import { exportFile } from "./handing.js";
import { t } from "./words.js";

/**
 * Gives what waits of one profile to the browser as a file.
 * @param {string} device
 * @param {HTMLElement} told where it is said what became of it
 */
export function saveFile(device, told) {
  const { name, blob, count } = exportFile(device);
  if (count === 0) {
    told.textContent = t("Nothing waits on this phone.");
    return;
  }
  const link = /** @type {HTMLAnchorElement} */ (h("a", { href: URL.createObjectURL(blob), download: name }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  told.textContent = t("Saved as {name}. The office takes it in; only the office can read it.", { name });
}
