// vi.test.ts - the other editor on a terminal, as a user sees it.
import { afterEach, describe, expect, test } from "vitest";
import { openScreen, type Screen } from "./screen.ts";

let screen: Screen;
afterEach(() => screen.dispose());

const PROMPT = "root@patchbay:~# ";
const ESC = "\x1b";
const POEM = "one two three\nfour five six\nseven eight nine\n";
const SOURCE =
  'function show(m: usize): i32 {\n  seq_printf(m, "MemTotal: %8lu kB\\n", total);\n  return 0;\n}\n';

async function open(text: string, command = "vi file"): Promise<void> {
  screen = await openScreen(12, 70, { "root/file": text });
  await screen.type(`${command}\r`);
}

/** What the file is after these keys. */
async function edited(text: string, ...keys: string[]): Promise<string[]> {
  await open(text);
  for (const k of keys) {
    await screen.type(k);
    // A lone Escape is told from a sequence by what does not follow.
    if (k.endsWith(ESC)) await screen.pass(0.1);
  }
  return contents();
}

/** Writes the text and shows it with cat. */
async function contents(): Promise<string[]> {
  await screen.type(":wq\r");
  await screen.type("clear\r");
  await screen.type("cat file\r");
  return screen.lines().slice(1, -1);
}

describe("a text is changed by", () => {
  const cases: [what: string, keys: string[], text: string, result: string[]][] = [
    ["x, X and counts", ["3x", "$X"], "abcdef\n", ["df"]],
    ["dd and p, P", ["ddp", "kP"], "1\n2\n3\n", ["1", "2", "1", "3"]],
    ["a count before dd", ["2dd"], "1\n2\n3\n", ["3"]],
    ["yy and a count of p", ["yy3p"], "x\n", ["x", "x", "x", "x"]],
    ["dw, d2w and D", ["dwwd2w", "jD"], POEM, ["two five six", "seve"]],
    ["dw on the last word of a line", ["$dw"], "a b\n  c\n", ["a ", "  c"]],
    ["cw and .", ["cwX" + ESC, "w."], "a b c\n", ["X X c"]],
    ["c$ and C", ["wCrest" + ESC], "a b c\n", ["a rest"]],
    ["cc keeps one line", ["ccnew" + ESC], "a\nb\n", ["new", "b"]],
    ["i, a, I, A", ["i1" + ESC, "a2" + ESC, "I0" + ESC, "A9" + ESC], "x\n", ["012x9"]],
    ["o and O", ["obelow" + ESC, "Oabove" + ESC], "x\n", ["x", "above", "below"]],
    ["a count before i", ["3iab" + ESC], "x\n", ["abababx"]],
    ["r, R and ~", ["rX", "l~", "lRyz" + ESC], "abcd\n", ["XBcyz"]],
    ["J", ["3J"], "a\n  b\nc\n", ["a b c"]],
    ["s and S", ["sZ" + ESC, "jSnew" + ESC], "abc\ndef\n", ["Zbc", "new"]],
    ["u and Ctrl-R", ["xxx", "uu", "\x12"], "abcdef\n", ["cdef"]],
    ["f, t, ; and ,", ["fc;x", "0tcx"], "a c b c\n", ["ac b "]],
    ["df and dt", ["df,", "dt,"], "ab,cd,ef\n", [",ef"]],
    ["d with G, gg and a line number", ["2GdG"], "1\n2\n3\n", ["1"]],
    ["% and d%", ["f(d%"], "f(a, (b))+1\n", ["f+1"]],
    ["> and <", [":set sw=2 et\r", ">>", "j>>..", "<<"], "a\nb\n", ["  a", "    b"]],
    ['ci( and di"', ["fbci(X" + ESC, 'f"ldi"'], 'f(a, b) "text" c\n', ['f(X) "" c']],
    ["diw and daw", ["wdiw", "j0daw"], "a bcd e\nf g\n", ["a  e", "g"]],
    ["visual mode", ["wved", "jVd"], POEM, ["one  three", "seven eight nine"]],
    ["visual case and indent", ["veU", "jVj>"], "ab c\nd\ne\n", ["AB c", "        d", "        e"]],
    ["named registers", ['"add', '"bdd', '"ap', '"bp'], "1\n2\n3\n", ["3", "1", "2"]],
    ["marks", ["majjd'a"], "1\n2\n3\n4\n", ["4"]],
    ["g~, gu and gU", ["gUw", "wg~~"], "ab Cd\n", ["ab cD"]],
    [":s on a line and on all", [":s/a/X/\r", ":%s/b/Y/g\r"], "aba\nbb\n", ["XYa", "YY"]],
    [":s with groups and &", [":%s/\\(a\\)\\(b\\)/[&]\\2\\1/\r"], "ab\n", ["[ab]ba"]],
    [":s with c", [":%s/a/X/gc\r", "ynq"], "a a a\n", ["X a a"]],
    ["& again", [":s/a/X/\r", "j&"], "a\na\n", ["X", "X"]],
    [":g", [":g/x/d\r"], "x1\ny\nx2\n", ["y"]],
    [":v and ranges", [":2,3s/^/> /\r", ":v/>/d\r"], "1\n2\n3\n4\n", ["> 2", "> 3"]],
    [":m, :t", [":1m$\r", ":1t.\r"], "1\n2\n", ["2", "1", "2"]],
    [":r", [":r /etc/group\r"], "x\n", ["x", "root:x:0:"]],
    ["a paste", ["o\x1b[200~  a\n  b\x1b[201~" + ESC], "x\n", ["x", "  a", "  b"]],
    ["autoindent", [":set ai\r", "A\rb" + ESC], "  a\n", ["  a", "  b"]],
    ["wide characters", ["lx", "a語" + ESC], "日本x\n", ["日x語"]],
  ];
  test.each(cases)("%s", async (_, keys, text, result) => {
    expect(await edited(text, ...keys)).toEqual(result);
  });
});

