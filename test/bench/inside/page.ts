import { runInside } from "./all.ts";
import type { LoadFile } from "./kernels.ts";

const load: LoadFile = async (name) => new Uint8Array(await (await fetch(`/${name}`)).arrayBuffer());

/** What the driver calls in the page (engines.ts). */
Object.assign(globalThis, {
  runInside: (name: Parameters<typeof runInside>[0], input: unknown) => runInside(name, input, load),
});
