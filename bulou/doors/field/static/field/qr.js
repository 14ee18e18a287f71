// @ts-check
// A QR picture of an ASCII text (ISO/IEC 18004: byte mode, level L), for a phone that cannot connect.

/** Data words, correction words of a block, blocks of the first and of the second size; by version, level L. */
const SIZES = [
  [19, 7, 1, 0], [34, 10, 1, 0], [55, 15, 1, 0], [80, 20, 1, 0], [108, 26, 1, 0], [136, 18, 2, 0], [156, 20, 2, 0],
  [194, 24, 2, 0], [232, 30, 2, 0], [274, 18, 2, 2], [324, 20, 4, 0], [370, 24, 2, 2], [428, 26, 4, 0], [461, 30, 3, 1],
  [523, 22, 5, 1], [589, 24, 5, 1], [647, 28, 1, 5], [721, 30, 5, 1], [795, 28, 3, 4], [861, 28, 3, 5], [932, 28, 4, 4],
  [1006, 28, 2, 7], [1094, 30, 4, 5], [1174, 30, 6, 4], [1276, 26, 8, 4],
];
const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

const LOG = new Uint8Array(256);
const EXP = new Uint8Array(512);
for (let n = 0, x = 1; n < 255; n++) {
  EXP[n] = EXP[n + 255] = x;
  LOG[x] = n;
  x = (x << 1) ^ (x & 128 ? 0x11d : 0);
}

/** @param {number} a @param {number} b */
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

/**
 * The words that correct a block.
 * @param {Uint8Array} block
 * @param {number} count
 */
function correction(block, count) {
  let poly = Uint8Array.of(1);
  for (let n = 0; n < count; n++) {
    const next = new Uint8Array(poly.length + 1);
    poly.forEach((value, at) => {
      next[at] ^= value;
      next[at + 1] ^= times(value, EXP[n]);
    });
    poly = next;
  }
  const rest = new Uint8Array(block.length + count);
  rest.set(block);
  for (let n = 0; n < block.length; n++) {
    const factor = rest[n];
    if (factor) poly.forEach((value, at) => (rest[n + at] ^= times(value, factor)));
  }
  return rest.slice(block.length);
}

/**
 * The words of the picture: length, text, filling, correction, with the blocks interleaved.
 * @param {string} text
 * @param {number} version
 */
