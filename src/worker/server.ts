// server.ts - the machine's end of the protocol.
import { SOURCE_TREE } from "../kbuild/rootfs.ts";
import type { HaltReason } from "../machine/haltReason.ts";
import { fetchAssets, type Assets } from "./assets.ts";
import { openDiskStore } from "./diskStore.ts";
import type { Port } from "./port.ts";
import type { CompileAnswer, CompileRequest, Reply, ToMachine, ToPage } from "./protocol.ts";
import { Session, type SessionHost } from "./session.ts";

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Serves one machine to one page. */
export function serve(port: Port<ToPage, ToMachine>): void {
  const server = new Server(port);
  port.listen((message) => server.receive(message));
}

class Server {
  #assets: Assets | null = null;
  #session: Session | null = null;
  /** What came before there was a machine. */
  #early: ToMachine[] = [];
  #nextId = 1;
  #compiles = new Map<number, Waiting>();

  constructor(private readonly port: Port<ToPage, ToMachine>) {}

  receive(message: ToMachine): void {
    if (message.type === "boot") void this.#boot(message);
    else if (message.type === "compiled") this.#compiled(message.id, message.answer);
    else if (this.#session && this.#assets) this.#handle(message, this.#session, this.#assets);
    else this.#early.push(message);
  }

  async #boot({ base, rows, cols, disk }: Extract<ToMachine, { type: "boot" }>): Promise<void> {
    try {
      const [assets, store] = await Promise.all([fetchAssets(base), disk ? openDiskStore(disk) : null]);
      const { release, build } = assets.packed;
      const host: SessionHost = {
        send: (message) => this.port.send(message),
        compile: (job, running) => this.#compile({ base, job, running }),
        booting: () => this.port.send({ type: "booted", kernel: { release, build } }),
        off: (reason) => this.#off(reason),
      };
      const session = new Session(base, assets, host, store);
      this.#assets = assets;
      session.boot(rows, cols);
      this.#session = session;
      for (const message of this.#early.splice(0)) this.receive(message);
    } catch (error) {
      this.port.send({ type: "died", reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Only the page's reload helps. */
  #off(reason: HaltReason): void {
    this.#session = null;
    this.port.send({ type: "died", reason });
  }

  #handle(message: ToMachine, session: Session, assets: Assets): void {
    switch (message.type) {
      case "input":
        return session.input(message.data);
      case "resize":
        return session.resize(message.rows, message.cols);
      case "shown":
        return session.shown(message.bytes);
      case "patch":
        session.patch = message.diff;
        return;
      case "listSources":
        return this.#reply(message.id, { ok: true, value: sourcePaths(assets) });
      case "readSource":
        return this.#reply(message.id, readSource(assets, message.path));
    }
  }

  #reply(id: number, reply: Reply): void {
    this.port.send({ type: "reply", id, reply });
  }

  #compile(request: CompileRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#compiles.set(id, { resolve, reject });
      this.port.send({ type: "compile", id, request });
    });
  }

  #compiled(id: number, answer: CompileAnswer): void {
    const waiting = this.#compiles.get(id);
    this.#compiles.delete(id);
    if (answer.ok) waiting?.resolve(answer.answer);
    else waiting?.reject(new Error(answer.error));
  }
}

const TREE = `${SOURCE_TREE}/`;

/** Paths of the kernel's source files in their tree, sorted. */
function sourcePaths({ packed }: Assets): string[] {
  const paths = packed.files.map(({ path }) => path).filter((path) => path.startsWith(TREE));
  return paths.map((path) => path.slice(TREE.length)).sort();
}

function readSource({ packed, contents }: Assets, path: string): Reply {
  const file = packed.files.find((entry) => entry.path === TREE + path);
  if (!file) return { ok: false, error: `${path}: no such file in the kernel's source` };
  const bytes = contents.subarray(file.offset, file.offset + file.size);
  return { ok: true, value: new TextDecoder().decode(bytes) };
}
