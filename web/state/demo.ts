import type { Pace } from "./typist.svelte.ts";

/** The first thing a newcomer sees: a function of a running kernel changes hands, and back. */
export const DEMO = [
  "uname -r",
  "grep -i chunk /proc/meminfo",
  "kpatch-build -s /usr/src/linux meminfo-string.patch",
  "kpatch load livepatch-meminfo-string.ko",
  "grep -i chunk /proc/meminfo",
  "cat /sys/kernel/livepatch/livepatch_meminfo_string/enabled",
  "dmesg | tail",
  "kpatch unload livepatch-meminfo-string",
  "grep -i chunk /proc/meminfo",
  "cat /proc/uptime",
];

/** As a person types; a moment to read what each command printed. */
export const DEMO_PACE: Pace = { keyMs: 22, lineMs: 600 };

/** For people who asked their system for less motion. */
export const STILL_PACE: Pace = { keyMs: 0, lineMs: 300 };
