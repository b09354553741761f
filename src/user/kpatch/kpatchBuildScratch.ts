// kpatchBuildScratch.ts - what kpatch-build -d leaves in ~/.kpatch/tmp.
//
//   orig/PATH.ts    patched/PATH.ts     the sources of both sides
//   orig/PATH.o     patched/PATH.o      their functions, all references by name
//   changed_objs                        what was compiled again
//   patch/NAME.ko                       the module
import type { Tree } from "./applyDiffs.ts";
import type { BuildAnswer, BuildRequest } from "./buildJob.ts";
import type { BuildLog } from "./buildLog.ts";
import { objectOf } from "./findings.ts";
import { putFile, putSide } from "./klpTmp.ts";
import type { Tool } from "./tool.ts";

export async function keepScratch(
  tool: Tool,
  log: BuildLog,
  tree: Tree,
  patched: BuildRequest["patched"],
  answer: BuildAnswer,
  name: string,
): Promise<void> {
  const put = (path: string, content: string | Uint8Array) =>
    putFile(tool, `${log.scratch}/${path}`, content);
  for (const [path, text] of Object.entries(patched)) {
    const old = tree.get(path);
    if (old !== undefined) await put(`orig/${path}`, old);
    if (text !== null) await put(`patched/${path}`, text);
  }
  const objects = Object.keys(patched).map(objectOf);
  await put("changed_objs", objects.map((object) => `${object}\n`).join(""));
  if (!("notes" in answer)) return;
  for (const side of ["orig", "patched"] as const)
    await putSide(tool, log.scratch, side, answer.details ?? []);
  if (answer.kind === "built") await put(`patch/${name}.ko`, answer.ko);
}
