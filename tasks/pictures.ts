/**
 * Makes the README's pictures from a real run: a report and a notebook, as a browser shows them. It needs Chromium and
 * takes about two minutes: `deno task dev:pictures`.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../tests/browser/browser.ts";

const FOLDER = ".github/pictures";
const NOTEBOOK = "03_batch_size";

/** A part of a page, from the top of one element to the bottom of another. */
interface Picture {
  readonly name: string;
  readonly page: string;
  readonly from: string;
  readonly to: string;
  readonly width: number;
}

async function run(...args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", ...args], stdout: "null" }).spawn()
    .status;
  if (!success) throw new Error(`Cannot make the pictures as this failed: deno run -A ${args.join(" ")}`);
}

async function take(browser: Browser, { name, page: path, from, to, width }: Picture): Promise<void> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: "light",
    deviceScaleFactor: 1.5,
  });
  await page.goto(pathToFileURL(path).href);
  await page.addStyleTag({ content: "nav { position: static !important }" });
  const top = await page.locator(from).first().boundingBox();
  const bottom = await page.locator(to).first().boundingBox();
  if (top === null || bottom === null) {
    throw new Error(`Cannot take a picture of ${path} as it has no ${from} or ${to}`);
  }
  const y = Math.max(0, top.y - 16);
  await page.screenshot({
    path: `${FOLDER}/${name}.png`,
    fullPage: true,
    clip: { x: 0, y, width, height: bottom.y + bottom.height + 8 - y },
  });
  await page.close();
}

if (import.meta.main) {
  const browser = await launchBrowser();
  const report = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.mkdir(FOLDER, { recursive: true });
    await run("src/cli/main.ts", "--test-type", "comprehensive", "--quick", "--report", report);
    await run("tasks/notebooks.ts", NOTEBOOK, "QUICK=1");
    const notebook = `reports/${NOTEBOOK}.html`;
    await take(browser, { name: "report", page: report, from: "header", to: "#analysis", width: 1180 });
    await take(browser, { name: "report-chart", page: report, from: "#scalability", to: "#scalability", width: 1180 });
    await take(browser, { name: "notebook", page: notebook, from: "h1", to: ".torchgauge-chart", width: 960 });
  } finally {
    await browser.close();
    await Deno.remove(report);
  }
}
