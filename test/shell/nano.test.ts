// nano.test.ts - the editor on a terminal, as a user sees it.
import { afterEach, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const PROMPT = "root@patchbay:~# ";
const FILES = { "root/poem": "one\ntwo\nthree\n" };

async function typing(...keys: string[]): Promise<string[]> {
  screen = await openScreen(14, 64, FILES);
  for (const k of keys) await screen.type(k);
  return screen.lines();
}

const rows = (): string[] => screen.lines().map((row) => row.trimEnd());

/** What a command prints, on a fresh screen. */
async function output(command: string): Promise<string[]> {
  await screen.type("clear\r");
  await screen.type(`${command}\r`);
  return screen.lines().slice(screen.lines().findIndex((l) => l.startsWith(PROMPT)) + 1, -1);
}

test("a file opens with its name above and the keys below", async () => {
  const lines = await typing("nano poem\r");
  expect(lines[0]).toMatch(/^ {2}nano \(Patchbay\) +poem +$/);
  expect(lines.slice(1, 4)).toEqual(["one", "two", "three"]);
  expect(lines[11]!.trim()).toBe("[ Read 3 lines ]");
  expect(lines[12]).toBe("^G Help         ^O Write Out    ^W Where Is     ^K Cut");
  expect(lines[13]).toBe("^X Exit         ^R Read File    ^\\ Replace      ^U Paste");
});

test("text is typed, written with ^O and left with ^X", async () => {
  await typing("nano poem\r", "zero\r", "\x0f");
  expect(rows()[0]).toMatch(/poem +Modified$/);
  expect(rows()[11]).toBe("File Name to Write: poem");
  await screen.type("\r");
  expect(rows()[11]!.trim()).toBe("[ Wrote 4 lines ]");
  expect(rows()[0]).not.toContain("Modified");
  await screen.type("\x18");
  expect(screen.lines()).toEqual([`${PROMPT}nano poem`, PROMPT]);
  expect(await output("cat poem")).toEqual(["zero", "one", "two", "three"]);
});

test("^X asks when the text was changed", async () => {
  await typing("nano poem\r", "x", "\x18");
  expect(rows()[11]).toBe("Save modified buffer?");
  await screen.type("\x03");
  expect(rows()[1]).toBe("xone");
  await screen.type("\x18n");
  expect(await output("cat poem")).toEqual(["one", "two", "three"]);
});

test("lines are cut with ^K and put back with ^U", async () => {
  await typing("nano poem\r", "\x0b\x0b", "\x1b/", "\x15");
  expect(screen.lines().slice(1, 4)).toEqual(["three", "one", "two"]);
});

test("what is marked is cut, and copied", async () => {
  await typing("nano poem\r", "\x1ba", "\x1b[B\x1b[C", "\x0b");
  expect(screen.lines().slice(1, 3)).toEqual(["wo", "three"]);
  await screen.type("\x1b/\x15");
  expect(screen.lines().slice(1, 5)).toEqual(["wo", "three", "one", "t"]);
  await screen.type("\x1b\\\x1ba\x05\x1b6\x15");
  expect(rows()[1]).toBe("wowo");
});

test("changes are undone and done again, typing in one step", async () => {
  await typing("nano poem\r", "abc", "\x0b", "\x1bu");
  expect(rows()[1]).toBe("abcone");
  await screen.type("\x1bu");
  expect(rows()[1]).toBe("one");
  expect(rows()[0]).not.toContain("Modified");
  await screen.type("\x1be\x1be");
  expect(rows()[1]).toBe("two");
  await screen.type("\x1be");
  expect(rows()[11]!.trim()).toBe("[ Nothing to redo ]");
});

test("^W finds, going round; ^C says where", async () => {
  await typing("nano poem\r", "\x17", "THR\r", "\x03");
  expect(rows()[11]!.trim()).toBe("[ line 3/4 (75%), col 1 ]");
  await screen.type("\x17o\r");
  expect(rows()[11]!.trim()).toBe("[ Search Wrapped ]");
  await screen.type("\x17nowhere\r");
  expect(rows()[11]!.trim()).toBe('[ "nowhere" not found ]');
});

test("^\\ replaces one by one, and all", async () => {
  await typing("nano poem\r", "\x1c", "t\r", "T\r");
  expect(rows()[11]).toBe("Replace this instance?");
  await screen.type("n");
  await screen.type("a");
  expect(screen.lines().slice(1, 4)).toEqual(["one", "two", "Three"]);
  expect(rows()[11]!.trim()).toBe("[ Replaced 1 occurrence ]");
});

test("a long line is shown from where the cursor is", async () => {
  await typing(`nano\r`, "a".repeat(70), "\x1b[200~Z\x1b[201~");
  expect(rows()[1]).toMatch(/^<a+Z$/);
  await screen.type("\x01");
  expect(rows()[1]).toBe(`${"a".repeat(63)}>`);
});

test("wide characters and tabs keep their columns", async () => {
  await typing("nano\r", "日本\tx", "\x1b[D\x1b[D\x1b[D", "_", "\x03");
  expect(rows()[1]).toBe("日_本   x");
  expect(rows()[11]!.trim()).toBe("[ line 1/1 (100%), col 4 ]");
});

test("a pasted text comes as it is, and is undone in one step", async () => {
  await typing("nano -i poem\r", "\x1b[200~  a\n  b\n\x1b[201~");
  expect(screen.lines().slice(1, 4)).toEqual(["  a", "  b", "one"]);
  await screen.type("\x1bu");
  expect(rows()[1]).toBe("one");
});

test("another window size draws everything anew", async () => {
  await typing("nano poem\r");
  await screen.resize(8, 40);
  expect(screen.lines()).toHaveLength(8);
  expect(rows()[7]).toBe("^X Exit             ^R Read File");
});

test("refusals are said, and keep the text", async () => {
  await typing("nano /proc/version\r", "x", "\x13");
  expect(rows()[11]!.trim()).toBe("[ Error writing /proc/version: Input/output error ]");
  expect(rows()[0]).toContain("Modified");
  screen.dispose();
  expect(await typing("nano /tmp\r")).toContain("nano: Error reading /tmp: Is a directory");
});

test("a full disk keeps the old file and the new text", async () => {
  await typing(
    "mkdir m; mount -t tmpfs -o size=16k none m; echo old > m/f\r",
    "head -c 8000 /dev/zero > m/fill\r",
  );
  await screen.type("nano m/f\r");
  for (let i = 0; i < 5; i++) await screen.type(`\x1b[200~${"x".repeat(3000)}\x1b[201~`);
  await screen.type("\x13");
  expect(rows()[11]!.trim()).toBe("[ Error writing m/f: No space left on device ]");
  expect(rows()[0]).toContain("Modified");
  await screen.type("\x18n");
  expect(await output("cat m/f; ls -A m")).toEqual(["old", "f  fill"]);
});

test("a signal that ends it saves the text beside the file", async () => {
  await typing("nano poem\r", "kept ", "\x1a");
  await screen.type("kill %1; fg\r");
  expect(screen.text()).toContain("Buffer written to poem.save");
  expect(await output("cat poem.save")).toEqual(["kept one", "two", "three"]);
  expect(await output("cat poem")).toEqual(["one", "two", "three"]);
});

test("a save keeps the mode of the file, and goes through a link", async () => {
  await typing("chmod 750 poem; ln -s poem link\r", "nano link\r", "x\x13\x18");
  expect(await output("stat -c %a poem; head -1 poem; readlink link")).toEqual(["750", "xone", "poem"]);
});
