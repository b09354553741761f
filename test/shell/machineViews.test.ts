/** lsof, findmnt, vmstat, lscpu: what /proc says of this machine, laid out as the real ones do. */

import { expect, test } from "vitest";
import { play } from "../play.ts";

const run = async (command: string): Promise<string> =>
  (await play({ argv: ["bash", "-c", `exec 2>&1; ${command}`] })).text;

/** Numbers that are the kernel's own affair: inodes, process ids. */
const anyNumbers = (text: string): string => text.replace(/\b\d+(?= \/| pipe| can't)/g, "N");

test("lscpu: one processor, of an unusual kind", async () => {
  expect(await run("lscpu; lscpu -J | grep -c field; lscpu x; echo $?")).toBe(
    [
      "Architecture:        wasm32",
      "Address sizes:       32 bits physical, 32 bits virtual",
      "Byte Order:          Little Endian",
      "CPU(s):              1",
      "On-line CPU(s) list: 0",
      "Vendor ID:           WebAssembly",
      "Model name:          wasm32 with asyncify",
      "7",
      "lscpu: bad usage",
      "Try 'lscpu --help' for more information.",
      "1\n",
    ].join("\n"),
  );
});

test("findmnt: the tree, and what is found in it", async () => {
  expect(
    await run("umount /sys/kernel/debug/tracing; findmnt -o target,fstype; findmnt -an -o TARGET | tail -1"),
  ).toBe(
    [
      "TARGET                  FSTYPE",
      "/                       ramfs",
      "├─/dev                  devtmpfs",
      "├─/proc                 proc",
      "├─/sys                  sysfs",
      "│ ├─/sys/kernel/debug   debugfs",
      "│ └─/sys/kernel/tracing tracefs",
      "├─/tmp                  tmpfs",
      "└─/run                  tmpfs",
      "`-/run\n",
    ].join("\n"),
  );
  const commands = [
    "/proc",
    "-T /proc/1/stat",
    "-rn -S debugfs",
    "-P -o SOURCE,TARGET /tmp",
    "/etc",
    "-o what",
  ];
  expect(await run(commands.map((args) => `findmnt ${args} || echo $?; `).join(""))).toBe(
    [
      ...["TARGET SOURCE FSTYPE OPTIONS", "/proc  proc   proc   rw"],
      ...["TARGET SOURCE FSTYPE OPTIONS", "/proc  proc   proc   rw"],
      "/sys/kernel/debug debugfs debugfs rw",
      'SOURCE="tmpfs" TARGET="/tmp"',
      "1",
      ...["findmnt: unknown column: what", "1\n"],
    ].join("\n"),
  );
});

test("findmnt -D: a file system with a limit", async () => {
  const text = await run(
    "mount -t tmpfs -o size=1m t /mnt; head -c 524288 /dev/zero > /mnt/f; findmnt -D -b /mnt; findmnt -D -n /proc",
  );
  expect(text.replace(/ +/g, " ")).toBe(
    "SOURCE FSTYPE SIZE USED AVAIL USE% TARGET\nt tmpfs 1048576 524288 524288 50% /mnt\nproc proc 0 0 0 - /proc\n",
  );
});

test("lsof: descriptors, a socket, a pipe, and who has a file open", async () => {
  const text =
    await run(`cd /tmp; ping -q localhost < /dev/null 2> err | cat > out & sleep 1; exec 7<> /tmp/both
    lsof -a -c ping; lsof -a -p $$ /tmp/both | sed 1d | cut -c1-5,13-; kill %1
    lsof -p 2 | tail -1; lsof -t /tmp/both | grep -c $$; lsof /no; echo $?; lsof -p 9999; echo $?; lsof -u no; echo $?`);
  expect(
    anyNumbers(text)
      .replace(/ +/g, " ")
      .replace(/ping \d+/g, "ping PID"),
  ).toBe(
    [
      "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME",
      "ping PID root cwd DIR 0,7 0 N /tmp",
      "ping PID root rtd DIR 0,1 0 N /",
      "ping PID root txt REG 0,1 9 N /usr/bin/ping",
      "ping PID root 0r CHR 1,3 0t0 N /dev/null",
      "ping PID root 1w FIFO 0,15 0t0 N pipe",
      "ping PID root 2w REG 0,7 0 N /tmp/err",
      "ping PID root 3u sock 0,8 0t0 N can't identify protocol",
      "bash root 7u REG 0,7 0 N /tmp/both",
      "kthreadd 2 root txt unknown /proc/2/exe",
      "1",
      ...[
        "lsof: status error on /no: No such file or directory",
        "1",
        "1",
        "lsof: can't get UID for no",
        "1\n",
      ],
    ].join("\n"),
  );
});

test("vmstat: since boot, then every so many seconds", async () => {
  const text = await run("vmstat -t 2 3; vmstat -f; vmstat -s | grep -c .; vmstat 0; vmstat 1 x; echo $?");
  const [groups, titles, first, second, third, forks, ...rest] = text.trimEnd().split("\n");
  expect(groups).toBe(
    "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----",
  );
  const columns = titles!.trim().split(/ +/);
  expect(columns.slice(0, 6)).toEqual(["r", "b", "swpd", "free", "buff", "cache"]);
  const at = (line: string, column: string): number =>
    Number(line.trim().split(/ +/)[columns.indexOf(column)]);
  for (const line of [second!, third!]) {
    expect(at(line, "id")).toBeGreaterThan(90);
    expect(at(line, "free")).toBeGreaterThan(10_000);
  }
  const seconds = [first, second, third].map((line) => Number(line!.slice(-2)));
  expect([seconds[1]! - seconds[0]!, seconds[2]! - seconds[1]!]).toEqual([2, 2]);
  expect(forks).toMatch(/^ +\d+ forks$/);
  expect(rest).toEqual([
    "28",
    "vmstat: delay must be positive integer",
    "vmstat: failed to parse argument: 'x'",
    "1",
  ]);
});

test("df: a limit is a limit, memory is what else there is", async () => {
  const text = await run(`mount -t tmpfs -o size=1m t /mnt; head -c 524288 /dev/zero > /mnt/f; cd /mnt
    df .; df -h .; df -P .; df -B 1000 .; df -BK --total .; df --output=fstype,pcent,file .; df -T . /mnt/f | tail -1
    df -t tmpfs --output=target | sort; df -x tmpfs --output=source; df -t proc; df --output=x; df -B x; df nofile; echo $?`);
  expect(text.trimEnd().split("\n")).toEqual([
    ...[
      "Filesystem     1K-blocks  Used Available Use% Mounted on",
      "t                   1024   512       512  50% /mnt",
    ],
    ...["Filesystem      Size  Used Avail Use% Mounted on", "t               1.0M  512K  512K  50% /mnt"],
    "Filesystem     1024-blocks  Used Available Capacity Mounted on",
    "t                     1024   512       512      50% /mnt",
    ...[
      "Filesystem     1kB-blocks  Used Available Use% Mounted on",
      "t                    1049   525       525  50% /mnt",
    ],
    ...[
      "Filesystem     1K-blocks  Used Available Use% Mounted on",
      "t                  1024K  512K      512K  50% /mnt",
    ],
    "total              1024K  512K      512K  50% -",
    ...["Type  Use% File", "tmpfs  50% ."],
    "t              tmpfs      1024   512       512  50% /mnt",
    ...["/mnt", "/run", "/tmp", "Mounted on"],
    ...["Filesystem", "rootfs", "devtmpfs"],
    "df: no file systems processed",
    ...["df: option --output: field ‘x’ unknown", "Try 'df --help' for more information."],
    "df: invalid -B argument 'x'",
    ...["df: nofile: No such file or directory", "1"],
  ]);
});

/** What coreutils 9.1 prints for the same files. */
test("du: apparent sizes, names of one file, what is left out", async () => {
  const text =
    await run(`cd /tmp; mkdir -p d/e; head -c 5000 /dev/zero > d/f; head -c 100 /dev/zero > d/e/g; ln d/f d/h
    du -b d/f d/h d/e/g; du -bl d/f d/h; du -bc d/f d/e/g; du -B 1000 --apparent-size d/f; du -BK --apparent-size d/f
    du --si --apparent-size d/f; du -h --apparent-size d/f; du -t 200 -b d/f d/e/g; du -t -200 -b d/f d/e/g
    du -0 -b d/f | tr '\\0' '!'; echo; du --exclude='*g' -ab d/e/g d/f; du -as d; du -s -d1 d; du -d x d; du -t x d; du nofile; echo $?
    du -d1 d; du -S d; du -s d`);
  expect(text.trimEnd().split("\n")).toEqual([
    ...["5000\td/f", "100\td/e/g"],
    ...["5000\td/f", "5000\td/h"],
    ...["5000\td/f", "100\td/e/g", "5100\ttotal"],
    ...["5\td/f", "5K\td/f", "5.0k\td/f", "4.9K\td/f", "5000\td/f", "100\td/e/g", "5000\td/f!", "5000\td/f"],
    ...["du: cannot both summarize and show all entries", "Try 'du --help' for more information."],
    ...["du: warning: summarizing conflicts with --max-depth=1", "Try 'du --help' for more information."],
    ...["du: invalid maximum depth ‘x’", "Try 'du --help' for more information."],
    "du: invalid -t argument 'x'",
    ...["du: cannot access 'nofile': No such file or directory", "1"],
    // A directory takes no page here.
    ...["4\td/e", "12\td", "4\td/e", "8\td", "12\td"],
  ]);
});
