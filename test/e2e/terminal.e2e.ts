// terminal.e2e.ts - the terminal in a real browser: streams, control keys, and a page that stays alive.
import type { Page } from "@playwright/test";
import { command, expect, prompt, test } from "./site.ts";

interface Measured {
  /** From the keys to the text that was waited for, ms. */
  ms: number;
  /** The longest time between two frames meanwhile, ms. */
  gap: number;
  /** What was printed. */
  text: string;
}

/** Sends keys, waits for a text in what follows, and then for `restMs`; looks at every frame. */
function measure(page: Page, keys: string, until: RegExp, restMs = 0): Promise<Measured> {
  return page.evaluate(
    async ([typed, pattern, rest]) => {
      const { machine } = (
        window as unknown as {
          patchbay: { machine: { input(data: string): void; mark(): number; since(mark: number): string } };
        }
      ).patchbay;
      const mark = machine.mark();
      const [start, wanted] = [performance.now(), new RegExp(pattern)];
      let [gap, before, ended] = [0, start, false];
      const frame = (now: number) => {
        gap = Math.max(gap, now - before);
        before = now;
        if (!ended) requestAnimationFrame(frame);
      };
      requestAnimationFrame((now) => {
        before = now;
        requestAnimationFrame(frame);
      });
      machine.input(typed);
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      while (!wanted.test(machine.since(mark)) && performance.now() - start < 10_000) await pause(1);
      const ms = performance.now() - start;
      if (rest > 0) await pause(rest);
      ended = true;
      return { ms, gap, text: machine.since(mark) };
    },
    [keys, until.source, restMs] as const,
  );
}

const PROMPT = /[#$] $/;

/** The best of several tries: what the page can do when the test machine is not busy with something else. */
async function best(tries: number, once: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < tries; i++) least = Math.min(least, await once());
  return least;
}

test.beforeEach(async ({ page, site }) => {
  await page.goto(site);
  await prompt(page);
  // The first program fetches the others.
  expect(await command(page, "uname -s")).toBe("Linux");
});

test("a busy loop stops at Ctrl-C within 50 ms, and no frame is late by 50 ms", async ({ page }) => {
  let gap = Infinity;
  const ms = await best(5, async () => {
    const running = await measure(page, "while :; do :; done\r", /done/, 500);
    gap = Math.min(gap, running.gap);
    const stopped = await measure(page, "\x03", PROMPT);
    expect(stopped.text).toContain("^C");
    return stopped.ms;
  });
  console.log(`Ctrl-C took ${ms.toFixed(1)} ms, longest frame gap ${gap.toFixed(1)} ms`);
  expect(ms).toBeLessThanOrEqual(50);
  expect(gap).toBeLessThanOrEqual(50);
  expect(await command(page, "echo $?")).toBe("130");
});

test("an endless pipe of small system calls leaves the page its frames, and ends with its reader", async ({
  page,
}) => {
  let gap = Infinity;
  const ms = await best(5, async () => {
    const flood = await measure(page, "yes | cat > /dev/null\r", /null/, 500);
    gap = Math.min(gap, flood.gap);
    return (await measure(page, "\x03", PROMPT)).ms;
  });
  console.log(`Ctrl-C took ${ms.toFixed(1)} ms, longest frame gap ${gap.toFixed(1)} ms`);
  expect(ms).toBeLessThanOrEqual(50);
  expect(gap).toBeLessThanOrEqual(50);
  expect(await command(page, "yes | head -3; echo ${PIPESTATUS[@]}")).toBe("y\ny\ny\n141 0");
});

test("a text printed without end leaves the page its frames", async ({ page }) => {
  let gap = Infinity;
  const ms = await best(5, async () => {
    const flood = await measure(page, "yes\r", /y\ny\n/, 500);
    gap = Math.min(gap, flood.gap);
    return (await measure(page, "\x03", PROMPT)).ms;
  });
  console.log(`Ctrl-C took ${ms.toFixed(1)} ms, longest frame gap ${gap.toFixed(1)} ms`);
  expect(ms).toBeLessThanOrEqual(150);
  expect(gap).toBeLessThanOrEqual(50);
});

test("dmesg -w and tail -f show what comes, when it comes, and end with Ctrl-C", async ({ page }) => {
  await command(page, "(sleep 1; echo 'hello log' > /dev/kmsg) &");
  const log = await measure(page, "dmesg -w\r", /hello log/);
  expect(log.ms).toBeGreaterThan(300);
  expect((await measure(page, "\x03", PROMPT)).ms).toBeLessThan(1000);
  await command(page, "touch f; (sleep 1; echo 'hello file' >> f) &");
  const tail = await measure(page, "tail -f f\r", /hello file/);
  expect(tail.ms).toBeGreaterThan(300);
  await measure(page, "\x03", PROMPT);
  expect(await command(page, "echo $?")).toBe("130");
});

