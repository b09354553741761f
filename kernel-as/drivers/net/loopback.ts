// loopback.ts - lo: what is sent comes in.
// Mirrors Linux drivers/net/loopback.c.

import { netif_rx } from "../../net/core/dev";
import { SkBuff } from "../../net/core/skbuff";

/** Bytes of the largest packet, IP header included. */
export const LOOPBACK_MTU: u32 = 65536;

export function loopback_xmit(skb: SkBuff): void {
  netif_rx(skb);
}
