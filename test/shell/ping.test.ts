/** ping(8) and what it goes through: the module that is loaded for it, patched and watched while it runs. */

import { expect, test } from "vitest";
import { play } from "../play.ts";

/** All that the commands print, line by line; times are those of the machine. */
const run = async (command: string): Promise<string[]> =>
  (await play({ argv: ["bash", "-c", `exec 2>&1; ${command}`] })).text.replace(/\n$/, "").split("\n");

const reply = (n: number, from = "localhost (127.0.0.1)"): string =>
  `64 bytes from ${from}: icmp_seq=${n} ttl=64 time=0.010 ms`;

test("requests, replies, statistics; the first socket loads the module, which taints nothing", async () => {
  const lines = await run(
    `ls /proc/sys/net; ping -c 2 localhost; echo $?; lsmod; cat /proc/sys/kernel/tainted; dmesg | tail -1`,
  );
  expect(lines).toEqual([
    "ls: cannot access '/proc/sys/net': No such file or directory",
    "PING localhost (127.0.0.1) 56(84) bytes of data.",
    reply(1),
    reply(2),
    "",
    "--- localhost ping statistics ---",
    "2 packets transmitted, 2 received, 0% packet loss, time 1000ms",
    "rtt min/avg/max/mdev = 0.010/0.010/0.010/0.000 ms",
    "0",
    "Module                  Size  Used by",
    expect.stringMatching(/^af_inet +\d+ {2}0 \[permanent\]$/),
    "0",
    expect.stringMatching(/NET: Registered PF_INET protocol family$/),
  ]);
});

test("targets: addresses in all their forms, names, and what is nowhere", async () => {
  const first = (args: string): string => `ping -c 1 ${args} | head -2; echo $\{PIPESTATUS[0]};`;
  expect(await run(first("127.1") + first("0x7f000002") + first("-n patchbay") + first("0"))).toEqual([
    ...["PING 127.1 (127.0.0.1) 56(84) bytes of data.", reply(1, "127.0.0.1"), "0"],
    ...["PING 0x7f000002 (127.0.0.2) 56(84) bytes of data.", reply(1, "127.0.0.2"), "0"],
    ...["PING patchbay (127.0.1.1) 56(84) bytes of data.", reply(1, "127.0.1.1"), "0"],
    ...["PING 0 (127.0.0.1) 56(84) bytes of data.", reply(1, "127.0.0.1"), "0"],
  ]);
  expect(await run("for to in example.org 10.0.0.1 127.0.0.256 ''; do ping -c 1 $to; echo $?; done")).toEqual(
    [
      ...["ping: example.org: Temporary failure in name resolution", "2"],
      ...["ping: connect: Network is unreachable", "2"],
      ...["ping: 127.0.0.256: Temporary failure in name resolution", "2"],
      ...["ping: usage error: Destination address required", "1"],
    ],
  );
});

test("options that are wrong, or ask for too much", async () => {
  const commands = ["-c 0", "-c x", "-t 256", "-t 0", "-i x", "-W 0", "-s 65508 -c 1 -q", "-s 65507 -c 1"];
  const lines = await run(commands.map((args) => `ping ${args} localhost | grep -v PING; `).join(""));
  expect(lines.filter((line) => line !== "" && !line.startsWith("---"))).toEqual([
    "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807",
    "ping: invalid argument: 'x'",
    "ping: invalid argument: '256': out of range: 1 <= value <= 255",
    "ping: invalid argument: '0': out of range: 1 <= value <= 255",
    "ping: bad timing interval: x",
    "ping: bad linger time: 0",
    "1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms",
    "65515 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=0.010 ms",
    "1 packets transmitted, 1 received, 0% packet loss, time 0ms",
    "rtt min/avg/max/mdev = 0.010/0.010/0.010/0.000 ms",
  ]);
});

