// index.ts - systemd's face: its programs by name.
import type { Program } from "../sys.ts";
import { systemd } from "./boot.ts";
import { journalctl } from "./journalctl.ts";
import { systemctl } from "./systemctl.ts";

export const systemdPrograms: Record<string, Program> = { journalctl, systemctl, systemd };
