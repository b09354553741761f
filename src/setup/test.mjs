// test.mjs - `npm test`: everything needed, then the Node tests and the browser tests.
//
// Ends with "N passed, N failed" over both; a test that was skipped counts as
// failed, so nothing is left out silently. `npm test -- node` and
// `npm test -- web` run one half.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { ensureChromium } from "./chromium.mjs";
import { ensureInstalled, mustRun, root, run } from "./install.mjs";
import { ensureKernel } from "./kernel.mjs";

const VITEST = "build/test/vitest.json";
const PLAYWRIGHT = "build/test/playwright.json";

function readReport(path) {
  try {
    return JSON.parse(readFileSync(`${root}${path}`, "utf8"));
  } catch {
    return null;
  }
}

function nodeTests() {
  const status = run("npx", [
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${VITEST}`,
  ]);
  const report = readReport(VITEST);
  const passed = report?.numPassedTests ?? 0;
  // A file that does not even load has no tests to count: count the file.
  const broken = report?.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.length,
  );
  const failed = (report?.numTotalTests ?? 0) - passed + (broken?.length ?? 0);
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

async function browserTests() {
  const chromium = await ensureChromium();
  console.log(`Chromium: ${chromium}`);
  mustRun("npx", ["vite", "build", "--logLevel=warn"]);
  const status = run("npx", ["playwright", "test", "--config=test/e2e/playwright.config.ts"], {
    PATCHBAY_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: `${root}${PLAYWRIGHT}`,
  });
  const stats = readReport(PLAYWRIGHT)?.stats;
  const passed = (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  const failed = (stats?.unexpected ?? 0) + (stats?.skipped ?? 0);
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

const which = process.argv[2];
ensureInstalled();
ensureKernel();
rmSync(`${root}build/test`, { recursive: true, force: true });
mkdirSync(`${root}build/test`, { recursive: true });
const results = [];
if (which !== "web") results.push(nodeTests());
if (which !== "node") results.push(await browserTests());
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
