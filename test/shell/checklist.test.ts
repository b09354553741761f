/**
 * The lists "what ran" and "what went wrong" of the notes the shell was built
 * after, each item a test by its name. In Chromium: test/e2e/terminal.e2e.ts.
 *
 * | of the lists                             | where                                  |
 * | ---------------------------------------- | -------------------------------------- |
 * | Linux's selftests, alone and by runner   | test/livepatch/linuxScripts.test.ts    |
 * | snippets against bash                    | snippets.test.ts                       |
 * | EBUSY, EINVAL, read-only attributes      | refusals.test.ts                       |
 * | frames and the time of Ctrl-C            | test/e2e/terminal.e2e.ts               |
 * | speed                                    | test/bench                             |
 * | insmod's "Invalid parameters"            | test/livepatch/linuxScripts.test.ts    |
 * | everything else                          | here                                   |
 */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import type { TestFile } from "../boot.ts";
import { openScreen, type Screen } from "./screen.ts";

const PROMPT = "root@patchbay:~# ";
let screen: Screen;

/** What `ping` wants of the root file system: the module of its protocol, and who loads it. */
const NETWORK: Record<string, TestFile> = {
  "etc/hosts": "127.0.0.1\tlocalhost\n",
  "sbin/modprobe": { program: "modprobe" },
  "lib/modules/7.3.4-patchbay/kernel/af_inet.ko": readFileSync("build/modules/af_inet.ko"),
};

beforeEach(async () => void (screen = await openScreen(24, 200, NETWORK)));
afterEach(() => screen.dispose());

/** Types all of it; the lines on the screen. */
async function typing(...keys: string[]): Promise<string[]> {
  for (const k of keys) await screen.type(k);
  return screen.lines();
}

/** A command's output, when it is one that ends at once. */
async function output(command: string): Promise<string> {
  await screen.type("clear\r");
  await screen.type(`${command}\r`);
  await screen.pass(1);
  return screen.lines().slice(1, -1).join("\n");
}

describe("what ran: streams", () => {
  /** What a program shows that runs on, a second after `event`; Ctrl-C ends it with 130. */
  async function streams(command: string, event: string): Promise<string> {
    await typing(`(sleep 1; ${event}) &\r`, "clear\r", `${command}\r`);
    const before = screen.lines().length;
    await screen.pass(4);
    expect(screen.lines().length).toBeGreaterThan(before);
    const shown = screen.text();
    await typing("\x03", "echo $?\r");
    expect(screen.lines().slice(-3)).toContain("130");
    return shown;
  }

  test("dmesg -w", async () => {
    expect(await streams("dmesg -w | tail -n +2", "echo hello log > /dev/kmsg")).toContain("hello log");
  });

  test("tail -f", async () => {
    await screen.type("echo first > f\r");
    expect(await streams("tail -f f", "echo second >> f")).toMatch(/first\nsecond/);
  });

  test("a pipe into grep --line-buffered", async () => {
    await screen.type("touch f\r");
    expect(await streams("tail -f f | grep --line-buffered o", "echo one >> f; echo x >> f")).toMatch(
      /\none$/,
    );
  });

  test("ping, and its statistics at Ctrl-C", async () => {
    await screen.type("ping localhost\r");
    await screen.pass(2);
    expect(screen.text()).toContain("icmp_seq=2");
    await typing("\x03", "echo st=$?\r");
    const shown = screen.text();
    expect(shown).toMatch(/^\^C\n--- localhost ping statistics ---$/m);
    expect(shown).toMatch(/^(\d+) packets transmitted, \1 received, 0% packet loss, time \d+ms$/m);
    expect(shown).toMatch(/^rtt min\/avg\/max\/mdev = ([\d.]+\/){3}[\d.]+ ms$/m);
    expect(screen.lines()).toContain("st=0");
  });

  test("ping | grep --line-buffered", async () => {
    await screen.type("ping localhost | grep --line-buffered -o icmp_seq=.\r");
    await screen.pass(2);
    expect(screen.text()).toMatch(/^icmp_seq=1\nicmp_seq=2$/m);
    expect((await typing("\x03", "echo $?\r")).slice(-2)).toEqual(["130", PROMPT]);
  });

  test("watch", async () => {
    await typing("echo 1 > f; (sleep 3; echo 2 > f) &\r", "watch -n 1 cat f\r");
    expect(screen.lines()[0]).toMatch(/^Every 1\.0s: cat f/);
    expect(screen.lines()[2]).toBe("1");
    await screen.pass(4);
    expect(screen.lines()[2]).toBe("2");
    expect(await typing("\x03", "echo $?\r")).toContain("130");
  });

  test("top, with its keys", async () => {
    await typing("sleep 100 &\r", "top\r");
    const tasks = (): string => screen.text().replace(/^[\s\S]* COMMAND *\n/, "");
    expect(tasks()).toMatch(/ sleep\n/);
    expect(tasks()).not.toContain("sleep 100");
    await typing("c", "N");
    expect(tasks()).toMatch(/^.* top\n.* sleep 100\n/);
    expect((await typing("q", "echo back\r")).slice(-2)).toEqual(["back", PROMPT]);
  });

  test("yes | head -3 ends with SIGPIPE", async () => {
    expect(await output("yes | head -3; echo ${PIPESTATUS[@]}")).toBe("y\ny\ny\n141 0");
  });
});

