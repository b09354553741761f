// man.test.ts - the manual.
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { runSnippets, type Result } from "./guest.ts";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen | null = null;
afterEach(() => screen?.dispose());

describe("in a pipe", () => {
  const COMMANDS = {
    kpatch: "man kpatch",
    tail: "man tail | head -12",
    section: "man 1 livepatch; echo $?",
    missing: "man frob; echo $?",
    nothing: "man; echo $?",
    apropos: "man -k 'live patch'",
    nowhere: "apropos frobnicate; echo $?",
    whatis: "whatis kpatch ls",
  };
  const results = new Map<string, Result>();
  beforeAll(async () => {
    const all = await runSnippets(Object.values(COMMANDS));
    Object.keys(COMMANDS).forEach((name, i) => results.set(name, all[i]!));
  });
  const out = (name: keyof typeof COMMANDS) => results.get(name)!.stdout;
  const err = (name: keyof typeof COMMANDS) => results.get(name)!.stderr;

  test("a page of our own is 80 columns of plain text", () => {
    const lines = out("kpatch").split("\n");
    expect(lines[0]).toBe(`KPATCH(1)${" ".repeat(23)}Patchbay Manual${" ".repeat(24)}KPATCH(1)`);
    expect(lines.slice(2, 4)).toEqual(["NAME", "       kpatch - load, unload and list live patches"]);
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(80);
    expect(out("kpatch")).not.toContain("\x1b");
    expect(out("kpatch")).not.toContain("**");
    expect(out("kpatch")).toContain("       list    Lists the patches that are loaded and installed.");
  });

  test("a program without a page has one made of its --help", () => {
    expect(out("tail")).toContain("       tail - print the last part of files");
    expect(out("tail")).toMatch(/SYNOPSIS\n {11}tail \[OPTION\]/);
  });

  test("what is not there has man's words and statuses", () => {
    expect(err("missing")).toBe("No manual entry for frob\n");
    expect(out("missing")).toBe("16\n");
    expect(err("section")).toBe("No manual entry for livepatch in section 1\n");
    expect(err("nothing")).toBe("What manual page do you want?\nFor example, try 'man man'.\n");
    expect(out("nothing")).toBe("1\n");
    expect(err("nowhere")).toBe("frobnicate: nothing appropriate.\n");
  });

  test("-k searches, whatis looks names up", () => {
    expect(out("apropos")).toContain("kpatch (1)           - load, unload and list live patches\n");
    expect(out("whatis")).toMatch(/^kpatch \(1\) .*\nls \(1\) +- list directory contents\n$/);
  });
});

test("on a terminal a page is shown with less, and q comes back", async () => {
  screen = await openScreen(12, 80);
  await screen.type("man livepatch\r");
  expect(screen.lines()[2]).toBe("NAME");
  expect(screen.lines()[11]).toBe(" Manual page livepatch(7) line 1 (press h for help or q to quit)".trim());
  await screen.type("/FILES\r");
  expect(screen.lines()[0]).toBe("FILES");
  await screen.type("q");
  expect(screen.lines()).toEqual(["root@patchbay:~# man livepatch", "root@patchbay:~# "]);
});
