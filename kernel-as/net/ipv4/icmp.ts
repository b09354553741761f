// icmp.ts - echo requests are answered, replies go to who asked.
// Mirrors Linux net/ipv4/icmp.c.

import { SkBuff, alloc_skb, kfree_skb } from "../core/skbuff";
import { IPDEFTTL, IpHdr, ip_compute_csum } from "./ip";
import { ip_push_pending_frames } from "./ip_output";
import { ping_rcv } from "./ping";

export const ICMP_ECHOREPLY: u8 = 0;
export const ICMP_ECHO: u8 = 8;

/** struct icmphdr of an echo. */
@unmanaged
export class IcmpHdr {
  type: u8;
  code: u8;
  checksum: u16;
  /** Network order, both. */
  id: u16;
  sequence: u16;
}

/** net.ipv4.icmp_echo_ignore_all */
export const icmp_echo_ignore_all = memory.data(4, 4);

/** Writes the checksum of an ICMP message. */
export function icmp_checksum(msg: usize, len: u32): void {
  const icmph = changetype<IcmpHdr>(msg);
  icmph.checksum = 0;
  icmph.checksum = ip_compute_csum(msg, len);
}

/** Sends what came back to where it came from, with another type. */
function icmp_reply(skb: SkBuff, type: u8): void {
  const reply = alloc_skb(offsetof<IpHdr>(), skb.len);
  if (reply == null) return;
  memory.copy(reply.data, skb.data, skb.len);
  changetype<IcmpHdr>(reply.data).type = type;
  icmp_checksum(reply.data, reply.len);
  const iph = changetype<IpHdr>(skb.network_header);
  ip_push_pending_frames(reply, iph.daddr, iph.saddr, IPDEFTTL);
}

/** An echo request. */
function icmp_echo(skb: SkBuff): void {
  if (load<i32>(icmp_echo_ignore_all) != 0) return;
  icmp_reply(skb, ICMP_ECHOREPLY);
}

/** Takes skb over. */
export function icmp_rcv(skb: SkBuff): void {
  const whole = skb.len >= offsetof<IcmpHdr>();
  if (whole && ip_compute_csum(skb.data, skb.len) == 0) {
    const type = changetype<IcmpHdr>(skb.data).type;
    if (type == ICMP_ECHO) icmp_echo(skb);
    if (type == ICMP_ECHOREPLY && ping_rcv(skb)) return;
  }
  kfree_skb(skb);
}
