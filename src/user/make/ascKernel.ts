// ascKernel.ts - `asc -k`: the kernel of a source tree, with its modules.
import { makeDirs, writeFile } from "../kpatch/io.ts";
import { readTree } from "../kpatch/sourceTree.ts";
import type { Tool } from "../kpatch/tool.ts";
import { formatDate } from "../strftime.ts";
import type { KernelAnswer, KernelRequest } from "./buildJobs.ts";
import { diagnosticLines } from "./diagnosticText.ts";
import { dirOf } from "./words.ts";

const UTSVERSION = "include/generated/utsversion.ts";

export async function compileKernel(
  tool: Tool,
  tree: string,
  output: string,
  number: number,
): Promise<number> {
  const { sys } = tool;
  const sources = Object.fromEntries(await readTree(sys, tree));
  sources[UTSVERSION] = await version(tool, number);
  const request: KernelRequest = { tree: sources };
  const answer = (await sys.hostJob({ kind: "build-kernel", request })) as KernelAnswer;
  if (answer.kind === "compile-error") {
    for (const d of answer.diagnostics) {
      const file = d.file.slice(1);
      await tool.err(diagnosticLines(file, "error", d, sources[file] ?? ""));
    }
    return 1;
  }
  await makeDirs(sys, `${tree}/${dirOf(UTSVERSION)}`);
  await writeFile(sys, `${tree}/${UTSVERSION}`, sources[UTSVERSION]);
  const order: string[] = [];
  for (const { file, name, ko } of answer.modules) {
    const path = `${dirOf(file)}${name}.ko`;
    order.push(path);
    await writeFile(sys, `${tree}/${path}`, ko);
  }
  await writeFile(sys, `${tree}/modules.order`, order.map((path) => `${path}\n`).join(""));
  await writeFile(sys, `${tree}/System.map`, answer.systemMap);
  // Last: it is newer than all it was made from.
  await writeFile(sys, output, answer.vmlinux);
  return 0;
}

async function version({ sys }: Tool, number: number): Promise<string> {
  const now = await sys.clockGettime(0);
  const date = formatDate("%a %b %e %H:%M:%S UTC %Y", Math.floor(now / 1e9), 0);
  return `// utsversion.ts - the number and the time of this build; make writes it.

export const UTS_VERSION = "#${number} SMP PREEMPT_LAZY ${date}";
`;
}
