// removeTree.ts - what lies at a path, with all that is in it; links are not followed.
import { Mode } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { listDir } from "./io.ts";

export async function removeTree(sys: SysCalls, path: string): Promise<void> {
  const found = await attempt(sys.lstat(path));
  if (!found.ok) return;
  if ((found.value.mode & Mode.IFMT) !== Mode.IFDIR) return sys.unlink(path);
  for (const name of await listDir(sys, path)) await removeTree(sys, `${path}/${name}`);
  await sys.rmdir(path);
}
