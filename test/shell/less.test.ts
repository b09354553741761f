// less.test.ts - the pager on a terminal, as a user sees it.
import { afterEach, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const PROMPT = "root@patchbay:~# ";
const numbers = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}\n`).join("");
const FILES = { "root/hundred": numbers(100), "root/five": numbers(5) };

async function typing(...keys: string[]): Promise<string[]> {
  screen = await openScreen(10, 50, FILES);
  for (const k of keys) await screen.type(k);
  return screen.lines();
}

test("a file opens at its top, with its name below", async () => {
  const lines = await typing("less hundred\r");
  expect(lines).toEqual([...numbers(9).trim().split("\n"), "hundred"]);
});

test("space, b, d, u, j, k move as they should", async () => {
  await typing("less hundred\r", " ");
  expect(screen.lines()).toEqual([
    "line 10",
    "line 11",
    "line 12",
    "line 13",
    "line 14",
    "line 15",
    "line 16",
    "line 17",
    "line 18",
    ":",
  ]);
  const top = async (keys: string) => (await screen.type(keys), screen.lines()[0]);
  expect(await top("b")).toBe("line 1");
  expect(await top("d")).toBe("line 5");
  expect(await top("u")).toBe("line 1");
  expect(await top("jj")).toBe("line 3");
  expect(await top("k")).toBe("line 2");
  expect(await top("\x1b[B")).toBe("line 3");
  expect(await top("\x1b[6~")).toBe("line 12");
  expect(await top("20j")).toBe("line 32");
});

test("G goes to the end and says so, g to the top, a number to a line", async () => {
  const lines = await typing("less hundred\r", "G");
  expect(lines.slice(-2)).toEqual(["line 100", "(END)"]);
  await screen.type("g");
  expect(screen.lines()[0]).toBe("line 1");
  await screen.type("50g");
  expect(screen.lines()[0]).toBe("line 50");
  await screen.type("50p");
  expect(screen.lines()[0]).toBe("line 50");
});

test("a pattern is found, again, and backward", async () => {
  await typing("less hundred\r", "/line .0$\r");
  expect(screen.lines()[0]).toBe("line 10");
  await screen.type("n");
  expect(screen.lines()[0]).toBe("line 20");
  await screen.type("N");
  expect(screen.lines()[0]).toBe("line 10");
  await screen.type("G?e 77\r");
  expect(screen.lines()[0]).toBe("line 77");
  await screen.type("/nowhere\r");
  expect(screen.lines().at(-1)).toBe("Pattern not found");
});

test("-i searches in either case, unless the pattern has capitals", async () => {
  await typing("less -i hundred\r", "/LINE 42\r");
  expect(screen.lines().at(-1)).toBe("Pattern not found");
  screen.dispose();
  await typing("sed s/line/LINE/ hundred | less -i\r", "/line 42\r");
  expect(screen.lines()[0]).toBe("LINE 42");
});

test("q gives the screen back as it was", async () => {
  expect(await typing("less hundred\r", " ", "q")).toEqual([`${PROMPT}less hundred`, PROMPT]);
});

test("a pipe is read while its writer goes on, with the keyboard at hand", async () => {
  await typing("(echo one; sleep 1; echo two) | less\r");
  expect(screen.lines().slice(0, 2)).toEqual(["one", "~"]);
  await screen.pass(1.5);
  expect(screen.lines().slice(0, 3)).toEqual(["one", "two", "~"]);
  await screen.type("q");
  expect(screen.lines().at(-1)).toBe(PROMPT);
});

test("an endless pipe can be left, and Ctrl-C ends looking for its end", async () => {
  await typing("yes | less\r");
  expect(screen.lines()[0]).toBe("y");
  await screen.type("G");
  await screen.type("\x03");
  expect(screen.lines().at(-1)).toBe(":");
  await screen.type("q");
  expect(screen.lines().at(-1)).toBe(PROMPT);
});

test("-N numbers lines, -S cuts them, and both can be toggled", async () => {
  await typing(`printf '%s\\n' ${"x".repeat(70)} b | less -S\r`);
  expect(screen.lines().slice(0, 2)).toEqual([`${"x".repeat(49)}>`, "b"]);
  await screen.type("-S");
  expect(screen.lines().slice(0, 3)).toEqual(["x".repeat(50), "x".repeat(20), "b"]);
  await screen.type("-N");
  expect(screen.lines()[0]).toBe(`      1 ${"x".repeat(42)}`);
  await screen.type("q");
});

test("-F prints a text that fits and leaves; a longer one is paged", async () => {
  const lines = await typing("less -F five\r");
  expect(lines).toEqual([`${PROMPT}less -F five`, ...numbers(5).trim().split("\n"), PROMPT]);
  await screen.type("less -F hundred\r");
  expect(screen.lines().at(-1)).toBe("hundred");
});

test("-X leaves the text on the screen", async () => {
  await typing("less -X five\r", "q");
  expect(screen.text()).toContain("line 5");
});

test("-R shows colours as colours, else escapes are shown", async () => {
  await typing("printf '\\e[31mred\\e[m\\n' > c\r", "less c\r");
  expect(screen.lines()[0]).toBe("ESC[31mredESC[m");
  await screen.type("q");
  await screen.type("less -R c\r");
  expect(screen.lines()[0]).toBe("red");
});

test("+F follows a file that grows; Ctrl-C stops", async () => {
  await typing("(sleep 2; echo grown >> five) & less +F five\r");
  expect(screen.lines().at(-1)).toBe("Waiting for data... (interrupt to abort)");
  await screen.pass(4);
  expect(screen.text()).toContain("grown");
  await screen.type("\x03");
  expect(screen.lines().at(-1)).toBe("(END)");
});

test("another window size lays the text out anew", async () => {
  await typing("less hundred\r");
  await screen.resize(5, 20);
  expect(screen.lines()).toEqual(["line 1", "line 2", "line 3", "line 4", "hundred"]);
  await screen.resize(12, 60);
  expect(screen.lines()).toHaveLength(12);
});

test("several files, and the keys between them", async () => {
  await typing("less five hundred\r");
  expect(screen.lines().at(-1)).toBe("five (file 1 of 2) (END)");
  await screen.type(":n");
  expect(screen.lines().at(-1)).toBe("hundred (file 2 of 2)");
  await screen.type(":n");
  expect(screen.lines().at(-1)).toBe("No next file");
  await screen.type(":p");
  expect(screen.lines()[4]).toBe("line 5");
});

test("refusals have less's words, and a pipe behind it makes it cat", async () => {
  const lines = await typing("less nothing\r", "less /tmp\r", "less\r", "less five | wc -l\r");
  expect(lines).toEqual(
    expect.arrayContaining([
      "nothing: No such file or directory",
      "/tmp is a directory",
      'Missing filename ("less --help" for help)',
      "5",
    ]),
  );
});

test("Ctrl-Z stops it and fg brings it back", async () => {
  await typing("less hundred\r", " ", "\x1a");
  expect(screen.text()).toContain("Stopped                 less hundred");
  await screen.type("fg\r");
  expect(screen.lines()[0]).toBe("line 10");
});

test("more shows a screen at a time and leaves at the end", async () => {
  await typing("more hundred\r");
  expect(screen.lines().at(-1)).toBe("--More--(7%)");
  await screen.type(" ");
  expect(screen.text()).toContain("line 18");
  await screen.type("G");
  expect(screen.lines().at(-1)).toBe(PROMPT);
});
