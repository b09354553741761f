// socket.ts - a ping socket: what a C library makes of the system calls.

import { Errno, Sys } from "../../../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../../sys.ts";

const AF_INET = 2;
const SOCK_DGRAM = 2;
const IPPROTO_ICMP = 1;
const SOL_IP = 0;
const IP_TTL = 2;
const IP_RECVTTL = 12;
const MSG_DONTWAIT = 0x40;
/** The ICMP header. */
export const HEADER = 8;
const CMSG_SIZE = 24;
const CMSG_DATA = 16;

function sockaddr(address: string): Uint8Array {
  return Uint8Array.from([AF_INET, 0, 0, 0, ...address.split(".").map(Number), 0, 0, 0, 0, 0, 0, 0, 0]);
}

export interface Reply {
  from: string;
  ttl: number;
  sequence: number;
  /** The whole message, ICMP header first. */
  message: Uint8Array;
}

export class PingSocket {
  private constructor(
    private readonly sys: SysCalls,
    readonly fd: number,
    private readonly to: Uint8Array,
  ) {}

  static async open(sys: SysCalls, address: string): Promise<PingSocket> {
    const fd = await sys.raw(Sys.SOCKET, AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    const socket = new PingSocket(sys, fd, sockaddr(address));
    await socket.option(IP_RECVTTL, 1);
    return socket;
  }

  private async option(name: number, value: number): Promise<void> {
    await this.sys.raw(Sys.SETSOCKOPT, this.fd, SOL_IP, name, Uint8Array.from([value, 0, 0, 0]), 4);
  }

  setTtl(ttl: number): Promise<void> {
    return this.option(IP_TTL, ttl);
  }

  /** Whether there is a way to the address: throws if not. */
  async connect(): Promise<void> {
    await this.sys.raw(Sys.CONNECT, this.fd, this.to, this.to.length);
  }

  async send(message: Uint8Array): Promise<void> {
    await this.sys.raw(Sys.SENDTO, this.fd, message, message.length, 0, this.to, this.to.length);
  }

  /** A reply that waits to be read, or null. */
  async receive(size: number): Promise<Reply | null> {
    const [from, control, message] = [new Uint8Array(16), new Uint8Array(CMSG_SIZE), new Uint8Array(size)];
    const msghdr = [from, from.length, [message, size], 1, control, control.length, 0];
    try {
      const n = await this.sys.raw(Sys.RECVMSG, this.fd, msghdr, MSG_DONTWAIT);
      return {
        from: from.subarray(4, 8).join("."),
        ttl: control[CMSG_DATA]!,
        sequence: (message[6]! << 8) | message[7]!,
        message: message.subarray(0, n),
      };
    } catch (error) {
      if (error instanceof SysError && error.code === Errno.EAGAIN) return null;
      throw error;
    }
  }
}
