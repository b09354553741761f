import { expect, test } from "vitest";
import { readCommandLine } from "../../src/cli/commandLine.ts";

const read = (line: string, terminal = true) => readCommandLine(line.split(" ").filter(Boolean), terminal);
const options = { mounts: [], cmdline: "", realtime: false, disk: null, boots: 1 };
const batch = (argv: string[], more = {}) => {
  return { kind: "batch", argv, script: null, ...options, ...more };
};

test("sh", () => {
  expect(read("sh")).toEqual({ kind: "interactive", ...options });
  expect(read("sh --append=a --append b=c")).toEqual({ kind: "interactive", ...options, cmdline: "a b=c" });
  expect(read("sh", false)).toEqual(batch(["bash"]));
  expect(read("sh --disk d.img --boots=3 -c x")).toEqual(
    batch(["bash", "-c", "x"], { disk: "d.img", boots: 3 }),
  );
  expect(read("sh -c ls x y")).toEqual(batch(["bash", "-c", "ls", "x", "y"]));
});

test("run", () => {
  expect(read("run s.sh -x b")).toEqual(batch(["bash", "s.sh", "-x", "b"], { script: "s.sh" }));
  expect(read("run --realtime --mount C:/a:/b --mount=c:/d -- -s")).toEqual(
    batch(["bash", "-s"], {
      script: "-s",
      realtime: true,
      mounts: [
        { hostDir: "C:/a", guestDir: "/b" },
        { hostDir: "c", guestDir: "/d" },
      ],
    }),
  );
});

test.each([
  ["fly", "unknown command 'fly'"],
  ["sh -x", "sh: unknown option '-x'"],
  ["sh x", "sh: unknown argument 'x'"],
  ["sh -c", "sh: -c: option requires an argument"],
  ["run", "run: no script given"],
  ["run -c s", "run: unknown option '-c'"],
  ["run --fast s", "run: unknown option '--fast'"],
  ["run --mount a s", "run: --mount needs HOSTDIR:GUESTDIR, not 'a'"],
  ["run --mount a:b s", "run: --mount needs HOSTDIR:GUESTDIR, not 'a:b'"],
  ["run --boots 0 s", "run: --boots needs a number, not '0'"],
  ["sh --disk", "sh: --disk needs a FILE"],
  ["run --mount", "run: --mount needs HOSTDIR:GUESTDIR, not ''"],
])("%s", (line, text) => {
  expect(read(line)).toEqual({ kind: "mistake", text });
});

test("help", () => {
  for (const line of ["", "help", "--help", "sh --help", "run --help"])
    expect(read(line)).toEqual({ kind: "help" });
});
