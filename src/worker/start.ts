// start.ts - the three ways to get a machine on the other end of a line.
//
// 1. An ordinary module worker. 2. A classic worker whose text is inlined: in a
// frame with sandbox="allow-scripts" the page has no origin, so no worker may be
// loaded from a URL, and Chromium refuses module workers from blobs. 3. The page
// itself, where neither starts.
import { portOf, type Port } from "./port.ts";
import type { ToMachine, ToPage } from "./protocol.ts";

/** Resolves once the worker says "ready"; rejects when it cannot start. */
export function whenReady(worker: Worker): Promise<Worker> {
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message || "the worker did not start"));
    };
  });
}

function moduleWorker(): Promise<Worker> {
  return whenReady(new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "machine" }));
}

async function classicWorker(): Promise<Worker> {
  const { default: text } = await import("virtual:classic-worker");
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await whenReady(new Worker(url, { name: "machine" }));
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function inPage(): Promise<Port<ToMachine, ToPage>> {
  const { serve } = await import("./server.ts");
  const { port1, port2 } = new MessageChannel();
  serve(portOf(port1, () => port1.close()));
  return portOf(port2, () => port2.close());
}

export async function startPort(): Promise<Port<ToMachine, ToPage>> {
  for (const start of [moduleWorker, classicWorker]) {
    try {
      const worker = await start();
      worker.onerror = null;
      return portOf(worker, () => worker.terminate());
    } catch {
      // Not allowed here: the next way.
    }
  }
  return inPage();
}
