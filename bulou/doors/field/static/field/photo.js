// @ts-check
// A photo where a form asks for one: made smaller on the phone, from its pixels alone, so that no position and no
// camera goes with it. Sealed in the outbox when the record is saved; until then it is in memory only.

import { button, fill, h } from "./dom.js";
import * as session from "./session.js";
import { say, t } from "./words.js";

const LONGEST = 1600; // the server keeps no more
const QUALITY = 0.8;
const SMALL = 240;

/** @typedef {{blob: Blob, small: HTMLCanvasElement, kept: boolean}} Taken */

/** Photos of answers that are not saved yet, by their number. @type {Map<string, Taken>} */
const taken = new Map();

session.on((now) => {
  if (!now) taken.clear();
});

/**
 * The photo anew, upright, small enough to be sent from a stairwell.
 * @param {Blob} file
 * @returns {Promise<{blob: Blob, small: HTMLCanvasElement}>}
 * @throws when this is no photo that the phone can read
 */
export async function drawnAnew(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const large = drawn(picture, LONGEST);
    const blob = await new Promise((done) => large.toBlob(done, "image/jpeg", QUALITY));
    if (!(blob instanceof Blob)) throw new Error("the photo could not be drawn");
    return { blob, small: drawn(picture, SMALL) };
  } finally {
    picture.close();
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {number} longest
 */
function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * The question of a form that is answered with photos.
 * @param {import("./forms.js").Field} field
 * @param {string[] | undefined} value the numbers of the photos
 * @param {(value: string[]) => void} onChange
 * @param {any} app
 * @returns {HTMLElement}
 */
export function photoField(field, value, onChange, app) {
  const most = field.max_items ?? 1;
  let ids = [...(value ?? [])];
  const name = say(field.label);
  const input = /** @type {HTMLInputElement} */ (h("input", {
    type: "file", accept: "image/*", capture: "environment", class: "camera", onchange: () => void take(),
  }));
  const shelf = h("ul", { class: "photos" });
  const problem = h("p", { class: "problem", role: "alert" });
  const more = h("label", { class: "shoot" }, input, h("span", null, t("Take a photo")));
  const root = h("div", { class: "photo-field", role: "group", "aria-label": name },
    h("p", { class: "legend" }, name, h("small", null, ` ${t("at most {n}", { n: most })}`)),
    field.hint ? h("small", { class: "hint" }, say(field.hint)) : null, shelf, more, problem);
  draw();
  return root;

  async function take() {
    const [file] = input.files ?? [];
    input.value = "";
    if (!file || ids.length >= most) return;
    problem.textContent = "";
    root.setAttribute("aria-busy", "true");
    try {
      const made = await drawnAnew(file);
      const id = app.outbox.uuid7();
      taken.set(id, { ...made, kept: false });
      change([...ids, id]);
    } catch {
      problem.textContent = t("This photo cannot be read. Take another one.");
    } finally {
      root.removeAttribute("aria-busy");
    }
  }

  /** @param {string[]} next */
  function change(next) {
    ids = next;
    draw();
    onChange(ids);
  }

  function draw() {
    fill(shelf, ...ids.map((id, n) => {
      const canvas = copied(taken.get(id)?.small);
      canvas?.setAttribute("role", "img");
      canvas?.setAttribute("aria-label", t("Photo {n}", { n: n + 1 }));
      return h("li", null, canvas ?? t("Photo {n}", { n: n + 1 }), button(t("Take photo {n} away", { n: n + 1 }), () => {
        taken.delete(id);
        change(ids.filter((one) => one !== id));
      }));
    }));
    more.hidden = ids.length >= most;
  }
}

/** A canvas stands in one place only. @param {HTMLCanvasElement | undefined} from */
function copied(from) {
  if (!from) return null;
  const canvas = document.createElement("canvas");
  canvas.width = from.width;
  canvas.height = from.height;
  canvas.getContext("2d")?.drawImage(from, 0, 0);
  return canvas;
}

/**
 * Keeps a record with the photos that it names: all of them are on the disk, sealed, when this resolves. The photos
 * go first: a record that names a photo which nobody has would be worse than a photo too many.
 * @param {any} app
 * @param {Record<string, any>} record
 * @returns {Promise<Record<string, any>>} the record as it was kept
 */
export async function keep(app, record) {
  const whole = { ...record, id: record.id ?? app.outbox.uuid7() };
  const ids = (record.payload?.photos ?? []).filter((/** @type {string} */ id) => taken.has(id));
  for (const id of ids) {
    const photo = /** @type {Taken} */ (taken.get(id));
    if (photo.kept) continue;
    await app.outbox.attach(whole.id, photo.blob, { id, area: record.area });
    photo.kept = true;
  }
  const saved = await app.outbox.add(whole);
  for (const id of ids) taken.delete(id);
  return saved;
}
