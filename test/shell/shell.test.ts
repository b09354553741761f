// shell.test.ts - what the shell does with the kernel: tasks, descriptors, errors.
import { expect, test } from "vitest";
import { LATE_NAMES } from "../../src/user/sh/builtins/index.ts";
import { late } from "../../src/user/sh/late.ts";
import { provideLateParts } from "../../src/user/sh/lateParts.ts";
import { runSnippets } from "./guest.ts";

async function run(text: string) {
  const [result] = await runSnippets([text]);
  return result;
}

test("a pipeline's tasks end when their reader does", async () => {
  expect(await run("yes | head -3; echo ${PIPESTATUS[@]}")).toEqual({
    stdout: "y\ny\ny\n141 0\n",
    stderr: "",
    status: 0,
  });
});

test("an assigned substitution runs once", async () => {
  expect(
    await run("x=$(echo a | tee -a /tmp/runs); echo $x $(wc -l < /tmp/runs); (exit 3); y=$(exit 4); echo $?"),
  ).toEqual({
    stdout: "a 1\n4\n",
    stderr: "",
    status: 0,
  });
});

test("a command that is not there gives 127 and bash's words", async () => {
  expect(await run("nosuch; echo $?")).toEqual({
    stdout: "127\n",
    stderr: "bash: line 1: nosuch: command not found\n",
    status: 0,
  });
});

test("a loop that ends in its head is a syntax error, and what stands before it has run", async () => {
  const error = "bash: -c: line 3: syntax error: unexpected end of file\n";
  expect(await run("echo hi\nwhile\n")).toEqual({ stdout: "hi\n", stderr: error, status: 2 });
});

test("a startup file may be wrong, and may end the shell", async () => {
  const wrong = "echo 'if' > rc; bash --rcfile rc -i -c 'echo on; eval if; . ./rc'";
  expect(await run(wrong)).toEqual({
    stdout: "on\n",
    stderr: ["rc: line 2: ", "", "./rc: line 2: "]
      .map((where) => `bash: ${where}syntax error: unexpected end of file\n`)
      .join(""),
    status: 2,
  });
  const { stdout, status } = (await run("echo 'echo rc; exit 3' > rc; bash --rcfile rc -i -c 'echo no'"))!;
  expect([stdout, status]).toEqual(["rc\n", 3]);
});

test("what has ended in the background is gone, and its status is kept", async () => {
  const byKill = "sleep 1 & p=$!; while kill -0 $p 2>/dev/null; do sleep .3; done; wait $p; echo $?";
  const byProc = "(exit 4) & p=$!; while [ -d /proc/$p ]; do :; done; wait $p; echo $?";
  expect((await run(`${byKill}; ${byProc}`))!.stdout).toBe("0\n4\n");
});

test("a trap runs in a loop that only continues", async () => {
  const loop = "trap 'echo got; exit 3' USR1; (sleep 1; kill -USR1 $$) & while continue; do continue; done";
  expect(await run(loop)).toEqual({ stdout: "got\n", stderr: "", status: 3 });
});

test("a trapped signal ends wait, though the child has ended, too", async () => {
  const late =
    "trap 'echo got' USR1; late() { sleep 1; kill -USR1 $$; }; late & until wait; do echo $?; done";
  expect((await run(late))!.stdout).toBe("got\n138\n");
});

test("cmd & is one fork that execs in place", async () => {
  const { stdout } = await run('bash -c "echo \\$\\$" & p=$!; wait $p; echo $p');
  const [own, told] = stdout.split("\n");
  expect(own).toBe(told);
});

test("a fork bomb ends in bash's words, and the machine goes on", async () => {
  const bomb = "echo 40 > /proc/sys/kernel/threads-max; b() { b | b & }; b; sleep 40";
  const { stdout, stderr } = await run(`(${bomb}); echo $?; ls /proc | grep -c '^[0-9]'`);
  expect(stderr).toContain("bash: fork: retry: Resource temporarily unavailable\n");
  expect(stderr).toMatch(/^\w+: line 1: fork: Resource temporarily unavailable$/m);
  expect(Number(stdout.split("\n").at(-2))).toBeLessThan(40);
});

test("the builtins that come late are those that are announced", () => {
  provideLateParts();
  expect(Object.keys(late.builtins!).sort()).toEqual([...LATE_NAMES].sort());
});