describe("what ran: Ctrl-C", () => {
  test.each([
    "while :; do :; done",
    "for i in 1 2 3; do sleep 5; echo $i; done; echo after",
    "sleep 100 | cat",
    "x=$(sleep 50)",
    "(sleep 50; echo after)",
    "sleep 50 && echo after",
  ])("%s", async (line) => {
    const lines = await typing(`${line}\r`, "\x03", "echo st=$?\r");
    expect(lines.slice(-3)).toEqual([`${PROMPT}echo st=$?`, "st=130", PROMPT]);
    expect(lines).not.toContain("after");
  });
});

describe("what ran: jobs", () => {
  test("&, jobs, %1, Ctrl-Z, bg, fg, kill %n, wait, wait $!", async () => {
    await typing("sleep 100 &\r", "sleep 200\r", "\x1a", "clear\r", "jobs\r");
    expect(screen.lines().slice(1, 3)).toEqual([
      "[1]-  Running                 sleep 100 &",
      "[2]+  Stopped                 sleep 200",
    ]);
    expect((await typing("bg\r")).at(-2)).toBe("[2]+ sleep 200 &");
    expect((await typing("%1\r")).at(-1)).toBe("sleep 100");
    await typing("\x1a");
    expect((await typing("%1 &\r")).at(-2)).toBe("[1]+ sleep 100 &");
    expect((await typing("%1\r")).at(-1)).toBe("sleep 100");
    await typing("\x1a", "clear\r", "kill %2; wait %2; echo $?\r");
    expect(screen.text()).toContain("143");
    expect((await typing("clear\r", "fg\r")).at(-1)).toBe("sleep 100");
    await typing("\x03", "clear\r", "(sleep 1; exit 5) & wait $!; echo w=$?\r");
    await screen.pass(2);
    expect(screen.text()).toContain("w=5");
  });

  test("a background task that reads the terminal is stopped", async () => {
    await typing("cat &\r", "clear\r", "\r", "jobs\r");
    expect(screen.text()).toMatch(/\]\+ +Stopped +cat/);
  });
});

describe("what ran: the terminal as input", () => {
  test("read -p, and cat until Ctrl-D", async () => {
    await typing('read -p "name? " x\r', "bob\r", "cat\r", "line\r", "\x04", "echo [$x]\r");
    expect(screen.lines().slice(-6)).toEqual([
      `${PROMPT}cat`,
      "line",
      "line",
      `${PROMPT}echo [$x]`,
      "[bob]",
      PROMPT,
    ]);
  });

  test("a here-document and a loop over PS2", async () => {
    const lines = await typing(
      "cat <<E\r",
      "one\r",
      "$((1+1))\r",
      "E\r",
      "for i in 1 2\r",
      "do echo n$i\r",
      "done\r",
    );
    expect(lines).toEqual([
      `${PROMPT}cat <<E`,
      ...["> one", "> $((1+1))", "> E", "one", "2"],
      `${PROMPT}for i in 1 2`,
      ...["> do echo n$i", "> done", "n1", "n2"],
      PROMPT,
    ]);
  });
});

