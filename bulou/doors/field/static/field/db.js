// @ts-check
// The phone's own storage: one IndexedDB, promises instead of events, and durable writes.

/** @typedef {"profiles" | "sealed" | "outbox" | "meta"} Store */

const NAME = "bulou";
const VERSION = 1;
/** @type {Record<Store, {keyPath: string, indexes?: string[]}>} */
const STORES = {
  profiles: { keyPath: "device" },
  sealed: { keyPath: "key", indexes: ["device"] },
  outbox: { keyPath: "id", indexes: ["device"] },
  meta: { keyPath: "key" },
};

/** What the storage could not do: `full`, `gone` (cleared while open) or `broken`. */
export class StorageError extends Error {
  /**
   * @param {"full" | "gone" | "broken"} code
   * @param {unknown} [cause]
   */
  constructor(code, cause) {
    super(`storage ${code}: ${cause}`);
    this.name = "StorageError";
    this.code = code;
  }
}

/** @type {Promise<IDBDatabase> | null} */
let opening = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes }] of Object.entries(STORES)) {
        if (asked.result.objectStoreNames.contains(name)) continue;
        const store = asked.result.createObjectStore(name, { keyPath });
        for (const index of indexes ?? []) store.createIndex(index, index);
      }
    };
    asked.onsuccess = () => {
      const db = asked.result;
      db.onversionchange = () => forget(db); // a newer page wants to change the storage: make way
      db.onclose = () => forget(null); // the browser has cleared it
      resolve(db);
    };
    asked.onerror = () => {
      opening = null;
      reject(told(asked.error));
    };
  });
  return opening;
}

/** @param {IDBDatabase | null} db */
function forget(db) {
  db?.close();
  opening = null;
}

/**
 * @param {unknown} error
 * @returns {StorageError}
 */
function told(error) {
  if (error instanceof StorageError) return error;
  const name = error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return new StorageError("full", error);
  if (name === "InvalidStateError" || name === "NotFoundError") return new StorageError("gone", error);
  return new StorageError("broken", error);
}

/**
 * One transaction. It resolves when everything is on the disk, or rejects and nothing of it is.
 * @template T
 * @param {Store[]} stores
 * @param {"readonly" | "readwrite"} mode
 * @param {(tx: IDBTransaction) => IDBRequest<T> | void} work places its requests at once, without waiting
 * @returns {Promise<T | undefined>}
 */
async function inOne(stores, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    /** @type {IDBTransaction | null} */
    let tx = null;
    try {
      tx = db.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const asked = work(tx);
      tx.oncomplete = () => resolve(asked ? asked.result : undefined);
      tx.onabort = () => reject(told(tx?.error ?? (asked && asked.error)));
    } catch (error) {
      if (tx) tx.abort(); // what was placed before must not be kept alone
      else forget(null);
      reject(told(error));
    }
  });
}

/**
 * @param {Store} store
 * @param {IDBValidKey} key
 * @returns {Promise<any>}
 */
export function get(store, key) {
  return inOne([store], "readonly", (tx) => tx.objectStore(store).get(key));
}

/**
 * Every row of a store, or those of one device.
 * @param {Store} store
 * @param {string} [device]
 * @returns {Promise<any[]>}
 */
export async function all(store, device) {
  const rows = await inOne([store], "readonly", (tx) => {
    const rows = tx.objectStore(store);
    return device === undefined ? rows.getAll() : rows.index("device").getAll(device);
  });
  return rows ?? [];
}

/**
 * Rows in, all or none, on the disk when it resolves.
 * @param {Partial<Record<Store, object[]>>} rows
 * @param {Partial<Record<Store, IDBValidKey[]>>} [gone]
 */
export function put(rows, gone = {}) {
  const stores = /** @type {Store[]} */ ([...new Set([...Object.keys(rows), ...Object.keys(gone)])]);
  return inOne(stores, "readwrite", (tx) => {
    for (const [store, list] of Object.entries(rows)) for (const row of list) tx.objectStore(store).put(row);
    for (const [store, keys] of Object.entries(gone)) for (const key of keys) tx.objectStore(store).delete(key);
  });
}

/**
 * Reads rows, changes them and puts them back in one transaction, so that no other tab comes between.
 * `change` may return null: that row stays as it is.
 * @param {Store} store
 * @param {IDBValidKey[]} keys
 * @param {(row: any) => any} change
 */
export function change(store, keys, change) {
  return inOne([store], "readwrite", (tx) => {
    const rows = tx.objectStore(store);
    for (const key of keys) {
      const asked = rows.get(key);
      asked.onsuccess = () => {
        const changed = asked.result === undefined ? null : change(asked.result);
        if (changed) rows.put(changed);
      };
    }
  });
}

/** @param {string} key */
export async function meta(key) {
  return (await get("meta", key))?.value;
}

/**
 * @param {string} key
 * @param {unknown} value
 */
export function setMeta(key, value) {
  return put({ meta: [{ key, value }] });
}

/** Asks the browser not to clear what is kept here. @returns {Promise<boolean>} */
export async function persist() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** How full the storage is. @returns {Promise<{used: number, quota: number}>} */
export async function room() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { used: usage, quota };
}
