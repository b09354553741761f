// diskStore.ts - the machine's disk in the browser's storage.
//
// One page at a time has a disk of that name: two machines writing to it would
// each undo what the other did. A frame without an origin has no storage at all.
import { describeDisk, type Disk } from "../machine/disk.ts";
import type { DiskChoice } from "./protocol.ts";

export interface DiskStore {
  /** What was kept; null: nothing yet. */
  readonly disk: Disk | null;
  /** Keeps it when it differs from what was kept last. */
  save(disk: Disk): Promise<void>;
}

const DATABASE = "patchbay";
const STORE = "disks";
/** A page that is reloaded waits so long for what it was before to be gone. */
const GONE_MS = 500;

/** Null where nothing can be kept, or where another page has the disk. */
export async function openDiskStore({ name, isNew }: DiskChoice): Promise<DiskStore | null> {
  try {
    if (!(await own(`${DATABASE}-${name}`))) return null;
    const database = await open();
    const kept = transaction(database, "readonly").get(name) as IDBRequest<Uint8Array | undefined>;
    const bytes = isNew ? undefined : await settled(kept);
    const { decodeDisk } = bytes ? await import("../machine/diskFile.ts") : { decodeDisk: () => null };
    return new Store(database, name, bytes ? decodeDisk(bytes) : null);
  } catch {
    // No storage: sandboxed, private, or full.
    return null;
  }
}

class Store implements DiskStore {
  #kept: string;

  constructor(
    private readonly database: IDBDatabase,
    private readonly name: string,
    readonly disk: Disk | null,
  ) {
    this.#kept = disk ? describeDisk(disk) : "";
  }

  async save(disk: Disk): Promise<void> {
    const description = describeDisk(disk);
    if (description === this.#kept) return;
    this.#kept = description;
    const { encodeDisk } = await import("../machine/diskFile.ts");
    transaction(this.database, "readwrite").put(encodeDisk(disk), this.name);
  }
}

/** Whether the disk is ours for as long as this thread lives. */
function own(lock: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const owned = () => {
      resolve(true);
      return new Promise(() => undefined);
    };
    const signal = AbortSignal.timeout(GONE_MS);
    navigator.locks.request(lock, { signal }, owned).catch(() => resolve(false));
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

const transaction = (database: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore =>
  database.transaction(STORE, mode).objectStore(STORE);

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no storage"));
  });
}