test("nobody answers: -W, -w and -O, and exit status 1", async () => {
  const lines = await run(`modprobe net-pf-2; sysctl -q net.ipv4.icmp_echo_ignore_all=1
    ping -c 2 -O -W 3 localhost; echo $? $SECONDS; ping -q -w 4 localhost; echo $? $SECONDS`);
  expect(lines).toEqual([
    "PING localhost (127.0.0.1) 56(84) bytes of data.",
    "no answer yet for icmp_seq=1",
    "",
    "--- localhost ping statistics ---",
    "2 packets transmitted, 0 received, 100% packet loss, time 1000ms",
    "",
    "1 4",
    "PING localhost (127.0.0.1) 56(84) bytes of data.",
    "",
    "--- localhost ping statistics ---",
    "4 packets transmitted, 0 received, 100% packet loss, time 3000ms",
    "",
    "1 8",
  ]);
});

test("SIGQUIT shows how it stands; SIGINT ends with the statistics", async () => {
  const lines = await run("(sleep 1.5; kill -QUIT $$; sleep 1; kill -INT $$) & exec ping -q -s 8 localhost");
  // How long modprobe takes is no matter of this test.
  expect(lines.map((line) => line.replace(/time 200\dms/, "time 200xms"))).toEqual([
    "PING localhost (127.0.0.1) 8(36) bytes of data.",
    "\r2/2 packets, 0% loss",
    "",
    "--- localhost ping statistics ---",
    "3 packets transmitted, 3 received, 0% packet loss, time 200xms",
    "",
  ]);
});

test("who may: net.ipv4.ping_group_range", async () => {
  const lines = await run(`modprobe af_inet; cd /proc/sys/net/ipv4; cat ping_group_range
    echo 1 0 > ping_group_range; ping -c 1 localhost; echo $?
    echo 5 > ping_group_range; echo 9 3 > ping_group_range; cat ping_group_range`);
  expect(lines).toEqual([
    "0\t2147483647",
    "ping: socket: Permission denied",
    "2",
    "bash: line 3: echo: write error: Invalid argument",
    "1\t0",
  ]);
});

test("a live patch of icmp_echo() that is loaded before the module it patches", async () => {
  const lines = await run(`cd /tmp && cp -r /usr/src/linux/net . && cp net/ipv4/icmp.ts icmp.old
    sed -i '/^function icmp_echo/,/^}/s/^  icmp_reply.*/&\\n&/' net/ipv4/icmp.ts
    diff -u --label a/net/ipv4/icmp.ts --label b/net/ipv4/icmp.ts icmp.old net/ipv4/icmp.ts > twice.patch
    kpatch-build twice.patch | tail -1; kpatch load livepatch-twice.ko
    ping -c 1 localhost; ping -c 2 -i 0.1 -q localhost | sed -n 4p
    dmesg | grep -o "applying.*"; cat /sys/kernel/livepatch/livepatch_twice/af_inet/patched`);
  expect(lines.map((line) => line.replace(/time=.* ms/, "time=T ms"))).toEqual([
    "SUCCESS",
    "loading patch module: livepatch-twice.ko",
    "PING localhost (127.0.0.1) 56(84) bytes of data.",
    "64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=T ms",
    "64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=T ms (DUP!)",
    "",
    "--- localhost ping statistics ---",
    "1 packets transmitted, 1 received, +1 duplicates, 0% packet loss, time 0ms",
    expect.stringMatching(/^rtt min/),
    expect.stringMatching(/^2 packets transmitted, 2 received, \+[12] duplicates/),
    "applying patch 'livepatch_twice' to loading module 'af_inet'",
    "1",
  ]);
});

test("the request's way there and back, in a graph of calls", async () => {
  const lines = await run(`modprobe af_inet; cd /sys/kernel/tracing
    echo 'ip_rcv icmp_rcv icmp_echo icmp_reply ping_rcv ping_v4_sendmsg' > set_ftrace_filter
    echo function_graph > current_tracer; ping -c 1 -q localhost > /dev/null
    grep -o '[a-z].*' trace | grep '(' | sed 's/.*| *//; s/ .*//'`);
  expect(lines).toEqual(
    [
      "ping_v4_sendmsg",
      "ip_rcv",
      "icmp_rcv",
      "icmp_echo",
      "icmp_reply",
      "ip_rcv",
      "icmp_rcv",
      "ping_rcv",
    ].map((name) => expect.stringMatching(new RegExp(`^${name}\\b`)) as string),
  );
});
