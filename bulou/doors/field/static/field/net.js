// @ts-check
// Talking to the server: one way for every module, with the phone's facts, time limits and plain errors.

export const LEVEL = 1; // what this app understands of the server; raised when an answer changes its shape
export const VERSION = new URL(import.meta.url).pathname.split("/")[3] ?? "dev";
const USUAL_LIMIT = 30_000;

/** @type {{unsent: number | null}} what every call tells about the phone */
export const facts = { unsent: null };

/** No answer, or none that is the server's: offline, cut off, a captive portal. */
export class NoAnswer extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(`no answer: ${cause}`);
    this.name = "NoAnswer";
  }
}

/** The server said no: its problem document. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {Record<string, any>} problem
   * @param {number} wait seconds that the server asks to wait
   */
  constructor(status, problem, wait) {
    super(`${status} ${problem.code}`);
    this.name = "Refused";
    this.status = status;
    this.code = /** @type {string} */ (problem.code ?? "");
    this.problem = problem;
    this.wait = wait;
  }

  /** Whether the same may be sent again later with hope. */
  get passing() {
    return this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

/**
 * @typedef {{
 *   method?: string, token?: string, body?: BodyInit, json?: unknown, type?: string, packed?: boolean,
 *   limit?: number, onProgress?: (got: number, of: number) => void,
 * }} Asking
 */

/**
 * One call; the answer is JSON or nothing.
 * @param {string} path below /api/v1
 * @param {Asking} [how]
 * @returns {Promise<any>}
 * @throws {NoAnswer | Refused}
 */
export async function ask(path, how = {}) {
  const headers = new Headers({ Accept: "application/json", "X-Bulou-App": `${LEVEL}.${VERSION}` });
  headers.set("Accept-Language", document.documentElement.lang || "zh-hans");
  if (facts.unsent !== null) headers.set("X-Bulou-Unsent", String(facts.unsent));
  if (how.token) headers.set("Authorization", `Bearer ${how.token}`);
  let body = how.body;
  if (how.json !== undefined) body = JSON.stringify(how.json);
  if (body !== undefined) headers.set("Content-Type", how.type ?? "application/json");
  if (how.packed) headers.set("Content-Encoding", "gzip");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort("too slow"), how.limit ?? USUAL_LIMIT);
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method: how.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      body,
      signal: stop.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
    return await told(answer, how.onProgress);
  } catch (error) {
    throw error instanceof Refused ? error : new NoAnswer(error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Response} answer
 * @param {((got: number, of: number) => void) | undefined} onProgress
 */
async function told(answer, onProgress) {
  const type = answer.headers.get("Content-Type") ?? "";
  const ours = type.startsWith("application/json") || type.startsWith("application/problem+json");
  if (answer.status < 400) {
    if (!ours) throw new NoAnswer("this is not our server's answer");
    return JSON.parse(onProgress ? await read(answer, onProgress) : await answer.text());
  }
  const wait = Number(answer.headers.get("Retry-After")) || 0;
  if (!ours && answer.status < 500) throw new NoAnswer(`${answer.status} from a stranger`);
  const problem = ours ? await answer.json().catch(() => ({})) : {};
  throw new Refused(answer.status, problem, wait);
}

/**
 * @param {Response} answer
 * @param {(got: number, of: number) => void} onProgress
 */
async function read(answer, onProgress) {
  const of = Number(answer.headers.get("X-Bulou-Bytes")) || 0;
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  const decoder = new TextDecoder();
  let got = 0;
  let out = "";
  onProgress(0, of);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return out + decoder.decode();
    got += value.length;
    out += decoder.decode(value, { stream: true });
    onProgress(got, of);
  }
}
