// patchbay.test.ts - the command itself, as a user starts it: streams, statuses, mounts.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const dir = mkdtempSync(join(tmpdir(), "patchbay-"));

function patchbay(args: string[], input = ""): { status: number | null; out: string; err: string } {
  const result = spawnSync("node", [join(root, "src/cli/patchbay.mjs"), ...args], {
    input,
    encoding: "utf8",
    timeout: 100_000,
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

beforeAll(() => {
  mkdirSync(join(dir, "shared/deep"), { recursive: true });
  writeFileSync(join(dir, "shared/deep/file"), "from outside\n");
  writeFileSync(
    join(dir, "script.sh"),
    'echo "$1-$2"\necho wrong >&2\ncat /mnt/shared/deep/file\ntouch /mnt/shared/new || exit 9\n',
  );
});

test("sh -c: output, errors and status, unchanged", () => {
  expect(patchbay(["sh", "-c", "echo out; echo err >&2; exit 3"])).toEqual({
    status: 3,
    out: "out\n",
    err: "err\n",
  });
});

test("what comes in on standard input reaches the guest, to its end", () => {
  const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`).join("\n") + "\n";
  expect(patchbay(["sh", "-c", "wc -l"], lines).out.trim()).toBe("500");
  expect(patchbay(["sh"], "echo a script; exit 4\n")).toEqual({ status: 4, out: "a script\n", err: "" });
});

test("run: arguments, and a folder of the host that cannot be written", () => {
  const { status, out, err } = patchbay([
    ...["run", "--mount", `${join(dir, "shared")}:/mnt/shared`],
    ...[join(dir, "script.sh"), "a", "b c"],
  ]);
  expect(status).toBe(9);
  expect(out).toBe("a-b c\nfrom outside\n");
  expect(err).toMatch(/^wrong\ntouch: .*Read-only file system\n$/);
});

test("run: a folder of livepatch selftests has the modules its scripts insert; a script starts in its folder", () => {
  const folder = join(dir, "selftests");
  mkdirSync(folder);
  writeFileSync(join(folder, "functions.sh"), 'insert() { insmod "test_modules/$1.ko" "${@:2}"; }\n');
  const script = `. $(dirname $0)/functions.sh
insert test_klp_livepatch; cat /proc/cmdline
./test_klp-call_getpid & sleep 1; kill -INT $!; wait $!
touch new
`;
  writeFileSync(join(folder, "test-mine.sh"), script);
  const { out, err } = patchbay(["run", "--mount", `${folder}:/root/tests`, "/root/tests/test-mine.sh"]);
  expect(out).toMatch(/^test_klp_livepatch: this has been live patched\n\d{5,} iterations done\n$/);
  expect(err).toMatch(/^touch: .*Read-only file system\n$/);
});

test("--append: words for the kernel", () => {
  expect(patchbay(["sh", "--append", "ftrace.switch=1", "-c", "cat /proc/cmdline"]).out).toBe(
    "quiet ftrace.switch=1\n",
  );
});

test("a minute of the guest takes no minute", () => {
  const started = performance.now();
  expect(patchbay(["sh", "-c", "sleep 60; echo $SECONDS"]).status).toBe(0);
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("two runs of a script are the same to the byte, the log's times too", () => {
  const story =
    "kpatch-build -s /usr/src/linux meminfo-string.patch; kpatch load livepatch-meminfo-string.ko; " +
    "grep -i chunk /proc/meminfo; kpatch list; kpatch unload livepatch-meminfo-string; dmesg; ps";
  const first = patchbay(["sh", "-c", story]);
  expect(first.out).toContain("VMALLOCCHUNK:");
  expect(patchbay(["sh", "-c", story])).toEqual(first);
});

test("a machine that stops under its command says why", () => {
  const { status, err } = patchbay(["sh", "-c", "kill -9 1; reboot -f; sleep 1"]);
  expect(status).toBe(125);
  expect(err).toMatch(/patchbay: the machine stopped: (restart|panic)/);
});

test("a wrong command line is answered with usage", () => {
  const { status, err } = patchbay(["fly"]);
  expect(status).toBe(2);
  expect(err).toMatch(/^patchbay: unknown command 'fly'\nusage: patchbay sh/);
});

test("--disk: what one run writes, the next one finds; a file that is no disk is left alone", () => {
  const disk = ["--disk", join(dir, "disk.img")];
  expect(patchbay(["sh", ...disk, "-c", "echo kept > ~/note; echo lost > /tmp/note"]).status).toBe(0);
  expect(patchbay(["sh", ...disk, "-c", "cat ~/note; ls /tmp"]).out).toBe("kept\n");
  expect(patchbay(["sh", "-c", "ls ~/note"]).status).toBe(2);
  const foreign = join(dir, "shared/deep/file");
  const { status, err } = patchbay(["sh", "--disk", foreign, "-c", "true"]);
  expect({ status, err }).toEqual({ status: 1, err: `patchbay: ${foreign}: not a disk of patchbay\n` });
  expect(readFileSync(foreign, "utf8")).toBe("from outside\n");
});

test("--boots: the command starts again after a reboot, and as often as was said", () => {
  const story = "echo boot $BOOT; [ $BOOT = 3 ] || reboot; sleep 1; echo end";
  expect(patchbay(["sh", "--boots", "3", "-c", story]).out).toBe("boot 1\nboot 2\nboot 3\nend\n");
  const { status, out, err } = patchbay(["sh", "--boots", "2", "-c", story]);
  expect({ status, out }).toEqual({ status: 125, out: "boot 1\nboot 2\n" });
  expect(err).toContain("patchbay: the machine stopped: restart");
});
