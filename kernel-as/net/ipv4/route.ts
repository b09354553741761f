// route.ts - where a packet goes: to lo, or nowhere.
// Mirrors Linux net/ipv4/route.c; addresses are in network order.

export const INADDR_LOOPBACK: u32 = 0x0100007f;

/** 127.0.0.0/8. */
function ipv4_is_loopback(addr: u32): bool {
  return (addr & 0xff) == 127;
}

/** The address that addr stands for, or 0: there is no way to it. */
export function ip_route_output(addr: u32): u32 {
  if (addr == 0) return INADDR_LOOPBACK;
  return ipv4_is_loopback(addr) ? addr : 0;
}
