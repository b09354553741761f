// linuxSource.mjs - Linux's selftest scripts for test/livepatch/linuxScripts.test.ts, where apt can give them.
//
// They are GPL and stay out of the repository. Without them (no Debian, not
// root, no network) that test says so and the others cover the same ground.
import { existsSync } from "node:fs";
import { run } from "./install.mjs";

const PACKAGE = "linux-source-6.12";
const NO_QUESTIONS = { DEBIAN_FRONTEND: "noninteractive" };

if (existsSync(`/usr/src/${PACKAGE}.tar.xz`)) console.log(`${PACKAGE} is installed`);
else if (existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
  // One try, and no waiting for a network that is not there.
  const once = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"];
  const install = ["install", "-y", "--no-install-recommends", PACKAGE];
  if (run("timeout", ["240", "apt-get", ...once, ...install], NO_QUESTIONS) !== 0) {
    run("timeout", ["120", "apt-get", ...once, "update"], NO_QUESTIONS);
    run("timeout", ["240", "apt-get", ...once, ...install], NO_QUESTIONS);
  }
}
