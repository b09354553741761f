// worker.ts - the thread the machine runs in.
//
// What it serves is a module of its own: when a chunk that is loaded later
// imports from a worker's first module, WebKit (2.50) runs that module a second
// time, and there are two machines, one of them deaf.
import { portOf } from "./port.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;

import("./server.ts").then(({ serve }) => {
  serve(portOf(scope, () => scope.close()));
  scope.postMessage("ready");
}, reportError);
