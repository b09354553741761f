// pinger.ts - sends echo requests at their times and shows the replies.

import { Errno, Sig } from "../../../../kernel-as/abi.ts";
import { strerror } from "../../errno.ts";
import { SysError } from "../../sys.ts";
import type { Command } from "../command.ts";
import { nameOf, type Target } from "./address.ts";
import { HEADER, type PingSocket, type Reply } from "./socket.ts";
import { Statistics, tripTime } from "./statistics.ts";

const POLLIN = 1;
const ICMP_ECHO = 8;
const IP_HEADER = 20;
/** Bytes of a request's data that say when it was sent. */
const TIMESTAMP = 16;
/** Longest poll: one that is asked for more is asked again. */
const MAX_POLL_MS = 0x7fffffff;

export interface Plan {
  target: Target;
  /** Times are nanoseconds. */
  interval: number;
  linger: number;
  deadline: number;
  count: number;
  size: number;
  quiet: boolean;
  numeric: boolean;
  timestamps: boolean;
  outstanding: boolean;
}

export class Pinger {
  private readonly counted = new Statistics();
  private readonly request: Uint8Array;
  private exiting = false;
  private status = false;
  private started = 0;
  private lastSent = 0;

  constructor(
    private readonly c: Command,
    private readonly plan: Plan,
    private readonly socket: PingSocket,
  ) {
    this.request = Uint8Array.from({ length: HEADER + plan.size }, (_, i) => i - HEADER);
    this.request.fill(0, 0, HEADER);
    this.request[0] = ICMP_ECHO;
  }

  private now(): Promise<number> {
    return this.c.sys.clockGettime(1);
  }

  /** Until enough replies are there, nothing is to be hoped for, or somebody has enough of it; the exit status. */
  async run(): Promise<number> {
    const { sys } = this.c;
    const { target, size, count, deadline } = this.plan;
    await sys.sigaction(Sig.SIGINT, () => (this.exiting = true));
    await sys.sigaction(Sig.SIGQUIT, () => (this.status = true));
    const bytes = `${size}(${size + HEADER + IP_HEADER})`;
    await this.say(`PING ${target.name} (${target.address}) ${bytes} bytes of data.\n`);
    this.started = await this.now();
    await this.loop();
    const took = Math.round((this.lastSent - this.started) / 1e6);
    await this.say(this.counted.summary(target.name, took));
    const { received } = this.counted;
    return received === 0 || (deadline > 0 && received < count) ? 1 : 0;
  }

  private async loop(): Promise<void> {
    const { interval, deadline } = this.plan;
    let due = this.started;
    while (!this.over()) {
      if (this.status) await this.showStatus();
      const now = await this.now();
      if (deadline > 0 && now >= this.started + deadline) return;
      const sending = this.more();
      if (sending && now >= due) {
        await this.send();
        due = Math.max(due + interval, now);
      } else if (!sending && now >= this.lastSent + this.patience()) return;
      const wake = this.more() ? due : this.lastSent + this.patience();
      await this.wait(deadline > 0 ? Math.min(wake, this.started + deadline) : wake);
    }
  }

  private over(): boolean {
    const { received, errors } = this.counted;
    return this.exiting || received + errors >= this.plan.count;
  }

  /** Whether there are requests to send: with a deadline, until it. */
  private more(): boolean {
    return this.plan.deadline > 0 || this.counted.transmitted < this.plan.count;
  }

  /** How long the last reply is waited for. */
  private patience(): number {
    const { received, longest } = this.counted;
    return received > 0 ? Math.max(2000 * longest, this.plan.interval) : this.plan.linger;
  }

  private async send(): Promise<void> {
    const { counted, request, plan } = this;
    if (plan.outstanding && counted.transmitted > 0 && !counted.answered(counted.transmitted & 0xffff)) {
      await this.say(`${await this.stamp()}no answer yet for icmp_seq=${counted.transmitted}\n`);
    }
    const sequence = ++counted.transmitted & 0xffff;
    request[6] = sequence >> 8;
    request[7] = sequence & 0xff;
    this.lastSent = await this.now();
    if (plan.size >= TIMESTAMP) putTime(request, this.lastSent);
    try {
      await this.socket.send(request);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      counted.errors++;
      if (!plan.quiet) await this.c.warn(`sendmsg: ${strerror(error.code)}`, 0);
    }
  }

  /** Shows what comes in until then. */
  private async wait(until: number): Promise<void> {
    const ms = Math.ceil((until - (await this.now())) / 1e6);
    const fds = [{ fd: this.socket.fd, events: POLLIN, revents: 0 }];
    try {
      await this.c.sys.poll(fds, Math.min(Math.max(0, ms), MAX_POLL_MS));
    } catch (error) {
      if (!(error instanceof SysError && error.code === Errno.EINTR)) throw error;
    }
    for (;;) {
      const reply = await this.socket.receive(this.request.length);
      if (reply === null) return;
      await this.show(reply);
    }
  }

  private async show(reply: Reply): Promise<void> {
    const { counted, plan } = this;
    const duplicate = counted.reply(reply.sequence);
    const timed = plan.size >= TIMESTAMP && reply.message.length >= HEADER + TIMESTAMP;
    const us = timed ? Math.max(0, Math.floor(((await this.now()) - timeIn(reply.message)) / 1000)) : 0;
    if (timed) counted.trip(us);
    if (plan.quiet) return;
    const from = plan.numeric ? reply.from : await nameOf(this.c.sys, reply.from);
    const words = [`${reply.message.length} bytes from ${from}:`, `icmp_seq=${reply.sequence}`];
    words.push(`ttl=${reply.ttl}`);
    if (timed) words.push(`time=${tripTime(us)} ms`);
    if (duplicate) words.push("(DUP!)");
    await this.say(`${await this.stamp()}${words.join(" ")}${this.wrongData(reply)}\n`);
  }

  /** The first byte that did not come back as it was sent. */
  private wrongData({ message }: Reply): string {
    const from = HEADER + (this.plan.size >= TIMESTAMP ? TIMESTAMP : 0);
    const at = message.findIndex((byte, i) => i >= from && byte !== this.request[i]);
    if (at < 0) return "";
    const [should, was] = [this.request[at]!, message[at]!].map((byte) => `0x${byte.toString(16)}`);
    return `\nwrong data byte #${at - HEADER} should be ${should} but was ${was}`;
  }

  /** -D: when it is. */
  private async stamp(): Promise<string> {
    if (!this.plan.timestamps) return "";
    return `[${((await this.c.sys.clockGettime(0)) / 1e9).toFixed(6)}] `;
  }

  private async showStatus(): Promise<void> {
    this.status = false;
    await this.c.errText(this.counted.snapshot());
  }

  private async say(text: string): Promise<void> {
    await this.c.out(text);
    await this.c.flush();
  }
}

function putTime(message: Uint8Array, ns: number): void {
  message.set(new Uint8Array(Float64Array.of(ns, 0).buffer), HEADER);
}

function timeIn(message: Uint8Array): number {
  return new Float64Array(message.slice(HEADER, HEADER + TIMESTAMP).buffer)[0]!;
}
