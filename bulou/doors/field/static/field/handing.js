// @ts-check
// Rescue by hand: what waits, as a file or as QR pages, sealed to the server all the same.

import * as outbox from "./outbox.js";
import * as seal from "./seal.js";
import * as session from "./session.js";

const PAGE = 900; // characters of one QR page: still read by a desk's scanner from a phone's screen
const MOST_PAGES = 400;

/**
 * Everything that has not arrived, as a file for the desk or the command line. Works locked, too.
 * @param {string} [device] one profile; without it all of this phone
 * @returns {{name: string, blob: Blob, count: number}}
 */
export function exportFile(device) {
  const waits = outbox.listed(device).filter(outbox.unsent);
  const envelopes = waits.map((row) => ({ device: row.device, id: row.id, sealed: seal.base64(row.envelope) }));
  const told = { bulou: "sealed-outbox", version: 1, exported_at: new Date().toISOString(), envelopes };
  const day = told.exported_at.slice(0, 16).replace("T", "-").replace(":", "");
  const blob = new Blob([JSON.stringify(told)], { type: "application/json" });
  return { name: `bulou-${day}.sealed.json`, blob, count: envelopes.length };
}

/**
 * The unsent records of whoever is signed in, packed and sealed once, cut into texts for QR codes:
 * `BULOU1/<pack>/<page>/<pages>/<base64url>`, plain ASCII.
 * @returns {Promise<string[]>}
 */
export async function qrPages() {
  const keys = session.keys();
  if (!keys) return [];
  const device = keys.profile.device;
  const waits = outbox.listed(device).filter((row) => outbox.unsent(row) && row.type === "record" && row.mine);
  const records = await Promise.all(waits.map(async (row) => (await outbox.content(row)).record));
  if (records.length === 0) return [];
  const pack = outbox.uuid7();
  const content = seal.packed({ token: keys.token, offset_ms: session.clockOffset(), records });
  const { envelope } = await seal.toServer(keys.profile.server, outbox.about(device, pack), content, seal.PACKED);
  const whole = `${device}/${seal.base64(envelope)}`;
  const pages = Math.ceil(whole.length / PAGE);
  if (pages > MOST_PAGES) return [];
  return Array.from({ length: pages }, (_, at) => {
    return `BULOU1/${pack}/${at + 1}/${pages}/${whole.slice(at * PAGE, (at + 1) * PAGE)}`;
  });
}
