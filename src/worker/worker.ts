// worker.ts - the thread the machine runs in.
import { portOf } from "./port.ts";
import { serve } from "./server.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
serve(portOf(scope, () => scope.close()));
scope.postMessage("ready");
