/** Why a machine stopped: kernel-as/kernel/sys.ts Halt, kernel/panic.ts Trap. */
export type HaltReason = "panic" | "restart" | "halt" | "power-off" | "kexec";

const HALT_REASONS: Record<number, HaltReason> = {
  3: "panic",
  16: "restart",
  17: "halt",
  18: "power-off",
  19: "kexec",
};

/** What the kernel gave machine_halt(). */
export const haltReason = (reason: number): HaltReason => HALT_REASONS[reason] ?? "halt";
