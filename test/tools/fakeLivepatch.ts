// fakeLivepatch.ts - a FakeMachine whose sysfs behaves like livepatch's.
import { Errno } from "../../kernel-as/abi.ts";
import { kpatchPrograms } from "../../src/user/kpatch/index.ts";
import { infoField, readModInfo } from "../../src/user/kpatch/ko.ts";
import { FakeMachine } from "./fakeSys.ts";

const encoder = new TextEncoder();

/** A Wasm module with nothing but a `.modinfo`. */
export function fakeKo(fields: Record<string, string>): Uint8Array {
  const text = Object.entries(fields)
    .map(([key, value]) => `${key}=${value}\0`)
    .join("");
  const name = encoder.encode(".modinfo");
  const body = [name.length, ...name, ...encoder.encode(text)];
  const size = [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, ...size, ...body]);
}

export const livepatchKo = (name: string): Uint8Array =>
  fakeKo({
    livepatch: "Y",
    license: "GPL",
    depends: "",
    name,
    vermagic: "7.3.4-patchbay preempt mod_unload ",
  });

/** How long the next transition takes; `never` stalls on task 402. */
export interface Behaviour {
  seconds: number | "never";
  insertError?: Errno;
  disableError?: Errno;
}

export class FakeLivepatch extends FakeMachine {
  readonly patches = new Map<string, { enabled: boolean; transition: boolean }>();
  next: Behaviour = { seconds: 0 };
  refcounts = new Map<string, number>();

  constructor() {
    super();
    for (const dir of ["/sys/kernel/livepatch", "/sys/module", "/proc", "/root", "/var/lib"]) this.mkdir(dir);
    for (const [name, program] of Object.entries(kpatchPrograms)) this.programs.set(name, program);
    this.insert = (image) => this.insertPatch(image);
    this.remove = (name) => this.delete(`/sys/module/${name}`);
  }

  private insertPatch(image: Uint8Array): Errno | void {
    const info = readModInfo(image);
    if (!info) return Errno.ENOEXEC;
    if (this.next.insertError) return this.next.insertError;
    this.enable((infoField(info, "name") ?? "").replaceAll("-", "_"));
  }

  private enable(name: string): void {
    this.patches.set(name, { enabled: true, transition: false });
    this.refcounts.set(name, 1);
    const dir = `/sys/kernel/livepatch/${name}`;
    const patch = () => this.patches.get(name);
    this.put(`${dir}/enabled`, {
      show: () => (patch()?.enabled ? "1\n" : "0\n"),
      store: (text) => this.storeEnabled(name, text),
    });
    this.put(`${dir}/transition`, { show: () => (patch()?.transition ? "1\n" : "0\n") });
    this.put(`${dir}/stack_order`, { show: () => `${[...this.patches.keys()].indexOf(name) + 1}\n` });
    this.mkdir(`${dir}/vmlinux/meminfo_proc_show,1`);
    this.put(`${dir}/vmlinux/patched`, "1\n");
    this.put(`/sys/module/${name}/initstate`, "live\n");
    this.put(`/sys/module/${name}/refcnt`, { show: () => `${this.refcounts.get(name)}\n` });
    this.mkdir(`/sys/module/${name}/holders`);
    this.transition(name);
  }

  private storeEnabled(name: string, text: string): Errno | void {
    const patch = this.patches.get(name);
    if (!patch || text !== (patch.enabled ? "0" : "1")) return Errno.EINVAL;
    if (this.next.disableError) return this.next.disableError;
    patch.enabled = !patch.enabled;
    // A stalled transition turns back at once here: its tasks never left.
    if (patch.transition) this.next = { seconds: 0 };
    this.transition(name);
  }

  private transition(name: string): void {
    const patch = this.patches.get(name);
    if (!patch) throw new Error(`no patch ${name}`);
    const done = () => {
      patch.transition = false;
      if (!patch.enabled) this.free(name);
    };
    if (this.next.seconds === 0) return done();
    patch.transition = true;
    if (this.next.seconds === "never") this.addTask(patch.enabled ? "0" : "1");
    else this.after(this.next.seconds, done);
  }

  private free(name: string): void {
    this.patches.delete(name);
    this.refcounts.set(name, 0);
    this.delete(`/sys/kernel/livepatch/${name}`);
  }

  private addTask(state: string): void {
    this.put("/proc/402/task/402/patch_state", `${state}\n`);
    this.put("/proc/402/task/402/comm", "cat\n");
    this.put("/proc/402/task/402/stack", "[<0>] msleep+0x39/0x50\n[<0>] xt_unint_show+0x24/0x40 [xtarget]\n");
  }
}