describe("the cursor is moved by", () => {
  const cases: [keys: string, row: number, col: number][] = [
    ["j", 1, 0],
    ["$", 0, 12],
    ["$j", 1, 12],
    ["w", 0, 4],
    ["2w", 0, 8],
    ["3w", 1, 0],
    ["e", 0, 2],
    ["3wb", 0, 8],
    ["G", 2, 0],
    ["Ggg", 0, 0],
    ["2G", 1, 0],
    ["/eight\r", 2, 6],
    ["/e\rn", 0, 11],
    ["G?f\r", 1, 5],
    ["/five\rggn", 1, 5],
    ["jw0", 1, 0],
    ["fh", 0, 9],
    ["5|", 0, 4],
    ["}", 2, 15],
    ["L", 2, 0],
    ["3l", 0, 3],
    ["llk", 0, 2],
  ];
  test.each(cases)("%j", async (keys, row, col) => {
    await open(POEM);
    await screen.type(keys);
    expect(screen.cursor()).toEqual({ row, col });
  });
});

test("a file opens with tildes after its end and its size below", async () => {
  await open(POEM);
  const lines = screen.lines();
  expect(lines.slice(0, 4)).toEqual([...POEM.trim().split("\n"), "~"]);
  expect(lines[11]).toMatch(/^"file" 3L, 45B +1,1 +All$/);
});

test("the mode is said, and the ruler follows", async () => {
  await open(POEM);
  await screen.type("jA");
  expect(screen.lines()[11]).toMatch(/^-- INSERT -- +2,14 +All$/);
  await screen.type(ESC);
  await screen.pass(0.1);
  expect(screen.lines()[11]).toMatch(/^ +2,13 +All$/);
  await screen.type("V");
  expect(screen.lines()[11]).toContain("-- VISUAL LINE --");
});

test(":q refuses a changed text, :q! leaves, :w says what it wrote", async () => {
  await open(POEM);
  await screen.type("x:q\r");
  expect(screen.lines()[11]).toContain("E37: No write since last change (add ! to override)");
  await screen.type(":w\r");
  expect(screen.lines()[11]).toMatch(/^"file" 3L, 44B written/);
  await screen.type("x:q!\r");
  expect(screen.lines()).toEqual([`${PROMPT}vi file`, PROMPT]);
});

test("mistakes have vi's words", async () => {
  await open(POEM);
  const said = async (command: string) => (
    await screen.type(command),
    screen.lines()[11]!.trim().slice(0, 50)
  );
  expect(await said(":frob\r")).toContain("E492: Not an editor command: frob");
  expect(await said(":99d\r")).toContain("E16: Invalid range");
  expect(await said("/nowhere\r")).toContain("E486: Pattern not found: nowhere");
  expect(await said(":s/a\r:%s/zzz/y/\r")).toContain("E486: Pattern not found: zzz");
  expect(await said(":w /etc\r")).toContain("E13: File exists");
  expect(await said(":set frob\r")).toContain("E518: Unknown option: frob");
  expect(await said("u")).toContain("Already at oldest change");
});

