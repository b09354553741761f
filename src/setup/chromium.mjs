// chromium.mjs - a Chromium to test with: Playwright's own, the system's, or Debian's by apt.
import { accessSync, constants, existsSync } from "node:fs";
import { run } from "./install.mjs";

const SYSTEM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

function onPath(name) {
  for (const dir of (process.env.PATH ?? "").split(":")) {
    const path = `${dir}/${name}`;
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

async function find() {
  const given = process.env.PATCHBAY_CHROMIUM;
  if (given) return given;
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  if (own && existsSync(own)) return own;
  return SYSTEM.map(onPath).find(Boolean) ?? null;
}

/** Path of a Chromium, installing one when there is none. Throws when that is impossible. */
export async function ensureChromium() {
  const found = await find();
  if (found) return found;
  console.log("No Chromium here: installing one...");
  if (onPath("apt-get") && process.getuid?.() === 0) {
    run("apt-get", ["update"]);
    run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
      DEBIAN_FRONTEND: "noninteractive",
    });
  } else {
    run("npx", ["playwright", "install", "chromium"]);
  }
  const installed = await find();
  if (!installed) throw new Error("no Chromium: install one, or name it in PATCHBAY_CHROMIUM");
  return installed;
}
