// usage.ts - kpatch's usage text. Names are padded to 20 columns, as the script's printf does.
const command = (name: string, ...description: string[]): string =>
  [`   ${name.padEnd(20)}`, ...description.map((line) => `      ${line}`)].join("\n");

/** Without its last newline. */
export const USAGE = [
  "usage: kpatch <command> [<args>]",
  "",
  "Valid commands:",
  command(
    "install [-k|--kernel-version=<kernel version>] <module>",
    "install patch module to be loaded at boot",
  ),
  command("uninstall [-k|--kernel-version=<kernel version>] <module>", "uninstall patch module"),
  "",
  command("load --all", "load all installed patch modules into the running kernel"),
  command("load <module>", "load patch module into the running kernel"),
  command("unload --all", "unload all patch modules from the running kernel"),
  command("unload <module>", "unload patch module from the running kernel"),
  "",
  command("info <module>", "show information about a patch module"),
  "",
  command(
    "list",
    "list installed patch modules. If the system supports the livepatch",
    "'stack_order' sysfs attribute, provide the list of currently livepatched",
    "functions",
  ),
  "",
  command(
    "signal",
    "signal/poke any process stalling the current patch transition. This is",
    "only useful on systems that have the sysfs livepatch signal interface. On",
    "other systems, the signaling should be done automatically by the OS",
    "and this subcommand is a no-op.",
  ),
  "",
  command("version", "display the kpatch version"),
].join("\n");
