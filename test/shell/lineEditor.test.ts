// lineEditor.test.ts - the line editor: windows that change, messages that come in between, completion.
import { afterEach, describe, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const PROMPT = "root@patchbay:~# ";
const LONG = `echo ${"abcdefghij".repeat(10)}`;

/** The text on the screen as one line: wrapped rows joined. */
const joined = (): string => screen.lines().join("");

describe("another window size while a line is edited", () => {
  test.each([
    [60, 24],
    [40, 24],
    [120, 24],
    [80, 10],
  ])("%i columns, %i rows", async (cols, rows) => {
    screen = await openScreen(24, 80);
    await screen.type("echo above\r");
    await screen.type(LONG);
    await screen.resize(rows, cols);
    expect(joined()).toBe(`${PROMPT}echo aboveabove${PROMPT}${LONG}`);
    // The cursor is where the line ends, and editing goes on.
    const at = PROMPT.length + LONG.length;
    expect(screen.cursor()).toEqual({ row: 2 + Math.floor(at / cols), col: at % cols });
    await screen.type("\x01\x1b[C\x1b[C\x1b[C\x1b[C x\x05y\r");
    expect(joined()).toContain(`${PROMPT}${LONG.replace("echo", "echo x")}y`);
    expect(joined()).toContain(`x ${"abcdefghij".repeat(10)}y`);
  });

  test("the shell's variables follow", async () => {
    screen = await openScreen(24, 80);
    await screen.resize(30, 100);
    await screen.type("echo $COLUMNS $LINES\r");
    expect(screen.lines()).toContain("100 30");
  });
});

describe("a kernel message while a line is edited", () => {
  const FILES = {
    "root/say":
      "echo 1 > /proc/sys/kernel/printk; echo 8 > /proc/sys/kernel/printk; sleep 1; echo '<3>hello from the kernel' > /dev/kmsg\n",
  };

  test("the line is drawn again below it, with what was typed and the cursor in its place", async () => {
    screen = await openScreen(24, 80, FILES);
    await screen.type("sh say &\r");
    await screen.type("echo one two\x1b[D\x1b[D\x1b[D");
    await screen.pass(2);
    const lines = screen.lines();
    const message = lines.findIndex((l) => l.includes("hello from the kernel"));
    expect(message).toBeGreaterThan(0);
    expect(lines[message + 1]).toBe(`${PROMPT}echo one two`);
    expect(screen.cursor()).toEqual({ row: message + 1, col: PROMPT.length + 9 });
    await screen.type("X\r");
    expect(screen.lines()).toContain("one Xtwo");
  });
});

describe("completion", () => {
  const FILES = { "root/fix.ko": "x", "root/notes.txt": "x", "root/dir/inner": "x" };
  const after = async (typed: string): Promise<string> => {
    screen = await openScreen(24, 80, FILES);
    await screen.type(`${typed}\t`);
    return screen.lines()[0]!.slice(PROMPT.length);
  };

  test("of commands, and of files where a command stands", async () => {
    expect(await after("kpatch-b")).toBe("kpatch-build ");
  });

  test("of files and directories", async () => {
    expect(await after("cat no")).toBe("cat notes.txt ");
    screen.dispose();
    expect(await after("cat di")).toBe("cat dir/");
  });

  test("of a command's options, from its --help", async () => {
    expect(await after("kpatch-build --skip-cl")).toBe("kpatch-build --skip-cleanup ");
    screen.dispose();
    expect(await after("less --chop")).toBe("less --chop-long-lines ");
  });

  test("insmod and kpatch load take modules", async () => {
    expect(await after("insmod f")).toBe("insmod fix.ko ");
    screen.dispose();
    expect(await after("kpatch load f")).toBe("kpatch load fix.ko ");
    screen.dispose();
    expect(await after("kpatch lo")).toBe("kpatch load ");
  });

  test("the tracing files take functions of the kernel", async () => {
    expect(await after("echo meminfo_proc_sh")).toBe("echo meminfo_proc_sh");
    screen.dispose();
    screen = await openScreen(24, 80, FILES);
    await screen.type("cd /sys/kernel/tracing\r");
    await screen.type("echo meminfo_proc_sh\t> set_ftrace_filter\r");
    await screen.type("cat set_ftrace_filter\r");
    expect(screen.lines()).toContain("meminfo_proc_show");
  });

  test("the man pages", async () => {
    expect(await after("man livepa")).toBe("man livepatch ");
  });

  test("in the middle of a line the rest stays", async () => {
    screen = await openScreen(24, 80, FILES);
    await screen.type("cat no x\x1b[D\x1b[D\t");
    expect(screen.lines()[0]).toBe(`${PROMPT}cat notes.txt  x`);
  });
});

test("Ctrl-_ undoes, Ctrl-O runs a line and brings the next of the history", async () => {
  screen = await openScreen(24, 80);
  await screen.type("echo one\x17\x1f\r");
  expect(screen.lines()[1]).toBe("one");
  await screen.type("echo two\r");
  await screen.type("\x1b[A\x1b[A\x0f");
  expect(screen.lines().at(-1)).toBe(`${PROMPT}echo two`);
});

test("a pasted block is edited as a whole and runs with one Enter", async () => {
  screen = await openScreen(24, 80);
  await screen.type("\x1b[200~for i in 1 2; do\necho n$i\ndone\x1b[201~");
  expect(screen.lines()).toEqual([`${PROMPT}for i in 1 2; do`, "echo n$i", "done"]);
  await screen.type("\r");
  expect(screen.lines().slice(3)).toEqual(["n1", "n2", PROMPT]);
});

test("a wide character that does not fit goes to the next row", async () => {
  screen = await openScreen(24, 20);
  await screen.type("é日本");
  expect(screen.lines()).toEqual([`${PROMPT}é日`, "本"]);
  await screen.type("\x1b[D\x7f");
  expect(screen.lines()).toEqual([`${PROMPT}é本`]);
});

test("Ctrl-R shows what it finds, again goes back, Ctrl-G gives up", async () => {
  screen = await openScreen(24, 80);
  for (const line of ["echo first", "echo second"]) await screen.type(`${line}\r`);
  await screen.type("\x12ec");
  expect(screen.lines().at(-1)).toBe("(reverse-i-search)`ec': echo second");
  await screen.type("\x12");
  expect(screen.lines().at(-1)).toBe("(reverse-i-search)`ec': echo first");
  await screen.type("\x07");
  expect(screen.lines().at(-1)).toBe(PROMPT);
  await screen.type("\x12nowhere");
  expect(screen.lines().at(-1)).toBe("(failed reverse-i-search)`nowhere': echo second");
});
