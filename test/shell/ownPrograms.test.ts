/** Programs that no Debian has to compare with: what they look at is ours, or it is not installed everywhere. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { KernelImage } from "../../src/kbuild/image.ts";
import { bareName } from "../../src/kbuild/names.ts";
import { systemMap } from "../../src/kbuild/rootfs.ts";
import { readSections, writeSections } from "../../src/kbuild/wasmSections.ts";
import { runSnippets } from "./guest.ts";

const root = new URL("../..", import.meta.url).pathname;
const image = JSON.parse(readFileSync(`${root}build/kernel.json`, "utf8")) as KernelImage;
const vmlinux = new Uint8Array(readFileSync(`${root}build/vmlinux.wasm`));
const files = {
  [`boot/System.map-${image.release}`]: new TextEncoder().encode(systemMap(image)),
  "boot/vmlinux": vmlinux,
  // As a page has it.
  "boot/vmlinux-page": writeSections(readSections(vmlinux).filter(({ name }) => name !== "name")),
  "lib/sample.ko": new Uint8Array(readFileSync(`${root}build/modules/livepatch_sample.ko`)),
};

async function run(text: string) {
  const [result] = await runSnippets([text], files);
  return result!;
}

test("nm names every function of the kernel", async () => {
  const { stdout, stderr } = await run("nm -j /boot/vmlinux | sort -u");
  expect(stderr).toBe("");
  const names = new Set(stdout.split("\n"));
  // Accessors are inlined everywhere: they have no body of their own.
  const traced = image.functions.filter((f) => f.body !== 0).map((f) => bareName(f.name));
  expect(traced.length).toBeGreaterThan(1000);
  expect(traced.filter((name) => !names.has(name))).toEqual([]);
});

test("nm of a module: its own table, and what it takes from the kernel", async () => {
  const { stdout } = await run("nm -S /lib/sample.ko");
  expect(stdout).toMatch(/^[0-9a-f]{8} [0-9a-f]{8} T init_module$/m);
  expect(stdout).toMatch(/^[0-9a-f]{8} [0-9a-f]{8} t livepatch_cmdline_proc_show$/m);
  expect(stdout).toMatch(/^[0-9a-f]{8} [0-9a-f]{8} d funcs$/m);
  expect(stdout).toMatch(/^ {8} {10}U klp_enable_patch$|^ {9}U klp_enable_patch$/m);
});

test("objdump knows every instruction of the kernel", async () => {
  const { stdout, stderr, status } = await run(
    "objdump -d /boot/vmlinux >d; grep -c '^[0-9a-f]* func' d; tail -1 d; nm /boot/vmlinux | wc -l",
  );
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  const [functions, last, symbols] = stdout.trim().split("\n");
  expect(functions).toBe(symbols);
  expect(last).toMatch(/ \| end$/);
});

test("objdump of one function names what it calls through its slot", async () => {
  const { stdout } = await run("objdump --disassemble=meminfo_proc_show /boot/vmlinux");
  expect(stdout).toContain("<fs/proc/meminfo/meminfo_proc_show>:");
  expect(stdout).toMatch(
    /\| i32\.const \d+ <mm\/page_alloc\/nr_free_pages>\n.*\| call_indirect 0 \(type \d+\)/,
  );
  expect(stdout.match(/^[0-9a-f]+ func/gm)).toHaveLength(1);
});

test("a kernel without names has those of the System.map beside it", async () => {
  const { stdout, stderr } = await run(`cd /boot; cp System.map-$(uname -r) System.map-page
    objdump --disassemble=meminfo_proc_show vmlinux-page | grep -e '>:' -e nr_free_pages
    nm -j vmlinux-page | grep -c '^klp_'; rm System.map-page; nm -j vmlinux-page | grep -c '^klp_'`);
  expect(stderr).toBe("");
  const [named, without] = stdout.trim().split("\n").slice(-2).map(Number);
  expect(stdout).toMatch(/^\w+ func\[\d+\] <meminfo_proc_show>:\n.*i32\.const \d+ <nr_free_pages>\n/);
  expect(named).toBeGreaterThan(50);
  expect(without).toBeLessThan(named!);
});

test("objdump and nm refuse what is no Wasm", async () => {
  const { stderr, status } = await run(
    "nm /etc/passwd; nm nosuch; objdump -h /etc; head -c 500 /lib/sample.ko >cut.ko; objdump -d cut.ko; objdump --disassemble=nosuch /lib/sample.ko >d",
  );
  expect(status).toBe(1);
  expect(stderr).toBe(
    "nm: /etc/passwd: file format not recognized\nnm: 'nosuch': No such file\n" +
      "objdump: Warning: '/etc' is a directory\nobjdump: cut.ko: file format not recognized\n" +
      "objdump: /lib/sample.ko: no symbol 'nosuch'\n",
  );
});

test("cal", async () => {
  const { stdout } = await run(
    "cal -h 9 1752; cal -hM feb 2027; cal -h 2 2024 | tail -4; cal 13 2026; cal 0",
  );
  expect(stdout.split("\n").map((l) => l.trimEnd())).toEqual([
    "   September 1752",
    "Su Mo Tu We Th Fr Sa",
    "       1  2 14 15 16",
    "17 18 19 20 21 22 23",
    "24 25 26 27 28 29 30",
    ...["", "", ""],
    "   February 2027",
    "Mo Tu We Th Fr Sa Su",
    " 1  2  3  4  5  6  7",
    " 8  9 10 11 12 13 14",
    "15 16 17 18 19 20 21",
    "22 23 24 25 26 27 28",
    ...["", ""],
    "11 12 13 14 15 16 17",
    "18 19 20 21 22 23 24",
    "25 26 27 28 29",
    ...["", ""],
  ]);
});

test("logger writes to the kernel's log", async () => {
  const { stdout, stderr } = await run(
    "logger -t me -p user.err hello there; dmesg | tail -1; echo from stdin | logger -s; logger -p x.y z; dmesg -l err | tail -1",
  );
  expect(stdout.replace(/\[ *[\d.]+\] /g, "")).toBe("me: hello there\nme: hello there\n");
  expect(stderr).toBe("<13>root: from stdin\nlogger: unknown facility name: x\n");
});
