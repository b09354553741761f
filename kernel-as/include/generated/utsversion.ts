// utsversion.ts - the number and the time of this build; make writes it.

export const UTS_VERSION = "#1 SMP PREEMPT_LAZY Sat Nov 21 12:00:00 UTC 2026";
