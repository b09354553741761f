// main.ts - ping(8), as iputils have it: options and the way to the target.

import { attempt, strerror } from "../../errno.ts";
import type { SysCalls } from "../../sys.ts";
import { Leave, utility, type Command } from "../command.ts";
import { resolve } from "./address.ts";
import { Pinger, type Plan } from "./pinger.ts";
import { PingSocket } from "./socket.ts";

const HELP = `
Usage
  ping [options] <destination>

Options:
  <destination>      DNS name or IP address
  -c <count>         stop after <count> replies
  -D                 print timestamps
  -h                 print help and exit
  -i <interval>      seconds between sending each packet
  -n                 no reverse DNS name resolution
  -O                 report outstanding replies
  -q                 quiet output
  -s <size>          use <size> as number of data bytes to be sent
  -t <ttl>           define time to live
  -V                 print version and exit
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response
  -4                 use IPv4

For more details see ping(8).`;

/** Smallest interval for those who are not root: 2 ms. */
const USER_INTERVAL = 2e6;
const INT_MAX = 0x7fffffff;
const LONG_MAX = "9223372036854775807";

async function number(
  c: Command,
  option: string,
  min: number,
  max: number,
  most = `${max}`,
): Promise<number> {
  const text = c.value(option)!;
  if (!/^\s*[-+]?\d+$/.test(text)) await c.die(`invalid argument: '${text}'`);
  const n = Number(text);
  if (n < min || n > max) {
    await c.die(`invalid argument: '${text}': out of range: ${min} <= value <= ${most}`);
  }
  return n;
}

/** Seconds as nanoseconds. */
async function seconds(c: Command, option: string, what: string, min: number): Promise<number> {
  const text = c.value(option)!;
  const n = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (!(n >= min && n <= INT_MAX / 1000)) await c.die(`${what}: ${text}`, 2);
  return Math.floor(n * 1000) * 1e6;
}

async function planOf(c: Command): Promise<Plan> {
  const name = c.operands.at(-1);
  if (name === undefined) return c.die("usage error: Destination address required", 1);
  const count = c.has("c") ? await number(c, "c", 1, Number(LONG_MAX), LONG_MAX) : Infinity;
  const interval = c.has("i") ? await seconds(c, "i", "bad timing interval", 0) : 1e9;
  const linger = c.has("W") ? await seconds(c, "W", "bad linger time", 0.001) : 10e9;
  const deadline = c.has("w") ? (await number(c, "w", 0, INT_MAX)) * 1e9 : 0;
  const size = c.has("s") ? await number(c, "s", 0, 127992) : 56;
  if (interval < USER_INTERVAL && (await c.sys.getuid()) !== 0) {
    await c.die("cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)", 2);
  }
  const target = await resolve(c.sys, name);
  if (target === null) return c.die(`${name}: Temporary failure in name resolution`, 2);
  const [quiet, timestamps, outstanding] = [c.has("q"), c.has("D"), c.has("O")];
  const numeric = target.numeric || c.has("n");
  return { target, count, interval, linger, deadline, size, quiet, numeric, timestamps, outstanding };
}

/** The result of a step on the way to the target, or the end. */
async function step<T>(c: Command, what: string, done: Promise<T>): Promise<T> {
  const r = await attempt(done);
  return r.ok ? r.value : c.die(`${what}: ${strerror(r.code)}`, 2);
}

async function openSocket(c: Command, sys: SysCalls, address: string): Promise<PingSocket> {
  const socket = await step(c, "socket", PingSocket.open(sys, address));
  if (c.has("t")) await step(c, "setsockopt", socket.setTtl(await number(c, "t", 1, 255)));
  await step(c, "connect", socket.connect());
  return socket;
}

export const ping = utility(
  "ping",
  {
    help: HELP,
    options: "c: D h i: n O q s: t: V w: W: 4",
    usageStatus: 2,
    hint: HELP,
  },
  async (c) => {
    if (c.has("h")) {
      await c.errText(`${HELP}\n`);
      throw new Leave(2);
    }
    if (c.has("V")) return c.out("ping (Patchbay) 1.0\n");
    const plan = await planOf(c);
    return new Pinger(c, plan, await openSocket(c, c.sys, plan.target.address)).run();
  },
);
