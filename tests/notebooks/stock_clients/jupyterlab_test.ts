import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { browserTest } from "../../browser/browser.ts";
import { VENV } from "./environment.ts";
import { startJupyterLab } from "./jupyterlab.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const NOTEBOOK = "01_quick_start.ipynb";
const CHARTS = 2;

/** A copy of a notebook, since JupyterLab saves outputs by itself. It lies in a folder that git ignores. */
async function copyNotebook(): Promise<string> {
  await Deno.mkdir(`${ROOT}reports`, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: `${ROOT}reports`, prefix: "jupyterlab-" });
  await Deno.mkdir(`${folder}/notebooks`);
  await Deno.writeTextFile(`${folder}/mod.ts`, 'export * from "../../mod.ts";\n');
  await Deno.copyFile(`${ROOT}notebooks/${NOTEBOOK}`, `${folder}/notebooks/${NOTEBOOK}`);
  return folder;
}

const NAME = "JupyterLab runs a notebook and shows its charts";

if (VENV === undefined) Deno.test.ignore(NAME, () => {});
else browserTest(NAME, runInJupyterLab);

async function runInJupyterLab(browser: Browser): Promise<void> {
  const folder = await copyNotebook();
  const token = crypto.randomUUID();
  const lab = await startJupyterLab(token);
  try {
    // All cells are drawn only where all are in view.
    const page = await browser.newPage({ viewport: { width: 1280, height: 2400 } });
    const path = `${folder.slice(ROOT.length)}/notebooks/${NOTEBOOK}`;
    await page.goto(`${lab.url}/lab/tree/${path}?token=${token}`, { timeout: 60_000 });
    await page.getByText("Deno | Idle").first().waitFor({ timeout: 60_000 });
    await page.getByText("Run", { exact: true }).first().click();
    await page.getByText("Run All Cells", { exact: true }).first().click();
    await page.waitForFunction(
      "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every((e) => /\\[\\d+\\]/.test(e.textContent))",
      undefined,
      { timeout: 120_000 },
    );
    await page.screenshot({ path: `${ROOT}reports/jupyterlab.png` });
    const charts = await Promise.all(
      (await page.locator(".jp-OutputArea img:visible").all()).map((chart) => chart.boundingBox()),
    );
    assertEquals(charts.length, CHARTS);
    for (const box of charts) assert(box !== null && box.width > 300 && box.height > 200, JSON.stringify(box));
    assertEquals(await page.locator('.jp-OutputArea [data-mime-type="application/vnd.jupyter.error"]').count(), 0);
    assertEquals(await page.locator(".jp-OutputArea progress").count(), 0);
    assertEquals(await page.getByText(/Command: deno task notebooks 01_quick_start URL=embedded/).count(), 1);
  } finally {
    await lab.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
