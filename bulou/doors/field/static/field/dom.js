// @ts-check
// Elements without markup in texts: everything is a node, so nothing that people or servers wrote can become code.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. `on…` attributes are listeners, `true` is an attribute without a value, `false` and null are left out.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {(Child | Child[])[]} children
 */
function append(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * A button with a word on it; `primary` for the one thing that this screen is for.
 * @param {string} text
 * @param {(event: Event) => any} act
 * @param {Record<string, any>} [attributes]
 */
export function button(text, act, attributes = {}) {
  return h("button", { type: "button", onclick: act, ...attributes }, text);
}

/**
 * Replaces what is in an element.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * The heading of a screen: it takes the focus when the screen opens, so that a screen reader begins there.
 * @param {string} text
 * @param {...Child} more
 */
export function heading(text, ...more) {
  return h("h1", { tabindex: "-1" }, text, ...more);
}

/**
 * Moves the focus without moving the page.
 * @param {Element | null | undefined} element
 */
export function focusOn(element) {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}

/**
 * A choice of which one holds: radio buttons that look like buttons, because fingers are wide.
 * @param {string} name
 * @param {string} legend
 * @param {{key: string, label: string}[]} choices
 * @param {string | null | undefined} chosen
 * @param {(key: string) => void} changed
 */
export function choice(name, legend, choices, chosen, changed) {
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", null, legend),
    h("div", { class: "picks" }, ...choices.map((one) =>
      h("label", { class: "pick" },
        h("input", {
          type: "radio", name, value: one.key, checked: one.key === chosen, onchange: () => changed(one.key),
        }),
        h("span", null, one.label),
      ))),
  );
}

/**
 * Hours and minutes of a moment on this phone's clock.
 * @param {string | number | Date | null | undefined} moment
 */
export function clockTime(moment) {
  if (moment === null || moment === undefined) return "";
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const now = new Date();
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const hours = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return day === today ? hours : `${day} ${hours}`;
}