test("watch and top draw again until they are left", async ({ page }) => {
  const drawn = (text: string, what: RegExp) => text.match(what)?.length ?? 0;
  const watch = await measure(page, "watch -n 0.2 'cut -d. -f1 /proc/uptime'\r", /Every 0\.2s/, 2200);
  expect(new Set(watch.text.match(/^\d+/gm)).size).toBeGreaterThan(1);
  await measure(page, "\x03", PROMPT);
  const top = await measure(page, "top -d 0.3\r", /load average/, 1500);
  expect(drawn(top.text, /load average/g)).toBeGreaterThan(1);
  await measure(page, "q", PROMPT);
  expect(await command(page, "echo back")).toBe("back");
});

test("a stream comes through grep --line-buffered as it is written, and Ctrl-C ends both", async ({
  page,
}) => {
  const line = "(while :; do echo tick $((n += 1)); sleep 0.2; done) | grep --line-buffered tick\r";
  const { text } = await measure(page, line, /tick 3\b/);
  expect(text).toMatch(/tick 1\r?\ntick 2\r?\ntick 3/);
  await measure(page, "\x03", PROMPT);
  expect(await command(page, "echo $?")).toBe("130");
});

test("ping shows replies as they come, alone and through grep; Ctrl-C ends it with its statistics", async ({
  page,
}) => {
  const ms = await best(5, async () => {
    await measure(page, "ping -i 0.1 localhost\r", /icmp_seq=3/);
    const stopped = await measure(page, "\x03", PROMPT);
    expect(stopped.text).toMatch(
      /\^C\s+--- localhost ping statistics ---\s+(\d+) packets transmitted, \1 received/,
    );
    return stopped.ms;
  });
  console.log(`Ctrl-C took ${ms.toFixed(1)} ms`);
  expect(ms).toBeLessThanOrEqual(50);
  const { text } = await measure(page, "ping localhost | grep --line-buffered -o icmp_seq=.\r", /icmp_seq=2/);
  expect(text).toMatch(/icmp_seq=1\r?\nicmp_seq=2/);
  await measure(page, "\x03", PROMPT);
  expect(await command(page, "echo $?")).toBe("130");
});

test("what a patch answers to a write is said in bash's words", async ({ page }) => {
  await command(page, "modprobe livepatch_sample; sleep 2; cd /sys/kernel/livepatch/livepatch_sample");
  expect(await command(page, "echo 1 >enabled; echo $?")).toBe(
    "bash: echo: write error: Invalid argument\n1",
  );
  expect(await command(page, "echo 1 >transition; echo $?")).toBe("bash: transition: Permission denied\n1");
});

test("Ctrl-C ends a whole list, a pipe and a substitution", async ({ page }) => {
  for (const line of ["for i in 1 2; do sleep 50; done; echo after", "sleep 100 | cat", "x=$(sleep 50)"]) {
    await measure(page, `${line}\r`, /\n/, 200);
    const { text } = await measure(page, "\x03", PROMPT);
    expect(text).not.toContain("after");
    expect(await command(page, "echo $?")).toBe("130");
  }
});

test("jobs are stopped, sent on, brought back and killed", async ({ page }) => {
  await measure(page, "sleep 100\r", /\n/, 200);
  expect((await measure(page, "\x1a", PROMPT)).text).toMatch(/\[1\]\+ {2}Stopped +sleep 100/);
  expect(await command(page, "bg")).toBe("[1]+ sleep 100 &");
  expect(await command(page, "jobs")).toMatch(/^\[1\]\+ {2}Running +sleep 100 &$/);
  await command(page, "kill %1; wait $!");
  expect(await command(page, "jobs")).toBe("");
  expect(await command(page, "cat & sleep 0.2; jobs -l")).toMatch(/Stopped \(tty input\)/);
  await command(page, "kill %1; kill -CONT %1");
});

test("less, nano and vi take the whole screen and give it back", async ({ page }) => {
  await command(page, "seq 200 > n");
  for (const [line, leave] of [
    ["less n", "q"],
    ["nano n", "\x18"],
    ["vi n", ":q\r"],
  ]) {
    await measure(page, `${line}\r`, /\n/, 300);
    await measure(page, leave!, PROMPT);
    expect(await command(page, "echo back")).toBe("back");
  }
});

test("read, Ctrl-D, and a loop over several lines", async ({ page }) => {
  await measure(page, 'read -p "name? " x\r', /name\? $/);
  await measure(page, "bob\r", PROMPT);
  expect(await command(page, "echo $x")).toBe("bob");
  await measure(page, "cat\r", /\n/, 100);
  await measure(page, "line\r", /line\r?\nline/);
  await measure(page, "\x04", PROMPT);
  await measure(page, "for i in 1 2; do\r", /> $/);
  expect((await measure(page, "echo n$i; done\r", /n2[\s\S]*[#$] $/)).text).toContain("n1\nn2");
  expect(await command(page, "(exit 3) || (echo $?); ! true; echo $?")).toBe("3\n1");
  expect(await command(page, "timeout 0.2 sleep 5; echo $?; timeout 0 true; echo $?")).toBe("124\n0");
});
