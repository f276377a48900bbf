/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { browserTest } from "../../browser/browser.ts";
import { galleryCharts } from "../../plot/gallery.ts";
import { shownBy } from "../../plot/shown_by.ts";
import { VENV } from "./environment.ts";
import { startJupyterLab } from "./jupyterlab.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const NAMES = [
  "overview",
  "cold_start",
  "latency",
  "throughput",
  "scalability",
  "memory",
  "load",
  "compare_throughput",
];

/** A notebook that another machine has run: a cell with its chart for each name. Nobody here trusts it. */
async function received(): Promise<string> {
  const charts = [...galleryCharts()].filter(({ name }) => NAMES.includes(name));
  assertEquals(charts.map(({ name }) => name).toSorted(), NAMES.toSorted());
  const cells = await Promise.all(charts.map(async ({ name, chart }, index) => ({
    cell_type: "code",
    id: `c${index}`,
    metadata: {},
    source: `show(${name})`,
    execution_count: index + 1,
    outputs: [{ output_type: "display_data", metadata: {}, data: await shownBy(chart) }],
  })));
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells });
}

/** A folder below the project's that git ignores, with the notebook in it. */
async function withReceived(check: (folder: string) => Promise<void>): Promise<void> {
  await Deno.mkdir(`${ROOT}reports`, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: `${ROOT}reports`, prefix: "received-" });
  try {
    await Deno.writeTextFile(`${folder}/received.ipynb`, await received());
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Of all pictures in outputs, how many are painted, and what words stand beside them. */
async function picturesOf(page: Page, outputs: string): Promise<{ painted: number; words: string }> {
  return await page.evaluate((outputs) => {
    const areas = [...document.querySelectorAll<HTMLElement>(outputs)];
    const images = areas.flatMap((area) => [...area.querySelectorAll("img")]);
    const painted = images.filter(({ complete, naturalWidth, clientWidth, alt }) =>
      complete && naturalWidth > 0 && clientWidth > 300 && alt.length > 40
    );
    return { painted: painted.length, words: areas.map(({ innerText }) => innerText).join(" ").trim() };
  }, outputs);
}

async function openUntrusted(browser: Browser): Promise<void> {
  await withReceived(async (folder) => {
    const token = crypto.randomUUID();
    const lab = await startJupyterLab(token);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 9000 } });
      await page.goto(`${lab.url}/lab/tree/${folder.slice(ROOT.length)}/received.ipynb?token=${token}`, {
        timeout: 60_000,
      });
      const outputs = ".jp-OutputArea-output";
      await page.locator(outputs).nth(NAMES.length - 1).waitFor({ timeout: 60_000 });
      await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
      assertEquals(await page.locator('.jp-OutputArea-output[data-mime-type="text/html"]').count(), NAMES.length);
      assertEquals(await picturesOf(page, outputs), { painted: NAMES.length, words: "" });
      await page.screenshot({ path: `${ROOT}reports/received.png` });
    } finally {
      await lab.stop();
    }
  });
}

/** Converts the notebook as `jupyter nbconvert --to` does. */
async function convert(folder: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(`${VENV}/bin/jupyter-nbconvert`, {
    args: ["--to", to, "--output", to, `${folder}/received.ipynb`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function convertAll(browser: Browser): Promise<void> {
  await withReceived(async (folder) => {
    // The pages want scripts and fonts of others, which are not needed to see a chart.
    const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    for (const [to, file] of [["html", "html.html"], ["slides", "slides.slides.html"]] as const) {
      await convert(folder, to);
      await page.goto(`file://${folder}/${file}`, { waitUntil: "domcontentloaded" });
      const outputs = ".jp-OutputArea-output";
      assertEquals(await picturesOf(page, outputs), { painted: NAMES.length, words: "" }, to);
    }
    await convert(folder, "latex");
    const pictures = [...Deno.readDirSync(`${folder}/latex_files`)].map(({ name }) => name);
    assertEquals(pictures.filter((name) => name.endsWith(".png")).length, NAMES.length);
    const latex = await Deno.readTextFile(`${folder}/latex.tex`);
    assertEquals(
      latex.split("\\includegraphics").length + latex.split("\\adjustimage{").length - 2 >= NAMES.length,
      true,
    );
  });
}

const TESTS: readonly [name: string, check: (browser: Browser) => Promise<void>][] = [
  ["JupyterLab paints every chart of a notebook that it does not trust", openUntrusted],
  ["nbconvert keeps every chart in HTML and slides, and as PNG for LaTeX", convertAll],
];

for (const [name, check] of TESTS) {
  if (VENV === undefined) Deno.test.ignore(name, () => {});
  else browserTest(name, check);
}
