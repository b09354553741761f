// ip_output.ts - writes the IP header and gives the packet to the device.
// Mirrors Linux net/ipv4/ip_output.c; nothing is ever in fragments.

import { loopback_xmit } from "../../drivers/net/loopback";
import { SkBuff, skb_push } from "../core/skbuff";
import { IPPROTO_ICMP, IpHdr, htons, ip_compute_csum } from "./ip";

let ip_ident: u16 = 0;

/** Sends skb, which is not the caller's any more. */
export function ip_push_pending_frames(
  skb: SkBuff,
  saddr: u32,
  daddr: u32,
  ttl: u8,
): void {
  const at = skb_push(skb, offsetof<IpHdr>());
  const iph = changetype<IpHdr>(at);
  iph.version_ihl = 0x45;
  iph.tos = 0;
  iph.tot_len = htons(<u16>skb.len);
  iph.id = htons(++ip_ident);
  iph.frag_off = 0;
  iph.ttl = ttl;
  iph.protocol = IPPROTO_ICMP;
  iph.check = 0;
  iph.saddr = saddr;
  iph.daddr = daddr;
  iph.check = ip_compute_csum(at, offsetof<IpHdr>());
  loopback_xmit(skb);
}
