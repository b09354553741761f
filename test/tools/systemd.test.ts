/** systemd's face: systemctl, journalctl, and what a boot starts. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkoutArchive } from "../../src/cli/checkout.ts";
import { parseMoment, ago, timespan, timestamp } from "../../src/user/systemd/clock.ts";
import { checkout, play } from "../play.ts";

const RELEASE = checkout.packed.release;
const INSTALLED = `var/lib/kpatch/${RELEASE}`;
const MODULE = readFileSync(new URL("../../build/modules/livepatch_sample.ko", import.meta.url));
const TITLE = 'kpatch.service - "Apply kpatch kernel patches"';
const LOADED = (state: string) =>
  `     Loaded: loaded (/usr/lib/systemd/system/kpatch.service; ${state}; preset: disabled)`;

/** All that the commands print, line by line. */
async function run(command: string, cmdline = "", installed: Record<string, Uint8Array | string> = {}) {
  const archive = checkoutArchive(checkout);
  if (Object.keys(installed).length > 0) {
    const wants = "etc/systemd/system/multi-user.target.wants";
    archive.directory("etc/systemd");
    archive.directory("etc/systemd/system");
    archive.directory(wants);
    archive.link(`${wants}/kpatch.service`, "/usr/lib/systemd/system/kpatch.service");
    archive.directory("var/lib/kpatch");
    archive.directory(INSTALLED);
  }
  for (const [name, contents] of Object.entries(installed)) archive.file(`${INSTALLED}/${name}`, contents);
  const { text } = await play({ argv: ["bash", "-c", command], cmdline, archive });
  return text.replace(/\n$/, "").split("\n");
}

test("a service nobody has started, and one that does not exist", async () => {
  const lines = await run(`
    systemctl status kpatch; echo $?
    systemctl is-active kpatch; echo $?; systemctl is-enabled kpatch.service; echo $?
    systemctl is-active nope; echo $?; systemctl is-enabled nope; echo $?
    systemctl status nope; echo $?; systemctl start nope; echo $?; systemctl stop nope; echo $?
    systemctl enable nope; echo $?; systemctl frob; echo $?; systemctl start; echo $?
    journalctl -u kpatch; echo $?`);
  expect(lines).toEqual([
    `○ ${TITLE}`,
    LOADED("disabled"),
    "     Active: inactive (dead)",
    "3",
    ...["inactive", "3", "disabled", "1"],
    ...["inactive", "4", "not-found", "4"],
    ...["Unit nope.service could not be found.", "4"],
    ...["Failed to start nope.service: Unit nope.service not found.", "5"],
    ...["Failed to stop nope.service: Unit nope.service not loaded.", "5"],
    ...["Failed to enable unit: Unit file nope.service does not exist.", "1"],
    ...["Unknown command verb 'frob'.", "1", "Too few arguments.", "1"],
    ...["-- No entries --", "0"],
  ]);
});

test("installed, started, stopped: stopping leaves the patch", async () => {
  const lines = await run(`
    cp /usr/lib/modules/*/kernel/livepatch_sample.ko .; kpatch install livepatch_sample.ko
    systemctl is-enabled kpatch; cat /proc/cmdline
    systemctl start kpatch && cat /proc/cmdline; systemctl start kpatch; systemctl is-active kpatch
    sleep 61; systemctl status kpatch
    systemctl stop kpatch; systemctl status -n0 kpatch; cat /proc/cmdline
    systemctl disable kpatch; systemctl is-enabled kpatch`);
  const link = "/etc/systemd/system/multi-user.target.wants/kpatch.service";
  const ran =
    /^ {4}Process: (\d+) ExecStart=\/usr\/sbin\/kpatch load --all \(code=exited, status=0\/SUCCESS\)$/;
  const pid = ran.exec(lines[9])![1];
  const said = [
    `Nov 21 12:00:00 patchbay systemd[1]: Starting ${TITLE}...`,
    `Nov 21 12:00:00 patchbay kpatch[${pid}]: loading patch module: /${INSTALLED}/livepatch_sample.ko`,
    `Nov 21 12:00:00 patchbay systemd[1]: Finished ${TITLE}.`,
  ];
  const processes = [lines[9], `   Main PID: ${pid} (code=exited, status=0/SUCCESS)`];
  expect(lines).toEqual([
    `installing livepatch_sample.ko (${RELEASE})`,
    `Created symlink ${link} → /usr/lib/systemd/system/kpatch.service.`,
    ...["enabled", "quiet", "this has been live patched", "active"],
    `● ${TITLE}`,
    LOADED("enabled"),
    "     Active: active (exited) since Sat 2026-11-21 12:00:00 UTC; 1min 1s ago",
    ...[...processes, "", ...said],
    `○ ${TITLE}`,
    LOADED("enabled"),
    expect.stringMatching(/^ {5}Active: inactive \(dead\) since Sat 2026-11-21 12:01:01 UTC; \d+us ago$/),
    expect.stringMatching(/^ {3}Duration: 1min 1(\.\d+)?s$/),
    ...processes,
    ...["this has been live patched", `Removed "${link}".`, "disabled"],
  ]);
});

