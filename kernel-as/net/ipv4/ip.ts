// ip.ts - the IP header. Mirrors Linux include/net/ip.h, lib/checksum.c.

export const IPPROTO_ICMP: u8 = 1;
/** net.ipv4.ip_default_ttl. */
export const IPDEFTTL: u8 = 64;

/** struct iphdr without options. */
@unmanaged
export class IpHdr {
  /** Version 4 and a header of 5 words: 0x45. */
  version_ihl: u8;
  tos: u8;
  /** Network order. */
  tot_len: u16;
  id: u16;
  frag_off: u16;
  ttl: u8;
  protocol: u8;
  check: u16;
  saddr: u32;
  daddr: u32;
}

if (offsetof<IpHdr>() != 20) ERROR("ip.ts: IpHdr");

export function htons(n: u16): u16 {
  return bswap<u16>(n);
}

/** The Internet checksum: 0 over bytes that contain their own. */
export function ip_compute_csum(buf: usize, len: u32): u16 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i + 1 < len; i += 2) sum += load<u16>(buf + i);
  if ((len & 1) != 0) sum += load<u8>(buf + len - 1);
  sum = (sum & 0xffff) + (sum >> 16);
  sum += sum >> 16;
  return <u16>~sum;
}
