// @ts-check
// Two thousand doors: only those near the window exist, made in idle moments; the others are room.

import { h } from "./dom.js";

/** @typedef {import("./account.js").Unit} Unit */
/** @typedef {{element: HTMLElement, units: Unit[], made: number, near: boolean}} Block */

const BLOCK = 24; // divides by every usual number of columns: no line is left with a gap
const SLICE = 12; // made at a time
const NEAR = "2500px 0px"; // further than a thumb throws before the idle moments are over

/** @param {() => void} work */
function idle(work) {
  if (globalThis.requestIdleCallback) requestIdleCallback(work, { timeout: 150 });
  else requestAnimationFrame(work);
}

/** Blocks of doors of one drawing of the list. */
export class Shelf {
  /**
   * @param {(unit: Unit) => HTMLElement} made
   * @param {(unit: Unit) => void} gone
   */
  constructor(made, gone) {
    this.made = made;
    this.gone = gone;
    /** @type {Map<Element, Block>} */
    this.blocks = new Map();
    /** @type {Map<string, Block>} */
    this.of = new Map();
    this.waits = false;
    this.closed = false;
    this.watch = new IntersectionObserver((seen) => this.moved(seen), { rootMargin: NEAR });
  }

  /**
   * The doors of one floor: the first ones of the list are there at once, the others when the window comes near.
   * @param {Unit[]} units
   * @returns {HTMLElement[]}
   */
  lists(units) {
    const found = [];
    for (let at = 0; at < units.length; at += BLOCK) {
      const part = units.slice(at, at + BLOCK);
      const element = h("ul", null);
      element.style.setProperty("--rows", String(Math.ceil(part.length / 3)));
      const block = { element, units: part, made: 0, near: this.of.size < BLOCK };
      for (const unit of part) this.of.set(unit.key, block);
      if (block.near) this.fill(block, part.length);
      else element.setAttribute("aria-busy", "true");
      this.blocks.set(element, block);
      this.watch.observe(element);
      found.push(element);
    }
    return found;
  }

  /** @param {IntersectionObserverEntry[]} seen */
  moved(seen) {
    for (const { target, isIntersecting } of seen) {
      const block = this.blocks.get(target);
      if (!block) continue;
      block.near = isIntersecting;
      if (!isIntersecting) this.empty(block);
    }
    this.go();
  }

  /** The next few doors in an idle moment, for as long as any are wanted; laid out there, not in the next frame. */
  go() {
    if (this.waits) return;
    this.waits = true;
    idle(() => {
      this.waits = false;
      const next = [...this.blocks.values()].find((block) => block.near && block.made < block.units.length);
      if (!next || this.closed) return;
      this.fill(next, SLICE);
      void next.element.offsetHeight;
      this.go();
    });
  }

  /** @param {Block} block @param {number} most */
  fill(block, most) {
    const part = block.units.slice(block.made, block.made + most);
    block.made += part.length;
    block.element.append(...part.map((unit) => h("li", null, this.made(unit))));
    if (block.made === block.units.length) block.element.removeAttribute("aria-busy");
  }

  /** What is far away is room again, as high as it was. @param {Block} block */
  empty(block) {
    if (block.made === 0 || block.element.contains(document.activeElement)) return;
    if (block.made === block.units.length) block.element.style.setProperty("--was", `${block.element.offsetHeight}px`);
    block.element.setAttribute("aria-busy", "true");
    block.element.replaceChildren();
    block.made = 0;
    for (const unit of block.units) this.gone(unit);
  }

  /** Makes the block of a door at once: somebody comes back to it. @param {string} key */
  reach(key) {
    const block = this.of.get(key);
    if (block) this.fill(block, block.units.length);
  }

  /** The news of units that are made later. @param {Map<string, Unit>} now by key */
  renew(now) {
    for (const block of this.blocks.values()) block.units = block.units.map((unit) => now.get(unit.key) ?? unit);
  }

  close() {
    this.closed = true;
    this.watch.disconnect();
  }
}
