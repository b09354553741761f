import type { Guest } from "./guest.ts";

/** A task sleeps in a function that slow_patch patches. */
export async function stall(guest: Guest): Promise<void> {
  await guest.insmod("test_modules/slow_target.ko", "ms=600000");
  await guest.sys.fork(async (own) => {
    await own.read(await own.open("/proc/slow_unint", 0), 100);
    return 0;
  });
  await guest.sys.nanosleep(1e9);
  await guest.insmod("test_modules/slow_patch.ko", "which=4");
}