function wordsOf(text, version) {
  const [size, fix, first, second] = SIZES[version - 1];
  const bits = [];
  const put = (/** @type {number} */ value, /** @type {number} */ width) => {
    for (let n = width - 1; n >= 0; n--) bits.push((value >> n) & 1);
  };
  put(4, 4);
  put(text.length, version < 10 ? 8 : 16);
  for (const letter of text) put(letter.charCodeAt(0), 8);
  put(0, Math.min(4, size * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data = new Uint8Array(size);
  for (let n = 0; n < size; n++) {
    data[n] = n * 8 < bits.length ? parseInt(bits.slice(n * 8, n * 8 + 8).join(""), 2)
      : (n - bits.length / 8) % 2 ? 0x11 : 0xec;
  }
  const short = Math.floor(size / (first + second));
  const blocks = [];
  for (let n = 0, at = 0; n < first + second; n++) {
    const length = short + (n < first ? 0 : 1);
    blocks.push(data.slice(at, at + length));
    at += length;
  }
  const fixes = blocks.map((block) => correction(block, fix));
  const all = [];
  for (let n = 0; n <= short; n++) for (const block of blocks) if (n < block.length) all.push(block[n]);
  for (let n = 0; n < fix; n++) for (const block of fixes) all.push(block[n]);
  return all;
}

/**
 * Remainder of a BCH code.
 * @param {number} value
 * @param {number} generator
 * @param {number} width
 */
function bch(value, generator, width) {
  let rest = value << width;
  for (let n = 31 - Math.clz32(rest); n >= width; n = 31 - Math.clz32(rest)) rest ^= generator << (n - width);
  return (value << width) | rest;
}

/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (_x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Where the small squares lie. @param {number} version */
function alignment(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = version * 4 + 10;
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2;
  return Array.from({ length: count }, (_, n) => (n === 0 ? 6 : last - (count - 1 - n) * step));
}

/**
 * Finders, timing, alignment and version; null where data goes.
 * @param {number} version
 * @returns {(boolean | null)[][]}
 */
function frame(version) {
  const size = version * 4 + 17;
  /** @type {(boolean | null)[][]} */
  const grid = Array.from({ length: size }, () => Array(size).fill(null));
  const square = (/** @type {number} */ cx, /** @type {number} */ cy, /** @type {number} */ reach) => {
    for (let y = cy - reach; y <= cy + reach; y++) {
      for (let x = cx - reach; x <= cx + reach; x++) {
        const ring = Math.max(Math.abs(x - cx), Math.abs(y - cy));
        if (x >= 0 && y >= 0 && x < size && y < size) grid[y][x] = ring !== 4 && ring !== (reach === 2 ? 1 : 2);
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4);
  for (let n = 8; n < size - 8; n++) grid[6][n] = grid[n][6] = n % 2 === 0;
  const places = alignment(version);
  for (const y of places) {
    for (const x of places) {
      const corner = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (y === 6 && x === size - 7);
      if (!corner) square(x, y, 2);
    }
  }
  for (let n = 0; n < 9; n++) {
    grid[8][n] ??= false;
    grid[n][8] ??= false;
    if (n < 8) grid[8][size - 1 - n] = grid[size - 1 - n][8] = false;
  }
  grid[size - 8][8] = true;
  if (version < 7) return grid;
  const code = bch(version, 0x1f25, 12);
  for (let n = 0; n < 18; n++) {
    const [a, b] = [Math.floor(n / 3), size - 11 + (n % 3)];
    grid[a][b] = grid[b][a] = ((code >> n) & 1) === 1;
  }
  return grid;
}

/**
 * The picture as rows of dark and light.
 * @param {string} text ASCII, 1273 letters at most
 * @returns {boolean[][]}
 */
export function matrix(text) {
  const version = SIZES.findIndex(([size], n) => text.length <= size - (n < 9 ? 2 : 3)) + 1;
  if (version === 0) throw new RangeError("too long for one QR picture");
  const words = wordsOf(text, version);
  const base = frame(version);
  const size = base.length;
  const order = [];
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let n = 0; n < size; n++) for (const x of [right, right - 1]) order.push([x, up ? size - 1 - n : n]);
  }
  const free = order.filter(([x, y]) => base[y][x] === null);
  /** @type {boolean[][] | null} */
  let best = null;
  let least = Infinity;
  for (const [number, mask] of MASKS.entries()) {
    const grid = base.map((row) => row.map(Boolean));
    free.forEach(([x, y], n) => {
      grid[y][x] = (((words[n >> 3] ?? 0) >> (7 - (n & 7))) & 1) === 1 !== mask(x, y);
    });
    format(grid, number);
    const cost = penalty(grid);
    if (cost < least) [least, best] = [cost, grid];
  }
  return /** @type {boolean[][]} */ (best);
}

/**
 * @param {boolean[][]} grid
 * @param {number} mask
 */
function format(grid, mask) {
  const size = grid.length;
  const code = bch((1 << 3) | mask, 0x537, 10) ^ 0x5412;
  for (let n = 0; n < 15; n++) {
    const dark = ((code >> n) & 1) === 1;
    if (n < 8) grid[n < 6 ? n : n + 1][8] = grid[8][size - 1 - n] = dark;
    else {
      grid[8][n === 8 ? 7 : 14 - n] = dark;
      grid[size - 15 + n][8] = dark;
    }
  }
}

/** How hard a picture is to read: long runs, squares, false finders, too dark or too light. @param {boolean[][]} grid */
function penalty(grid) {
  const size = grid.length;
  let cost = 0;
  let dark = 0;
  const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x]))];
  for (const line of lines) {
    const text = line.map((one) => (one ? "1" : "0")).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) cost += run.length - 2;
    cost += 40 * ((text.match(/(?=10111010000)/g)?.length ?? 0) + (text.match(/(?=00001011101)/g)?.length ?? 0));
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (grid[y][x]) dark += 1;
      if (x && y && grid[y][x] === grid[y][x - 1] && grid[y][x] === grid[y - 1][x] && grid[y][x] === grid[y - 1][x - 1]) cost += 3;
    }
  }
  return cost + 10 * Math.floor(Math.abs((dark * 20) / size / size - 10));
}

/**
 * The picture as an SVG element, black on white in every light.
 * @param {string} text
 */
export function drawn(text) {
  const rows = matrix(text);
  const side = rows.length + QUIET * 2;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const paper = document.createElementNS(SVG, "rect");
  paper.setAttribute("width", String(side));
  paper.setAttribute("height", String(side));
  paper.setAttribute("fill", "#ffffff");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", rows.flatMap((row, y) => row.map((on, x) => (on ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : ""))).join(""));
  svg.append(paper, path);
  return svg;
}
