import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { Measurements } from "../../src/results/report.ts";
import type { CellOutput } from "../../src/notebook/cell_outputs.ts";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { notebookHtml } from "../../src/notebook/html/notebook_html.ts";
import { type CellRun, type NotebookRun, runNotebook } from "../../src/notebook/run_notebook.ts";
import type { Chart } from "../../src/plot/kit/chart.ts";
import { plotColdStart } from "../../src/plot/cold_start.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { plotLatency } from "../../src/plot/latency.ts";
import { plotServerTime } from "../../src/plot/server_time.ts";
import { plotMemory } from "../../src/plot/memory.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { plotAnswers } from "../../src/plot/streams/answers.ts";
import { plotTokens } from "../../src/plot/streams/tokens.ts";
import { plotScalability } from "../../src/plot/scalability.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { browserTest } from "../browser/browser.ts";
import { checkPage, checkPrint } from "../browser/check_page.ts";
import { recorded } from "../plot/gallery.ts";
import { streamedBasic, streamedScalability } from "../plot/streams/synthetic_streams.ts";
import { shownBy } from "../plot/shown_by.ts";

const FOLDER = fileURLToPath(new URL("../../notebooks/", import.meta.url));
const NAMES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".ipynb")).sort();
const read = (name: string) => parseNotebook(Deno.readTextFileSync(FOLDER + name), name);

/** What a notebook's cell draws, from a recorded run, or from a made-up one of a language model. */
const CHARTS: readonly [call: string, draw: (run: Measurements) => Chart][] = [
  ["plotLatency(basic)", ({ tests }) => plotLatency(tests.basic!)],
  ["plotServerTime(basic)", ({ tests }) => plotServerTime(tests.basic!)],
  ["plotColdStart(latency)", ({ tests }) => plotColdStart(tests.latency!)],
  ["plotThroughput(throughput)", ({ tests }) => plotThroughput(tests.throughput!)],
  ["plotScalability(scalability)", ({ tests }) => plotScalability(tests.scalability!)],
  ["plotMemory(memory)", ({ tests }) => plotMemory(tests.memory!)],
  ["plotAnswers(basic)", () => plotAnswers(streamedBasic())],
  ["plotTokens(scalability)", () => plotTokens(streamedScalability())],
  ["plotOverview(measurements)", (run) => plotOverview(run)],
  ["plotComparison(basic)", ({ tests }) => plotComparison({ a: tests.basic!, b: tests.basic! })],
  ["plotComparison(throughput)", ({ tests }) => plotComparison({ a: tests.throughput!, b: tests.throughput! })],
  ["plotComparison(latency)", ({ tests }) => plotComparison({ a: tests.latency!, b: tests.latency! })],
];

/** A notebook as if it had run and measured what is recorded. */
async function recordedRun(name: string): Promise<NotebookRun> {
  let number = 0;
  const cells = await Promise.all(
    read(name).cells.map(async (cell): Promise<CellRun> => {
      if (cell.kind === "markdown") return cell;
      const place = ++number;
      const drawn = CHARTS.filter(([call]) => cell.source.includes(call));
      assertEquals(
        drawn.length,
        cell.source.split("show(plot").length - 1,
        `a chart of no recorded result: ${cell.source}`,
      );
      const outputs = await Promise.all(drawn.map(async ([, draw]): Promise<CellOutput> => ({
        kind: "display",
        data: await shownBy(draw(recorded())),
        displayId: null,
      })));
      const text: CellOutput = { kind: "display", data: { "text/plain": "word ".repeat(60) }, displayId: null };
      return { ...cell, number: place, state: "passed", durationMs: 1, outputs: [text, ...outputs] };
    }),
  );
  return { cells, failure: null, startedAt: "2026-01-02T03:04:05.678Z", durationMs: 12_345 };
}

const FAILED: NotebookRun = {
  cells: [
    { kind: "markdown", source: "# Will it hold?\n\n## Part\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- `item`\n\n> said" },
    {
      kind: "code",
      number: 1,
      source: `throw new Error("${"long ".repeat(60)}"); // why`,
      state: "failed",
      durationMs: 1,
      outputs: [
        { kind: "text", stream: "stderr", text: "x".repeat(500) },
        {
          kind: "error",
          error: { name: "Error", message: "long", traceback: [`Error: ${"long".repeat(200)}`, "    at <anonymous>"] },
        },
      ],
    },
    { kind: "code", number: 2, source: "never", state: "not run", durationMs: 0, outputs: [] },
  ],
  failure: {
    cell: 1,
    firstLine: "throw",
    execution: { kind: "failed", error: { name: "Error", message: "long".repeat(200), traceback: [] } },
  },
  startedAt: "2026-01-02T03:04:05.678Z",
  durationMs: 1,
};

async function withPage(run: NotebookRun, name: string, check: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(path, notebookHtml(run, { name, parameters: { QUICK: "1" } }));
    await check(path);
  } finally {
    await Deno.remove(path);
  }
}

for (const name of NAMES) {
  browserTest(`the page of ${name} is whole, readable and accessible in a browser`, async (browser) => {
    await withPage(await recordedRun(name), name, (path) => checkPage(browser, path));
  });
}

browserTest("the page of a notebook that failed is whole, readable and accessible in a browser", async (browser) => {
  await withPage(FAILED, "failed", (path) => checkPage(browser, path));
});

browserTest("the page of a notebook prints on white paper with nothing cut off", async (browser) => {
  await withPage(await recordedRun("06_comprehensive.ipynb"), "06", (path) => checkPrint(browser, path));
  await withPage(FAILED, "failed", (path) => checkPrint(browser, path));
});

browserTest("a notebook that has really run shows its charts in a browser", async (browser) => {
  const name = "01_quick_start.ipynb";
  const run = await runNotebook(read(name), FOLDER, { environment: { QUICK: "1" } });
  assertEquals(run.failure, null);
  await withPage(run, name, (path) => checkPage(browser, path));
});
