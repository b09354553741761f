// sysctl_net_ipv4.ts - net.ipv4 in /proc/sys.
// Mirrors Linux net/ipv4/sysctl_net_ipv4.c.

import { Errno, Limits } from "../../abi";
import { proc_mkdir } from "../../fs/proc/generic";
import { proc_sys_dir, register_sysctl } from "../../fs/proc/proc_sysctl";
import { CtlTable, ctl_init, ctl_init_int } from "../../kernel/sysctl";
import { kstrto_value, kstrtoint } from "../../lib/kstrtox";
import { isspace } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { icmp_echo_ignore_all } from "./icmp";
import { ping_group_range } from "./ping";

const ignore_ctl = changetype<CtlTable>(memory.data(offsetof<CtlTable>(), 4));
const range_ctl = changetype<CtlTable>(memory.data(offsetof<CtlTable>(), 4));

function ping_group_range_get(_ctl: CtlTable, buf: usize): i32 {
  const low = load<i32>(ping_group_range);
  const high = load<i32>(ping_group_range, 4);
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%d\t%d\n", low, high);
}

/** Two numbers; a range that ends before it begins is nobody: 1 0. */
function ping_group_range_set(_ctl: CtlTable, text: usize): i32 {
  let p = text;
  while (load<u8>(p) != 0 && !isspace(load<u8>(p))) p++;
  if (load<u8>(p) == 0) return -Errno.EINVAL;
  store<u8>(p, 0);
  if (kstrtoint(text, 0) != 0) return -Errno.EINVAL;
  const low = <i32>kstrto_value;
  if (kstrtoint(p + 1, 0) != 0) return -Errno.EINVAL;
  const high = <i32>kstrto_value;
  if (low < 0 || high < 0) return -Errno.EINVAL;
  store<i32>(ping_group_range, high < low ? 1 : low);
  store<i32>(ping_group_range, high < low ? 0 : high, 4);
  return 0;
}

/** Default: everybody, as systemd sets it. */
export function ipv4_sysctl_init(): void {
  store<i32>(ping_group_range, i32.MAX_VALUE, 4);
  const net = proc_mkdir("net", proc_sys_dir);
  if (net == null) return;
  const ipv4 = proc_mkdir("ipv4", net);
  if (ipv4 == null) return;
  const ignore = icmp_echo_ignore_all;
  register_sysctl(
    ipv4,
    ctl_init_int(ignore_ctl, "icmp_echo_ignore_all", ignore, 0, 1),
  );
  register_sysctl(
    ipv4,
    ctl_init(
      range_ctl,
      "ping_group_range",
      0o644,
      ping_group_range_get,
      ping_group_range_set,
    ),
  );
}