test("a boot loads what is installed, before anybody logs in", async () => {
  const lines = await run("cat /proc/cmdline; kpatch list | head -2; journalctl -b -u kpatch -o cat", "", {
    "livepatch_sample.ko": MODULE,
  });
  expect(lines).toEqual([
    "this has been live patched",
    "Loaded patch modules:",
    "livepatch_sample [enabled]",
    `Starting ${TITLE}...`,
    `loading patch module: /${INSTALLED}/livepatch_sample.ko`,
    `Finished ${TITLE}.`,
  ]);
});

test("kpatch.enable=0 on the kernel's command line keeps a boot from loading anything", async () => {
  const lines = await run(
    "cat /proc/cmdline; systemctl status kpatch; systemctl start kpatch; echo $?",
    "kpatch.enable=0",
    {
      "livepatch_sample.ko": MODULE,
    },
  );
  expect(lines).toEqual([
    "quiet kpatch.enable=0",
    `○ ${TITLE}`,
    LOADED("enabled"),
    "     Active: inactive (dead)",
    expect.stringMatching(/^ {2}Condition: start condition unmet at Sat 2026-11-21 12:00:00 UTC; \d+us ago$/),
    "             └─ ConditionKernelCommandLine=!kpatch.enable=0 was not met",
    "",
    `Nov 21 12:00:00 patchbay systemd[1]: ${TITLE} was skipped because of an unmet condition check (ConditionKernelCommandLine=!kpatch.enable=0).`,
    "0",
  ]);
});

test("a module that cannot be loaded fails the service, and those behind it are not tried", async () => {
  const lines = await run(
    `systemctl status kpatch | grep -v Process; cat /proc/cmdline; systemctl --failed --no-legend
     systemctl is-system-running; systemctl restart kpatch; echo $?; systemctl reset-failed; systemctl is-failed kpatch`,
    "",
    { "a-bad.ko": "no module", "livepatch_sample.ko": MODULE },
  );
  const path = `/${INSTALLED}/a-bad.ko`;
  const at = "Nov 21 12:00:00 patchbay";
  expect(
    lines.map((line) => line.replace(/\bkpatch\[\d+\]/, "kpatch[PID]").replace(/\d+(ms|us) ago/, "now")),
  ).toEqual([
    `× ${TITLE}`,
    LOADED("enabled"),
    "     Active: failed (Result: exit-code) since Sat 2026-11-21 12:00:00 UTC; now",
    expect.stringMatching(/^ {3}Main PID: \d+ \(code=exited, status=1\/FAILURE\)$/),
    "",
    `${at} systemd[1]: Starting ${TITLE}...`,
    `${at} kpatch[PID]: loading patch module: ${path}`,
    `${at} kpatch[PID]: insmod: ERROR: could not insert module ${path}: Invalid module format`,
    `${at} kpatch[PID]: kpatch: failed to load module ${path}`,
    `${at} systemd[1]: kpatch.service: Main process exited, code=exited, status=1/FAILURE`,
    `${at} systemd[1]: kpatch.service: Failed with result 'exit-code'.`,
    `${at} systemd[1]: Failed to start ${TITLE}.`,
    "quiet",
    '● kpatch.service loaded failed failed "Apply kpatch kernel patches"',
    "degraded",
    "Job for kpatch.service failed because the control process exited with error code.",
    'See "systemctl status kpatch.service" and "journalctl -xeu kpatch.service" for details.',
    ...["1", "inactive"],
  ]);
});

test("list-units and list-unit-files", async () => {
  const lines = await run(
    "systemctl start kpatch; systemctl; systemctl list-unit-files; systemctl list-units --state=failed",
  );
  expect(lines).toEqual([
    "  UNIT           LOAD   ACTIVE SUB    DESCRIPTION",
    '  kpatch.service loaded active exited "Apply kpatch kernel patches"',
    "",
    "Legend: LOAD   → Reflects whether the unit definition was properly loaded.",
    "        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.",
    "        SUB    → The low-level unit activation state, values depend on unit type.",
    "",
    "1 loaded units listed. Pass --all to see loaded but inactive units, too.",
    "To show all installed unit files use 'systemctl list-unit-files'.",
    "UNIT FILE      STATE    PRESET",
    "kpatch.service disabled disabled",
    "",
    "1 unit files listed.",
    "  UNIT LOAD ACTIVE SUB DESCRIPTION",
    "",
    "0 loaded units listed.",
  ]);
});

