import type { Program } from "../user/sys.ts";

const encoder = new TextEncoder();

/** `patchbox`: prints the diff in the page's patch box. Exists in a page only. */
export const patchbox: Program = async ({ sys }) => {
  const diff = encoder.encode((await sys.hostJob({ kind: "patchbox" })) as string);
  for (let done = 0; done < diff.length;) done += await sys.write(1, diff.subarray(done));
  return 0;
};
