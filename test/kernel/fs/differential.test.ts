// differential.test.ts - random calls on names, here and on the real kernel
// under the test: the same answers, and the same tree in the end.
import fc from "fast-check";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Mode, Open } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { asInit } from "../../boot.ts";
import { failure, list, slurp } from "./calls.ts";

interface Op {
  call:
    "mkdir" | "rmdir" | "unlink" | "rename" | "link" | "symlink" | "create" | "excl" | "append" | "truncate";
  a: string;
  b: string;
}

const part = fc.constantFrom("a", "b", "c", ".", "..");
const path = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "", "", "/"))
  .map(([parts, end]) => parts.join("/") + end);

const op: fc.Arbitrary<Op> = fc.record({
  call: fc.constantFrom(
    "mkdir",
    "mkdir",
    "rmdir",
    "unlink",
    "rename",
    "link",
    "symlink",
    "create",
    "create",
    "excl",
    "append",
    "truncate",
  ),
  a: path,
  b: path,
});

/** Deep enough that ".." of any path stays in the test's folder. */
const DEPTH = "1/2/3/4/5/6";

/** The call on the real kernel: 0 or the errno. */
function real({ call, a, b }: Op): number {
  const write = (flags: number) => {
    const fd = fs.openSync(a, flags, 0o644);
    fs.writeSync(fd, call);
    fs.closeSync(fd);
  };
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND } = fs.constants;
  const calls: Record<Op["call"], () => void> = {
    mkdir: () => fs.mkdirSync(a),
    rmdir: () => fs.rmdirSync(a),
    unlink: () => fs.unlinkSync(a),
    rename: () => fs.renameSync(a, b),
    link: () => fs.linkSync(a, b),
    symlink: () => fs.symlinkSync(a, b),
    create: () => write(O_WRONLY | O_CREAT),
    excl: () => write(O_WRONLY | O_CREAT | O_EXCL),
    append: () => write(O_WRONLY | O_APPEND),
    truncate: () => fs.truncateSync(a, 3),
  };
  try {
    calls[call]();
    return 0;
  } catch (error) {
    return -(error as NodeJS.ErrnoException).errno!;
  }
}

async function write(sys: SysCalls, name: string, text: string, flags: number): Promise<void> {
  const fd = await sys.open(name, Open.WRONLY | flags, 0o644);
  await sys.write(fd, new TextEncoder().encode(text));
  await sys.close(fd);
}

/** The call on ours. */
function ours(sys: SysCalls, { call, a, b }: Op): Promise<number> {
  const calls: Record<Op["call"], () => Promise<unknown>> = {
    mkdir: () => sys.mkdir(a, 0o777),
    rmdir: () => sys.rmdir(a),
    unlink: () => sys.unlink(a),
    rename: () => sys.rename(a, b),
    link: () => sys.link(a, b),
    symlink: () => sys.symlink(a, b),
    create: () => write(sys, a, call, Open.CREAT),
    excl: () => write(sys, a, call, Open.CREAT | Open.EXCL),
    append: () => write(sys, a, call, Open.APPEND),
    truncate: () => sys.truncate(a, 3),
  };
  return failure(calls[call]());
}

const describeFile = (name: string, kind: string, nlink: number, what: string) =>
  `${name} ${kind}${kind === "d" ? "" : ` ${nlink}`} ${what}`;

function realTree(dir: string, prefix = ""): string[] {
  return fs
    .readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const full = join(dir, name);
      const st = fs.lstatSync(full);
      if (st.isDirectory()) {
        const below = realTree(full, `${prefix}${name}/`);
        return [describeFile(prefix + name, "d", 0, ""), ...below];
      }
      if (st.isSymbolicLink()) return [describeFile(prefix + name, "l", st.nlink, fs.readlinkSync(full))];
      return [describeFile(prefix + name, "f", st.nlink, fs.readFileSync(full, "utf8"))];
    });
}

async function ourTree(sys: SysCalls, dir: string, prefix = ""): Promise<string[]> {
  const out: string[] = [];
  const names = (await list(sys, dir)).filter((name) => name !== "." && name !== "..").sort();
  for (const name of names) {
    const full = `${dir}/${name}`;
    const st = await sys.lstat(full);
    const type = st.mode & Mode.IFMT;
    if (type === Mode.IFDIR) {
      expect(st.nlink).toBe(2 + (await subdirs(sys, full)));
      out.push(describeFile(prefix + name, "d", 0, ""), ...(await ourTree(sys, full, `${prefix}${name}/`)));
    } else if (type === Mode.IFLNK) {
      out.push(describeFile(prefix + name, "l", st.nlink, await sys.readlink(full)));
    } else {
      out.push(describeFile(prefix + name, "f", st.nlink, await slurp(sys, full)));
    }
  }
  return out;
}

async function subdirs(sys: SysCalls, dir: string): Promise<number> {
  let n = 0;
  for (const name of (await list(sys, dir)).filter((entry) => entry !== "." && entry !== "..")) {
    if (((await sys.lstat(`${dir}/${name}`)).mode & Mode.IFMT) === Mode.IFDIR) n++;
  }
  return n;
}

async function removeTree(sys: SysCalls, dir: string): Promise<void> {
  for (const name of (await list(sys, dir)).filter((entry) => entry !== "." && entry !== "..")) {
    const full = `${dir}/${name}`;
    if (((await sys.lstat(full)).mode & Mode.IFMT) === Mode.IFDIR) await removeTree(sys, full);
    else await sys.unlink(full);
  }
  await sys.rmdir(dir);
}

const memFree = async (sys: SysCalls) =>
  Number(/MemFree: +(\d+)/.exec(await slurp(sys, "/proc/meminfo"))![1]);

test.runIf(process.platform === "linux")(
  "names behave as on the real kernel",
  async () => {
    const home = process.cwd();
    const root = fs.mkdtempSync(join(tmpdir(), "patchbay-"));
    try {
      await asInit(async (sys) => {
        let run = 0;
        let free = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 40 }), async (ops) => {
            const top = join(root, `${run}`);
            const mine = `/tmp/${run++}`;
            fs.mkdirSync(join(top, DEPTH), { recursive: true });
            await sys.mkdir(mine, 0o777);
            await sys.chdir(mine);
            for (const name of DEPTH.split("/")) {
              await sys.mkdir(name, 0o777);
              await sys.chdir(name);
            }
            process.chdir(join(top, DEPTH));
            const want = ops.map((each) => ({ ...each, errno: real(each) }));
            const got = [];
            for (const each of ops) got.push({ ...each, errno: await ours(sys, each) });
            expect(got).toEqual(want);
            expect(await ourTree(sys, mine)).toEqual(realTree(top));
            await sys.chdir("/");
            await removeTree(sys, mine);
            if (run === 1) free = await memFree(sys);
          }),
          { numRuns: 120, seed: 7 },
        );
        // A name, a link or a page that is not given back would add up.
        expect(free - (await memFree(sys))).toBeLessThanOrEqual(8);
      });
    } finally {
      process.chdir(home);
      fs.rmSync(root, { recursive: true, force: true });
    }
  },
  60_000,
);
