// ip_input.ts - packets that came in. Mirrors Linux net/ipv4/ip_input.c.

import { SkBuff, kfree_skb, skb_pull } from "../core/skbuff";
import { icmp_rcv } from "./icmp";
import { IPPROTO_ICMP, IpHdr, ip_compute_csum } from "./ip";
import { ip_route_output } from "./route";

/** Whether it is a packet that says of itself what it is. */
function ip_rcv_core(skb: SkBuff): bool {
  const iph = changetype<IpHdr>(skb.data);
  if (skb.len < offsetof<IpHdr>() || iph.version_ihl != 0x45) return false;
  if (ip_compute_csum(skb.data, offsetof<IpHdr>()) != 0) return false;
  skb.network_header = skb.data;
  return skb_pull(skb, offsetof<IpHdr>());
}

function ip_local_deliver(skb: SkBuff): void {
  const iph = changetype<IpHdr>(skb.network_header);
  if (iph.protocol == IPPROTO_ICMP) icmp_rcv(skb);
  else kfree_skb(skb);
}

/** Takes skb over. */
export function ip_rcv(skb: SkBuff): void {
  if (!ip_rcv_core(skb)) {
    kfree_skb(skb);
    return;
  }
  const iph = changetype<IpHdr>(skb.network_header);
  if (ip_route_output(iph.daddr) == iph.daddr) ip_local_deliver(skb);
  else kfree_skb(skb);
}
