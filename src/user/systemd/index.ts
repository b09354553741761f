// index.ts - systemd's face: its programs by name.
import { helped } from "../helped.ts";
import type { Program } from "../sys.ts";
import { systemd } from "./boot.ts";
import { journalctl } from "./journalctl.ts";
import { systemctl } from "./systemctl.ts";

const USAGE = `Usage: systemd
The manager of the services: init starts it at boot; systemctl(1) speaks with it.`;

export const systemdPrograms: Record<string, Program> = {
  journalctl,
  systemctl,
  systemd: helped("systemd", USAGE, systemd),
};
