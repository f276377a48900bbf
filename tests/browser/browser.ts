/** A real browser for tests of pages; where there is none, tests say so, and in CI they fail. */
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const MISSING = "there is no Chromium; on Debian: apt-get install -y chromium";

function findBrowser(): string | null {
  const given = Deno.env.get("CHROMIUM");
  const places = given === undefined ? PLACES : [given];
  return places.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }) ?? null;
}

const executablePath = findBrowser();
const mustRun = Deno.env.get("CI") === "true";

/**
 * Starts the browser.
 *
 * @param flags Of its command line, beside those that it always gets.
 * @throws {Error} If this machine has none; the message says how to get it.
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  if (executablePath === null) throw new Error(`Cannot open pages as ${MISSING}`);
  return await chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/**
 * A test in a real browser. Without one it is skipped and its name says why; with `CI=true` it fails.
 *
 * @param name Of the test.
 * @param check Uses the browser, which is closed after it.
 * @param flags Of the browser's command line.
 */
export function browserTest(
  name: string,
  check: (browser: Browser) => Promise<void>,
  flags: readonly string[] = [],
): void {
  Deno.test({
    name: executablePath === null ? `${name} (skipped: ${MISSING})` : name,
    ignore: executablePath === null && !mustRun,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const browser = await launchBrowser(flags);
      try {
        await check(browser);
      } finally {
        await browser.close();
      }
    },
  });
}
