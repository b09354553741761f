// loopback.ts - lo: what is sent comes in.
// Mirrors Linux drivers/net/loopback.c.

import { netif_rx } from "../../net/core/dev";
import { SkBuff } from "../../net/core/skbuff";

export function loopback_xmit(skb: SkBuff): void {
  netif_rx(skb);
}