test("journalctl has the kernel's log and the services' words in one order of time", async () => {
  const lines = await run(`
    sleep 100; echo first > /dev/kmsg; systemctl start kpatch; echo "prog[7]: second" > /dev/kmsg
    journalctl -b -o short-monotonic -n 4; journalctl -k -n 2 -o cat; journalctl -r -n 1
    journalctl --since -5s -t prog -o short-iso; journalctl --until "1min ago" -t prog
    journalctl -p err..alert -q; journalctl -g SECOND; journalctl -g second -o cat --no-hostname
    journalctl --since never; echo $?; journalctl -b -1; echo $?; journalctl -o odd; echo $?`);
  const stamp = "[  100.";
  expect(lines.map((line) => line.replace(/^(\[ +\d+\.)\d+\]/, "$1]"))).toEqual([
    `${stamp}] patchbay unknown: first`,
    `${stamp}] patchbay systemd[1]: Starting ${TITLE}...`,
    `${stamp}] patchbay systemd[1]: Finished ${TITLE}.`,
    `${stamp}] patchbay prog[7]: second`,
    ...["first", "second"],
    "Nov 21 12:01:40 patchbay prog[7]: second",
    "2026-11-21T12:01:40+00:00 patchbay prog[7]: second",
    "-- No entries --",
    "-- No entries --",
    "second",
    ...["Failed to parse timestamp: never", "1"],
    ...["Specifying boot ID or boot offset has no effect, no persistent journal was found.", "1"],
    ...["Unknown output format 'odd'.", "1"],
  ]);
});

test("journalctl -f says what comes, the kernel's and the services'", async () => {
  const lines = await run(`
    journalctl -f -n 1 -o cat > /tmp/seen & sleep 1
    echo one > /dev/kmsg; systemctl start kpatch; sleep 1; kill $!; tail -n 3 /tmp/seen`);
  expect(lines).toEqual(["one", `Starting ${TITLE}...`, `Finished ${TITLE}.`]);
});

test("who is not root may look at services, not change them or read the journal", async () => {
  const lines = await run(`
    systemctl start kpatch
    su -s /bin/bash nobody -c 'systemctl stop kpatch; echo $?; systemctl is-active kpatch; systemctl enable kpatch; echo $?; systemctl status kpatch | tail -n 1; journalctl; echo $?'`);
  expect(lines).toEqual([
    ...["Failed to stop kpatch.service: Access denied", "4", "active"],
    ...["Failed to enable unit: Access denied", "1"],
    "Warning: some journal files were not opened due to insufficient permissions.",
    ...["No journal files were opened due to insufficient permissions.", "1"],
  ]);
});

const NOON = Date.UTC(2026, 10, 21, 12) * 1000;
const MINUTE = 60_000_000;

test.each([
  ["now", "2026-11-21 12:00:00"],
  ["today", "2026-11-21 00:00:00"],
  ["yesterday", "2026-11-20 00:00:00"],
  ["-1h 30min", "2026-11-21 10:30:00"],
  ["2 days ago", "2026-11-19 12:00:00"],
  ["+10s", "2026-11-21 12:00:10"],
  ["2026-11-01", "2026-11-01 00:00:00"],
  ["2026-11-01 08:15", "2026-11-01 08:15:00"],
  ["09:30:05", "2026-11-21 09:30:05"],
])("the moment %s", (text, expected) => {
  expect(timestamp(parseMoment(text, NOON)!)).toContain(` ${expected} UTC`);
});

test.each(["", "soon", "5 parsecs ago", "2026-13-45", "-"])("no moment: '%s'", (text) => {
  expect(parseMoment(text, NOON)).toBeNull();
});

test("spans of time", () => {
  const day = 24 * 60 * MINUTE;
  expect(
    [0, 5, 2000, MINUTE, 5.5 * MINUTE, 90 * MINUTE, day + 60 * MINUTE, 3 * day, 8 * day].map(ago),
  ).toEqual([
    ...["now", "5us ago", "2ms ago", "1min 0s ago", "5min ago", "1h 30min ago", "1 day 1h ago", "3 days ago"],
    "1 week 1 day ago",
  ]);
  expect([0, 1500, 62_345_000, day + MINUTE].map(timespan)).toEqual(["0", "1ms", "1min 2.345s", "1d 1min"]);
});
