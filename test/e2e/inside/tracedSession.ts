// tracedSession.ts - a session that traces all it can, in whatever engine this runs.
import { stateHash } from "../../../src/machine/hash.ts";
import { ENV, mountAll } from "../../../src/user/init.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import type { LoadFile } from "../../bench/inside/kernels.ts";
import { loadAssets, makeMachine } from "../../bench/inside/machine.ts";

const SCRIPT = `
cd /sys/kernel/tracing
echo function > current_tracer; (sleep 0.1; ls /proc) & wait; echo 0 > tracing_on; md5sum trace; echo 1 > tracing_on
echo function_graph > current_tracer; cat /proc/meminfo; echo 0 > tracing_on; md5sum trace; echo 1 > tracing_on
echo nop > current_tracer; echo 'r:back seq_read_iter ret=$retval' > kprobe_events
echo 1 > events/kprobes/back/enable; cat /proc/uptime trace; echo 0 > events/enable
insmod /usr/lib/selftests/livepatch/test_modules/test_klp_livepatch.ko; sleep 3
echo '*cmdline*:stacktrace' > set_ftrace_filter; cat /proc/cmdline trace
`;

async function session(sys: SysCalls): Promise<void> {
  await mountAll(sys);
  await sys.fork(async (child) => {
    await child.execve("/usr/bin/bash", ["bash", "-c", SCRIPT], ENV);
    return 1;
  });
  await sys.wait4(-1, 0);
  await sys.fork((own) => own.raw(4, 0xfffffff0, 0xfffffff0)); // stat(bad address): an oops
  await sys.wait4(-1, 0);
}

/** All the session printed, oops included, and a hash of the machine behind it. */
export async function tracedSession(load: LoadFile): Promise<string> {
  const assets = await loadAssets(load);
  return new Promise((resolve, reject) => {
    const { machine, output } = makeMachine(assets, async ({ sys }) => {
      try {
        await session(sys);
        const log = new TextDecoder().decode(await sys.syslog(3, 1 << 18));
        resolve(`${output()}\n${log}\n${stateHash(machine.kernel)}`);
      } catch (error) {
        reject(error as Error);
      }
      await sys.reboot("power-off");
      return 0;
    });
    machine.onQuiet = () => reject(new Error(output()));
    machine.boot();
  });
}
