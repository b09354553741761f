// historyFile.ts - the history between two shells: $HISTFILE.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { decode, encode } from "../text.ts";
import { readAll, type Shell, writeAll } from "./shell.ts";

export async function saveHistory(
  sh: Shell,
  file?: string,
  text = sh.history.lines.map((l) => `${l}\n`).join(""),
): Promise<number> {
  const path = file ?? sh.vars.get("HISTFILE");
  if (!path) return 1;
  const fd = await attempt(sh.sys.open(path, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o600));
  if (!fd.ok) return sh.complain(`history: ${path}: ${strerror(fd.code)}`);
  await attempt(writeAll(sh.sys, fd.value, encode(text)));
  await sh.sys.close(fd.value);
  return 0;
}

export async function loadHistory(sh: Shell, file?: string): Promise<number> {
  const path = file ?? sh.vars.get("HISTFILE");
  const fd = path ? await attempt(sh.sys.open(path, Open.RDONLY)) : null;
  // As for bash, silently.
  if (!fd?.ok) return 1;
  const text = decode(await readAll(sh.sys, fd.value));
  await sh.sys.close(fd.value);
  for (const line of text.split("\n")) if (line !== "") sh.history.add(line, "");
  sh.history.current = false;
  return 0;
}