describe("what went wrong", () => {
  test("cmd & is one fork that execs in place: $! is the program's pid", async () => {
    expect(await output("sleep 9 & cat /proc/$!/comm; kill $!")).toMatch(/^(\[1\] \d+\n)?sleep/);
  });

  test("$? survives into ( ), { } and functions", async () => {
    const command =
      "f() { echo $?; }; (exit 3) || (echo $?); (exit 4) || { echo $?; }; (exit 5) || f; (exit 6); (exit $?); echo $?";
    expect(await output(command)).toMatch(/3\n4\n5\n6$/);
  });

  test("a substitution stays in the shell's process group", async () => {
    const command =
      "x=$(cut -d' ' -f5 /proc/self/stat); y=$(cut -d' ' -f5 /proc/$$/stat); [ $x = $y ]; echo $?";
    expect(await output(command)).toBe("0");
  });

  test("children of an interactive shell have the usual signals: timeout and kill end them", async () => {
    expect(await output("timeout 0.2 sleep 5; echo $?; sleep 9 & kill $!; wait $!; echo $?")).toMatch(
      /124\n[\s\S]*143/,
    );
  });

  test("timeout 0 is no timeout", async () => {
    expect(await output("timeout 0 sleep 0.5; echo $?")).toBe("0");
  });

  test("a killed task stays dead whatever it would catch", async () => {
    const command =
      "bash -c 'trap : 1 2 3 15; while :; do sleep 0.01; done' & sleep 0.1; kill -9 $!; wait $! 2>/dev/null; echo $?";
    expect(await output(command)).toContain("137");
  });
});

describe("the line editor's keys", () => {
  test.each([
    ["C-b, C-f", "echo acd\x02\x02b\x06\x06e\r", "abcde"],
    ["C-k and C-y", "echo one two\x1bb\x0b\x19\x19\r", "one twotwo"],
    ["C-t", "echo ba\x14\r", "ab"],
    ["C-u", "rubbish\x15echo ok\r", "ok"],
    ["M-b, M-f, M-d", "echo one two\x1bb\x1bb\x1bd\x1bf\x1b[D3\r", "tw3o"],
    ["Home, End, Delete", "xecho a\x1b[H\x1b[3~\x1b[Fb\r", "ab"],
    ["Ctrl-left and Ctrl-right", "echo a b\x1b[1;5D\x1b[1;5Dx\x1b[1;5C\x1b[1;5Cy\r", "xa by"],
    ["C-v takes the next key as it is", "printf '%q\\n' '\x16\t'\r", "$'\\t'"],
    ["M-. brings the last word", ": first last\recho \x1b.\r", "last"],
    ["M-u, M-l, M-c", "echo abc DEF ghi\x01\x1bf\x1bu\x1bl\x1bc\r", "ABC def Ghi"],
  ])("%s", async (_name, keys, shown) => {
    expect((await typing(...keys.split(/(?<=\r)/))).at(-2)).toBe(shown);
  });

  test("C-l clears and keeps the line, C-d on an empty one ends the shell's input", async () => {
    expect(await typing("echo some", "\x0c")).toEqual([`${PROMPT}echo some`]);
    expect((await typing("\x15", "bash\r", "\x04")).at(-2)).toMatch(/exit$/);
  });

  test("history is expanded as bash expands it: !!, !$, !-2, ^a^b", async () => {
    const lines = await typing(
      "echo one two\r",
      "echo !$\r",
      "!-2\r",
      "^one^three\r",
      "!!\r",
      "echo '!!' \\!\r",
    );
    expect(lines).toEqual([
      ...[`${PROMPT}echo one two`, "one two"],
      ...[`${PROMPT}echo !$`, "echo two", "two"],
      ...[`${PROMPT}!-2`, "echo one two", "one two"],
      ...[`${PROMPT}^one^three`, "echo three two", "three two"],
      ...[`${PROMPT}!!`, "echo three two", "three two"],
      ...[`${PROMPT}echo '!!' \\!`, "!! !"],
      PROMPT,
    ]);
  });
});
