// ping.ts - ping sockets: a user program sends echo requests, and reads the
// replies to its own.
//
// The kernel writes the identifier into each request, and by it finds the
// socket that a reply is for; so no privilege is needed.
// Mirrors Linux net/ipv4/ping.c.

import { Errno } from "../../abi";
import { current } from "../../kernel/sched/task";
import { IS_ERR, PTR_ERR } from "../../lib/err";
import { MSG_DONTWAIT, Socket, UserMsghdr } from "../socket";
import { SkBuff, alloc_skb, kfree_skb } from "../core/skbuff";
import { Sock, skb_recv_datagram, sock_queue_rcv_skb } from "../core/sock";
import { ICMP_ECHO, IcmpHdr, icmp_checksum } from "./icmp";
import { IpHdr, htons } from "./ip";
import { ip_push_pending_frames } from "./ip_output";
import { INADDR_LOOPBACK, ip_route_output } from "./route";

const AF_INET: u16 = 2;
const MSG_TRUNC: u32 = 0x20;
/** What the length in an IP header leaves. */
const MAX_LEN: u32 = 65535 - offsetof<IpHdr>();

/** struct sockaddr_in. */
@unmanaged
export class SockaddrIn {
  family: u16;
  port: u16;
  addr: u32;
  zero: u64;
}

/** struct cmsghdr with an int. */
@unmanaged
class CmsgInt {
  len: u64;
  level: i32;
  type: i32;
  data: i32;
  pad: u32;
}

/** net.ipv4.ping_group_range: groups that may have ping sockets. */
export const ping_group_range = memory.data(8, 4);

/** Sockets that have an identifier. */
let ping_table: usize = 0;
let ping_port_rover: u16 = 0;

export function ping_init_sock(): i32 {
  const gid = <i32>current.gid;
  const low = load<i32>(ping_group_range);
  const high = load<i32>(ping_group_range, 4);
  return gid < low || gid > high ? -Errno.EACCES : 0;
}

function ping_lookup(num: u16): Sock | null {
  let at = ping_table;
  while (at != 0 && changetype<Sock>(at).num != num) {
    at = changetype<Sock>(at).next;
  }
  return changetype<Sock | null>(at);
}

/** Gives sk an identifier that nobody has. */
function ping_get_port(sk: Sock): void {
  do ping_port_rover++;
  while (ping_port_rover == 0 || ping_lookup(ping_port_rover) != null);
  sk.num = ping_port_rover;
  sk.next = ping_table;
  ping_table = changetype<usize>(sk);
}

/** sk gives its identifier back. */
export function ping_unhash(sk: Sock): void {
  let prev: usize = 0;
  for (let at = ping_table; at != 0; at = changetype<Sock>(at).next) {
    if (at == changetype<usize>(sk)) {
      if (prev == 0) ping_table = sk.next;
      else changetype<Sock>(prev).next = sk.next;
      return;
    }
    prev = at;
  }
}

/** The address of a sockaddr_in that a packet can be sent to, or -errno. */
export function ping_daddr(addr: usize, len: u32): i64 {
  const sin = changetype<SockaddrIn>(addr);
  if (len < offsetof<SockaddrIn>()) return -Errno.EINVAL;
  if (sin.family != AF_INET) return -Errno.EAFNOSUPPORT;
  const daddr = ip_route_output(sin.addr);
  return daddr == 0 ? -Errno.ENETUNREACH : <i64>daddr;
}

/** An echo request of the user, as it is sent. */
function ping_v4_push_pending_frames(sk: Sock, skb: SkBuff, daddr: u32): void {
  if (sk.num == 0) ping_get_port(sk);
  changetype<IcmpHdr>(skb.data).id = htons(sk.num);
  icmp_checksum(skb.data, skb.len);
  ip_push_pending_frames(skb, INADDR_LOOPBACK, daddr, sk.ttl);
}

export function ping_v4_sendmsg(
  sock: Socket,
  buf: usize,
  n: u32,
  addr: usize,
  len: u32,
): i32 {
  const sk = changetype<Sock>(sock.sk);
  if (n > MAX_LEN) return -Errno.EMSGSIZE;
  if (n < offsetof<IcmpHdr>()) return -Errno.EINVAL;
  const daddr: i64 = addr != 0 ? ping_daddr(addr, len) : sk.daddr;
  if (daddr < 0) return <i32>daddr;
  if (daddr == 0) return -Errno.EDESTADDRREQ;
  const icmph = changetype<IcmpHdr>(buf);
  if (icmph.type != ICMP_ECHO || icmph.code != 0) return -Errno.EINVAL;
  const skb = alloc_skb(offsetof<IpHdr>(), n);
  if (skb == null) return -Errno.ENOMEM;
  memory.copy(skb.data, buf, n);
  ping_v4_push_pending_frames(sk, skb, <u32>daddr);
  return n;
}

/** A reply; true when somebody waits for it and has it now. */
export function ping_rcv(skb: SkBuff): bool {
  const sk = ping_lookup(htons(changetype<IcmpHdr>(skb.data).id));
  if (sk == null) return false;
  sock_queue_rcv_skb(sk, skb);
  return true;
}

/** IP_TTL of the packet, when the caller has asked for it and has room. */
function put_cmsg_ttl(sk: Sock, msg: UserMsghdr, ttl: u8): void {
  const room = msg.controllen;
  msg.controllen = 0;
  if (!sk.recvttl || room < offsetof<CmsgInt>()) return;
  const cmsg = changetype<CmsgInt>(<usize>msg.control);
  cmsg.len = offsetof<CmsgInt>("pad");
  cmsg.level = 0;
  cmsg.type = 2;
  cmsg.data = ttl;
  msg.controllen = offsetof<CmsgInt>();
}

/** What recvmsg tells beside the data. */
function ping_fill_msg(sk: Sock, msg: UserMsghdr, skb: SkBuff): void {
  const iph = changetype<IpHdr>(skb.network_header);
  if (msg.name != 0 && msg.namelen >= offsetof<SockaddrIn>()) {
    const sin = changetype<SockaddrIn>(<usize>msg.name);
    sin.family = AF_INET;
    sin.port = 0;
    sin.addr = iph.saddr;
    msg.namelen = offsetof<SockaddrIn>();
  }
  put_cmsg_ttl(sk, msg, iph.ttl);
}

export function ping_recvmsg(
  sock: Socket,
  buf: usize,
  n: u32,
  flags: u32,
  msg: usize,
): i32 {
  const sk = changetype<Sock>(sock.sk);
  const got = skb_recv_datagram(sk, (flags & MSG_DONTWAIT) != 0);
  if (IS_ERR(got)) return PTR_ERR(got);
  const skb = changetype<SkBuff>(got);
  const copied = min<u32>(n, skb.len);
  memory.copy(buf, skb.data, copied);
  if (msg != 0) {
    const hdr = changetype<UserMsghdr>(msg);
    hdr.flags = copied < skb.len ? MSG_TRUNC : 0;
    ping_fill_msg(sk, hdr, skb);
  }
  kfree_skb(skb);
  return copied;
}
