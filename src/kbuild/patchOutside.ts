/**
 * Patches of modules whose source lies outside of the kernel's tree
 * (kpatch-build --oot-module): the module is built from the source it came
 * from, and is patched as one of the tree's.
 */

import type { BuildAnswer, BuildRequest, OutsideModule, Refusal } from "../user/kpatch/buildJob";
import type { KernelImage } from "./image";
import { linkOutside, PLACE, withSources, type Linked } from "./outOfTree";
import { EXPLANATIONS } from "./reasons";
import { readSections } from "./wasmSections";

/** @param build builds a patch of what is in the tree */
export async function patchOutside(
  image: KernelImage,
  request: BuildRequest,
  outside: OutsideModule,
  build: (image: KernelImage, request: BuildRequest) => Promise<BuildAnswer>,
): Promise<BuildAnswer> {
  const linked = await linkOutside(image, { tree: request.tree, ...outside });
  if (linked.kind === "compile-error") return fromOutside({ ...linked, original: true });
  if (linked.kind === "no-module") {
    const text = `asc: ${outside.parts.join(" ")}: no function init_module() is exported`;
    return { kind: "compile-error", original: true, diagnostics: [], text };
  }
  if (!sameCode(linked.ko, outside.running)) return foreign(linked);
  const tree = new Map(Object.entries(request.tree));
  const placed = (sources: Record<string, string>) => Object.fromEntries(withSources(tree, sources));
  const patched = { ...outside.sources, ...withoutGone(request.patched) };
  const after = placed(patched);
  const whole = { ...linked.kernel, modules: [...linked.kernel.modules, linked.image] };
  const answer = await build(whole, {
    ...request,
    outside: undefined,
    tree: placed(outside.sources),
    patched: Object.fromEntries(
      Object.entries(request.patched).map(([path, text]) => [PLACE + path, text && after[PLACE + path]!]),
    ),
  });
  return fromOutside(answer);
}

const withoutGone = (patched: BuildRequest["patched"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(patched).flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  );

/** What a module says about itself does not count. */
function sameCode(a: Uint8Array, b: Uint8Array): boolean {
  const code = (ko: Uint8Array) => readSections(ko).filter(({ id }) => id !== 0);
  const [ours, theirs] = [code(a), code(b)];
  return ours.length === theirs.length && ours.every(({ bytes }, i) => equal(bytes, theirs[i]!.bytes));
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function foreign({ image }: Linked): BuildAnswer {
  const file = image.root.slice(PLACE.length);
  const refusal: Refusal = {
    id: "tree",
    file,
    details: [`couldn't find matching ${file} local symbols in ${image.name} symbol table`],
    summary: "source is not what the module was built from",
    ...EXPLANATIONS.tree,
  };
  return { kind: "refused", refusals: [refusal], notes: [], warnings: [] };
}

/** Files by the names their author gave them. */
function fromOutside(answer: BuildAnswer): BuildAnswer {
  const own = <T extends { file: string }>(list: T[]): T[] =>
    list.map((item) => ({ ...item, file: item.file.replace(PLACE, "") }));
  if (answer.kind === "no-objects") return answer;
  if (answer.kind === "compile-error") {
    return { ...answer, diagnostics: own(answer.diagnostics), text: answer.text.replaceAll(PLACE, "") };
  }
  const found = {
    notes: own(answer.notes),
    warnings: own(answer.warnings),
    ...(answer.details && { details: own(answer.details) }),
  };
  return answer.kind === "refused"
    ? { ...answer, ...found, refusals: own(answer.refusals) }
    : { ...answer, ...found };
}
