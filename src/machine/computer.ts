/**
 * What a machine is plugged into: it has the power switch and the disk, and
 * starts one kernel after the other. What passes from one to the next is in
 * the memory of the one that stopped: its disk, and the kernel that kexec(8)
 * left there. So the whole run is a function of what was shipped, the disk it
 * began with, and the events of each boot.
 */
import type { HostJob } from "../user/sys.ts";
import type { BootArchive } from "./bootArchive.ts";
import { diskBlobs, emptyDisk, fileOnDisk, hashDisk, type Disk } from "./disk.ts";
import type { LoggedEvent } from "./eventLog.ts";
import { hashBytes } from "./hash.ts";
import type { KernelInstance } from "./instance.ts";
import type { HaltReason } from "./haltReason.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { KernelImages, type Kernel } from "./vmlinux.ts";

/** What one kernel's life began with, and what came into it. */
export interface BootRecord {
  /** Hashes of the image and of the disk. */
  kernel: string;
  disk: string;
  cmdline: string;
  epochNs: number;
  events: LoggedEvent[];
}

type Passed = "programs" | "awaitProgram" | "onOutput" | "clock" | "pacing";

export interface ComputerOptions extends Pick<MachineOptions, Passed> {
  /** The kernel that was shipped, and its build: what it was linked from. */
  vmlinux: Uint8Array;
  build: string;
  release: string;
  archive: BootArchive;
  /** Does a host job for a machine that runs this kernel. */
  doJob: (job: HostJob, kernel: Kernel) => Promise<unknown>;
  /** Null: never formatted. */
  disk: Disk | null;
  /** The boot loader's command line; /etc/kernel/cmdline on the disk adds to it. */
  cmdline: string;
  /** Wall clock at the first boot; later ones go on from there. */
  epochNs: number;
  /** It stays off after so many boots; without it, it starts again for ever. */
  boots?: number;
  /** A run that is to happen again, boot by boot. */
  replay?: BootRecord[];
  /** A machine that is about to boot: the place to set its hooks. */
  onMachine?: (machine: Machine, kernel: Kernel) => void;
  /** It is off for good: no kernel follows. */
  onOff?: (reason: HaltReason) => void;
  /** The disk shall outlive us. */
  saveDisk?: (disk: Disk) => void;
}

/** Where kexec_file_load(2) left a kernel: kernel-as/kernel/kexec_core.ts. */
const KEXEC = "kernel/kexec_core/kexec_";

export class Computer {
  readonly records: BootRecord[] = [];
  #machine: Machine | null = null;
  #formatted = "";
  #readBlob: MachineOptions["readBlob"] = () => null;
  readonly #images: KernelImages;

  constructor(private readonly options: ComputerOptions) {
    this.#images = new KernelImages(options.vmlinux, options.build);
  }

  /** The machine that runs now. */
  get machine(): Machine {
    if (this.#machine === null) throw new Error("the computer was never switched on");
    return this.#machine;
  }

  switchOn(): void {
    const disk = this.options.disk ?? emptyDisk(this.options.epochNs);
    this.#bootFrom(disk, Math.max(disk.time, this.options.epochNs));
  }

  /** What the disk holds now. The code for it comes when a page has its prompt. */
  async readDisk(): Promise<Disk> {
    const { readDisk } = await import("./diskReader.ts");
    const formatted = this.#formatted;
    return readDisk(this.machine.kernel, this.#readBlob, this.options.archive, formatted, this.#now);
  }

  async #save(): Promise<Disk> {
    const disk = await this.readDisk();
    this.options.saveDisk?.(disk);
    return disk;
  }

  /** The boot loader: the kernel that `make install` put on the disk, or the one that was shipped. */
  #bootFrom(disk: Disk, epochNs: number): void {
    const installed = fileOnDisk(disk, `boot/vmlinux-${this.options.release}`);
    const kernel = installed && this.#images.open(installed);
    const words = fileOnDisk(disk, "etc/kernel/cmdline");
    const more = words === null ? "" : new TextDecoder().decode(words).trim().replaceAll("\n", " ");
    if (installed !== null && kernel === null) {
      this.#print("boot: the kernel on the disk was built for another Patchbay; starting the shipped one\n");
    }
    this.#boot(kernel ?? this.#images.shipped, disk, `${this.options.cmdline} ${more}`.trim(), epochNs);
  }

  /** The time in the machine, ns of the epoch; asking runs nothing in it. */
  get #now(): number {
    const ktime = this.machine.kernel.globals.get("kernel/time/timekeeping/ktime")!.value as bigint;
    return this.records.at(-1)!.epochNs + Number(ktime);
  }

  #print(text: string): void {
    this.options.onOutput(new TextEncoder().encode(text.replaceAll("\n", "\r\n")));
  }

  #boot(kernel: Kernel, disk: Disk, cmdline: string, epochNs: number): void {
    const { options } = this;
    const { programs, doJob, onOutput, clock, awaitProgram, pacing } = options;
    const record = this.#record(kernel, disk, cmdline, epochNs);
    const readBlob = diskBlobs(options.archive, disk);
    const replay = options.replay?.[this.records.length - 1]?.events;
    const machine = new Machine({
      ...{ programs, onOutput, clock },
      doJob: (job) => doJob(job, kernel),
      ...(awaitProgram && { awaitProgram }),
      ...(pacing && { pacing }),
      vmlinux: kernel.module,
      image: kernel.bytes,
      cmdline,
      epochNs,
      readBlob,
      probeKernel: (image) => this.#images.open(image) !== null,
      syncDisk: () => void this.#save(),
      ...(replay && { replay }),
    });
    record.events = machine.log.events;
    this.#machine = machine;
    this.#readBlob = readBlob;
    this.#formatted = disk.formatted;
    options.onMachine?.(machine, kernel);
    machine.onHalt = (reason) => void this.#halted(machine, reason);
    machine.boot();
  }

  /** @throws Error when a replay comes to another place than the run it repeats. */
  #record(kernel: Kernel, disk: Disk, cmdline: string, epochNs: number): BootRecord {
    const begun = { kernel: hashBytes(kernel.bytes), disk: hashDisk(disk), cmdline, epochNs };
    const record = { ...begun, events: [] };
    const before = this.options.replay?.[this.records.length];
    if (this.options.replay && JSON.stringify({ ...before, events: [] }) !== JSON.stringify(record)) {
      throw new Error(`replay: boot ${this.records.length} differs: ${JSON.stringify(begun)}`);
    }
    this.records.push(record);
    return record;
  }

  /** Nothing runs in the machine any more: it can be read at leisure. */
  async #halted(machine: Machine, reason: HaltReason): Promise<void> {
    const disk = await this.#save();
    if (this.records.length === this.options.boots) return this.options.onOff?.(reason);
    const staged = reason === "kexec" ? stagedKernel(machine.kernel) : null;
    const kernel = staged && this.#images.open(staged.image);
    if (kernel) this.#boot(kernel, disk, staged.cmdline ?? "", disk.time);
    else if (reason === "restart") this.#bootFrom(disk, disk.time);
    else this.options.onOff?.(reason);
  }
}

function stagedKernel({ globals, mem }: KernelInstance): { image: Uint8Array; cmdline: string | null } {
  const value = (name: string) => globals.get(KEXEC + name)!.value as number;
  const words = value("cmdline");
  return {
    image: mem.copy(value("image"), value("image_len")),
    cmdline: words === 0 ? null : mem.cstring(words),
  };
}