test("+N, +/pattern, :N and -R", async () => {
  await open(POEM, "vi +2 file");
  expect(screen.cursor()).toEqual({ row: 1, col: 0 });
  await screen.type(":3\r");
  expect(screen.cursor().row).toBe(2);
  await screen.type(":q\r");
  await screen.type("clear\r");
  await screen.type("vi -R +/nine file\r");
  expect(screen.cursor()).toEqual({ row: 2, col: 0 });
  await screen.type("x:w\r");
  expect(screen.lines()[11]).toContain("E45: 'readonly' option is set");
});

test("a long line wraps, and the cursor is where it should be", async () => {
  await open(`${"a".repeat(100)}\nb\n`);
  expect(screen.lines().slice(0, 3)).toEqual(["a".repeat(70), "a".repeat(30), "b"]);
  await screen.type("$");
  expect(screen.cursor()).toEqual({ row: 1, col: 29 });
  await screen.type("j");
  expect(screen.cursor()).toEqual({ row: 2, col: 0 });
});

test("a text longer than the screen scrolls", async () => {
  await open(Array.from({ length: 50 }, (_, i) => `${i + 1}\n`).join(""));
  await screen.type("\x04");
  expect(screen.cursor().row).toBe(0 + screen.lines().indexOf("6"));
  await screen.type("\x06");
  expect(screen.lines()[0]).toBe("15");
  await screen.type("G");
  expect(screen.lines()[10]).toBe("50");
  expect(screen.lines()[11]).toContain("Bot");
  await screen.type("25Gzt");
  expect(screen.lines()[0]).toBe("25");
  await screen.resize(8, 40);
  expect(screen.lines()[0]).toBe("25");
  expect(screen.lines()).toHaveLength(8);
});

test("what follows Escape at once is a command of its own", async () => {
  await open(POEM);
  await screen.type(`ihello ${ESC}jA!${ESC}:wq\r`);
  await screen.type("clear\r");
  await screen.type("head -2 file\r");
  expect(screen.lines().slice(1, -1)).toEqual(["hello one two three", "four five six!"]);
});

test(":! runs a command and comes back", async () => {
  await open(POEM);
  await screen.type(":!echo $((6*7))\r");
  expect(screen.text()).toContain("42\n\nPress ENTER to continue");
  await screen.type("\r");
  expect(screen.lines()[0]).toBe("one two three");
});

test("a signal that ends it keeps the text beside the file", async () => {
  await open(POEM);
  await screen.type("x\x1a");
  await screen.type("kill %1; fg\r");
  expect(screen.text()).toContain("vi: Caught deadly signal TERM\nvi: text preserved in file.save");
  await screen.type("clear\rhead -1 file.save file\r");
  expect(screen.text()).toContain("==> file.save <==\nne two three\n\n==> file <==\none two three");
});

test("a full disk keeps the old file and the new text", async () => {
  await open(
    POEM,
    "mkdir m; mount -t tmpfs -o size=8k none m; head -c 4000 /dev/zero > m/fill; echo old > m/f",
  );
  await screen.type(`vi m/f\r`);
  await screen.type(`100ix${ESC}`);
  await screen.pass(0.1);
  await screen.type(`50.:w\r`);
  expect(screen.lines()[11]).toContain("E514: Write error (file system full?)");
  await screen.type(":q!\r");
  await screen.type("clear\r");
  await screen.type("cat m/f; ls -A m\r");
  expect(screen.lines().slice(1, -1)).toEqual(["old", "f  fill"]);
});

test("a kernel file is changed and diffed", async () => {
  screen = await openScreen(24, 80, { "root/a.ts": SOURCE });
  await screen.type("cp a.ts b.ts; vi b.ts\r");
  await screen.type(":%s/MemTotal: /MEMTOTAL: /\r:wq\r");
  await screen.type("clear\rdiff -u a.ts b.ts | tail -n +3\r");
  expect(screen.lines().slice(1, -1)).toEqual([
    "@@ -1,4 +1,4 @@",
    " function show(m: usize): i32 {",
    '-  seq_printf(m, "MemTotal: %8lu kB\\n", total);',
    '+  seq_printf(m, "MEMTOTAL: %8lu kB\\n", total);',
    "   return 0;",
    " }",
  ]);
});
