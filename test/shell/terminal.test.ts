// terminal.test.ts - the shell on a terminal, as a user sees it.
import { afterEach, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const UP = "\x1b[A";
const PROMPT = "root@patchbay:~# ";

/** Opens a terminal and types; the lines on the screen. */
async function typing(...keys: string[]): Promise<string[]> {
  screen = await openScreen();
  for (const k of keys) await screen.type(k);
  return screen.lines();
}

test("a command runs and the prompt comes back", async () => {
  expect(await typing("echo hi\r")).toEqual([`${PROMPT}echo hi`, "hi", PROMPT]);
});

test("the line can be edited at both ends", async () => {
  expect((await typing("cho x", "\x01", "e", "\x05", "y\r"))[1]).toBe("xy");
});

test("output without a newline stays before the prompt, and the line is edited behind it", async () => {
  const lines = await typing(
    "printf abc\r",
    "ech x",
    "\x1b[D\x1b[D",
    "o",
    "\r",
    "cat\r",
    "def",
    "\x04",
    "\x04",
  );
  expect(lines).toEqual([
    `${PROMPT}printf abc`,
    `abc${PROMPT}echo x`,
    "x",
    `${PROMPT}cat`,
    `defdef${PROMPT}`,
  ]);
});

test("a trap runs while a line is typed, and the line goes on", async () => {
  screen = await openScreen();
  await screen.type("trap 'echo caught $COLUMNS' USR1 WINCH; (sleep 2; kill -USR1 $$) &\r");
  await screen.type("echo li");
  await screen.pass(3);
  await screen.type("ne\r");
  expect(screen.lines().slice(-5)).toEqual([
    expect.stringContaining(`${PROMPT}echo licaught 80`),
    `${PROMPT}echo line`,
    "line",
    expect.stringMatching(/^\[1\]\+ +Done/),
    PROMPT,
  ]);
  await screen.resize(24, 60);
  expect(screen.text()).toContain("caught 60");
  await screen.type("echo $COLUMNS; stty size\r");
  expect(screen.lines().slice(-3)).toEqual(["60", "24 60", PROMPT]);
  await screen.type("trap 'exit 3' USR1; (sleep 1; kill -USR1 $$) &\r");
  await screen.pass(2);
  expect(screen.lines().at(-1)).toBe(PROMPT);
});

test("words are cut and put back", async () => {
  expect((await typing("echo one two", "\x17", "\x17", "\x19", "\r"))[1]).toBe("one two");
});

test("wide characters keep their columns", async () => {
  const lines = await typing("echo 日本語é", "\x1b[D\x1b[D", "x\r");
  expect(lines.slice(0, 2)).toEqual([`${PROMPT}echo 日本x語é`, "日本x語é"]);
});

test("a line longer than the screen wraps", async () => {
  const long = "a".repeat(150);
  expect((await typing(`echo ${long}\r`)).slice(2).join("")).toContain(long);
});

test("Ctrl-R finds an earlier command", async () => {
  const lines = await typing("echo first\r", "echo second\r", "\x12fir", "\r");
  expect(lines.filter((l) => l === "first")).toHaveLength(2);
});

test("a loop over several lines comes back as one", async () => {
  const lines = await typing("for i in 1 2; do\r", "echo $i; done\r", UP, "\r");
  expect(lines.filter((l) => l === "1")).toHaveLength(2);
  expect(lines).toContain("> echo $i; done");
});

test("a pasted text does not run before Enter", async () => {
  const lines = await typing("\x1b[200~echo a\necho b\x1b[201~");
  expect(lines).toEqual([`${PROMPT}echo a`, "echo b"]);
});

test("Tab completes a command and lists what could follow", async () => {
  expect((await typing("whoa\t\r"))[1]).toBe("root");
  screen.dispose();
  expect(await typing("ls /s\t", "\t")).toContain("sbin/  sys/");
});

test("Ctrl-C ends a sleeping program with 130", async () => {
  const lines = await typing("sleep 100\r", "\x03", "echo $?\r");
  expect(lines).toContain("^C");
  expect(lines).toContain("130");
});

test("Ctrl-C ends a loop of builtins", async () => {
  expect(await typing("while :; do :; done\r", "\x03", "echo $?\r")).toContain("130");
});

test("Ctrl-C ends the whole list", async () => {
  const lines = await typing("for i in 1 2 3; do sleep 5; echo $i; done; echo after\r", "\x03", "echo $?\r");
  expect(lines).not.toContain("after");
  expect(lines).toContain("130");
});

test("a job is stopped, listed, continued and brought back", async () => {
  const lines = await typing("sleep 50\r", "\x1a", "jobs\r", "bg\r", "fg\r", "\x03");
  expect(lines.filter((l) => l === "[1]+  Stopped                 sleep 50")).toHaveLength(2);
  expect(lines).toContain("[1]+ sleep 50 &");
});

test("a background job that ends is told of before the next prompt", async () => {
  screen = await openScreen();
  await screen.type("sleep 1 &\r");
  await screen.pass(1.5);
  await screen.type("\r");
  expect(screen.text()).toMatch(/\[1\]\+ {2}Done {20}sleep 1/);
});

test("a background task that reads the terminal is stopped", async () => {
  expect((await typing("cat &\r", "\r", "jobs\r")).join("\n")).toMatch(/\]\+ +Stopped +cat/);
});

test("read -p and Ctrl-D work", async () => {
  const lines = await typing(
    'read -p "name? " x\r',
    "bob\r",
    "echo $x\r",
    "cat\r",
    "line\r",
    "\x04",
    "echo end\r",
  );
  expect(lines).toEqual(expect.arrayContaining(["name? bob", "bob", "line", "end"]));
});
