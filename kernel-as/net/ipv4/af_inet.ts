// af_inet.ts - the protocol family PF_INET: ping sockets on the loopback.
//
// A module, which the first socket(AF_INET, ...) loads. Like Linux's ipv6 it
// cannot be unloaded.
// Mirrors Linux net/ipv4/af_inet.c and ip_sockglue.c.

import { Errno } from "../../abi";
import { pr_info } from "../../kernel/printk/printk";
import { ProtoOps, Socket, sock_register } from "../socket";
import { Sock, datagram_poll, sk_alloc, sk_free } from "../core/sock";
import { sock_setsockopt } from "../core/sock";
import { IPDEFTTL, IPPROTO_ICMP } from "./ip";
import { ping_daddr, ping_init_sock, ping_recvmsg } from "./ping";
import { ping_unhash, ping_v4_sendmsg } from "./ping";
import { ipv4_sysctl_init } from "./sysctl_net_ipv4";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "IPv4: ping sockets on the loopback";
export const MODULE_INFO_alias = "net-pf-2";
export const MODULE_INFO_intree = "Y";

const PF_INET = 2;
const SOCK_DGRAM: u32 = 2;
const SOL_SOCKET = 1;
const SOL_IP = 0;
const IP_TTL = 2;
const IP_RECVTTL = 12;

const inet_dgram_ops = changetype<ProtoOps>(
  memory.data(offsetof<ProtoOps>(), 4),
);

function inet_release(sock: Socket): void {
  const sk = changetype<Sock>(sock.sk);
  ping_unhash(sk);
  sk_free(sk);
}

function inet_dgram_connect(sock: Socket, addr: usize, len: u32): i32 {
  const daddr = ping_daddr(addr, len);
  if (daddr < 0) return <i32>daddr;
  changetype<Sock>(sock.sk).daddr = <u32>daddr;
  return 0;
}

function ip_setsockopt(sk: Sock, name: i32, val: i32): i32 {
  if (name == IP_RECVTTL) sk.recvttl = val != 0;
  else if (name != IP_TTL) return -Errno.ENOPROTOOPT;
  else if (val == -1) sk.ttl = IPDEFTTL;
  else if (val < 1 || val > 255) return -Errno.EINVAL;
  else sk.ttl = <u8>val;
  return 0;
}

function inet_setsockopt(
  sock: Socket,
  level: i32,
  name: i32,
  val: usize,
  len: u32,
): i32 {
  const sk = changetype<Sock>(sock.sk);
  if (level == SOL_SOCKET) return sock_setsockopt(sk, name, val, len);
  if (level != SOL_IP) return -Errno.ENOPROTOOPT;
  return len < 4 ? -Errno.EINVAL : ip_setsockopt(sk, name, load<i32>(val));
}

function inet_poll(sock: Socket): u32 {
  return datagram_poll(changetype<Sock>(sock.sk));
}

/** Datagrams of ICMP are all there is. */
function inet_create(sock: Socket, protocol: i32): i32 {
  if (sock.type != SOCK_DGRAM) return -Errno.EPROTONOSUPPORT;
  if (protocol != <i32>IPPROTO_ICMP) return -Errno.EPROTONOSUPPORT;
  const err = ping_init_sock();
  if (err != 0) return err;
  const sk = sk_alloc();
  if (sk == null) return -Errno.ENOMEM;
  sk.ttl = IPDEFTTL;
  sock.sk = changetype<usize>(sk);
  sock.ops = inet_dgram_ops;
  return 0;
}

export function init_module(): i32 {
  inet_dgram_ops.release = inet_release;
  inet_dgram_ops.connect = inet_dgram_connect;
  inet_dgram_ops.sendmsg = ping_v4_sendmsg;
  inet_dgram_ops.recvmsg = ping_recvmsg;
  inet_dgram_ops.setsockopt = inet_setsockopt;
  inet_dgram_ops.poll = inet_poll;
  ipv4_sysctl_init();
  sock_register(PF_INET, inet_create);
  pr_info("NET: Registered PF_INET protocol family\n");
  return 0;
}
