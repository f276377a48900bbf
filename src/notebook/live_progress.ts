import type { OnProgress, Progress, ProgressFigure } from "../results/progress.ts";
import { publish } from "./jupyter.ts";
import { escapeHtml } from "./html/escape_html.ts";
import { watchStopButton } from "./stop_button.ts";

/** Between two states that bring no new figure. */
const PAUSE_MS = 250;

/**
 * Runs a test and shows below the cell how far it is, with a chart of bars that grows by every figure measured. Nothing
 * of it stays when the test has ended; of one that was stopped or that failed, a line that says when. Outside a notebook
 * it only runs the test.
 *
 * The notebook's stop button aborts the signal: a test that was given it ends and returns what it has measured, so that
 * the cell ends and the kernel stays. A second press does not wait for that, nor does the first where `run` takes no
 * signal: what runs then goes on unseen until the kernel is restarted.
 *
 * @param run Runs the test with what it is given as `onProgress` and `signal`.
 * @returns What the test returns.
 * @throws {DOMException} `AbortError` if the cell was stopped and the test not waited for.
 *
 * @example
 * ```ts ignore
 * import { connect, liveProgress, runThroughputTest } from "@torchgauge/torchgauge";
 *
 * const resnet = await connect("http://127.0.0.1:8000", { model: "resnet18" });
 * const result = await liveProgress((onProgress, signal) =>
 *   runThroughputTest(resnet, { onProgress, signal })
 * );
 * ```
 */
export async function liveProgress<T>(
  run: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using stopButton = watchStopButton();
  const { signal, pressedAgain } = stopButton;
  const display = { display_id: crypto.randomUUID() };
  const startMs = performance.now();
  const view: LiveView = { test: "", stage: "starting", fraction: 0, figures: [], elapsedMs: 0 };
  const tests = new Set<string>();
  let published = publish("display_data", messageOf(view, display));
  let waiting = false, isOver = false;
  let nextMs = 0;
  const update = (isNews: boolean) => {
    // The message that waits will show the newest state. Drawing costs time, which is the measuring's.
    if (isOver || waiting || (performance.now() < nextMs && !isNews)) return;
    waiting = true;
    nextMs = performance.now() + PAUSE_MS;
    published = published.then((inNotebook) => {
      waiting = false;
      view.elapsedMs = performance.now() - startMs;
      return inNotebook && publish("update_display_data", messageOf(view, display));
    });
  };
  let isWhole = false;
  try {
    const running = run((progress) => {
      tests.add(progress.test);
      take(view, progress);
      update(progress.figure !== undefined);
    }, signal);
    const forced = run.length < 2 ? abortOf(signal) : pressedAgain;
    const result = await Promise.race([running, forced]);
    isWhole = !signal.aborted;
    return result;
  } finally {
    isOver = true;
    await published;
    const what = tests.size === 1 ? `${view.test} test` : `${tests.size} tests`;
    const end = signal.aborted ? `${what} stopped` : "failed";
    const text = isWhole ? "" : `${end} after ${seconds(performance.now() - startMs)}`;
    await publish("update_display_data", { data: { "text/plain": text }, metadata: {}, transient: display });
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

interface LiveView {
  test: string;
  stage: string;
  fraction: number;
  figures: readonly ProgressFigure[];
  elapsedMs: number;
}

function take(view: LiveView, { test, stage, fraction, figure }: Progress): void {
  if (test !== view.test) view.figures = [];
  Object.assign(view, { test, stage, fraction });
  if (figure !== undefined) view.figures = withFigure(view.figures, figure);
}

/** Ascending by the first number of the labels; a second figure of the same label replaces the first. */
function withFigure(figures: readonly ProgressFigure[], figure: ProgressFigure): readonly ProgressFigure[] {
  const number = ({ label }: ProgressFigure) => Number(/\d+/.exec(label)?.[0] ?? 0);
  return [...figures.filter(({ label }) => label !== figure.label), figure].sort((a, b) => number(a) - number(b));
}

function messageOf(view: LiveView, transient: { readonly display_id: string }): Record<string, unknown> {
  return { data: { "text/html": liveHtml(view), "text/plain": liveText(view) }, metadata: {}, transient };
}

function liveText({ test, stage, fraction, figures, elapsedMs }: LiveView): string {
  const head = `${test} ${Math.floor(100 * fraction)} % after ${seconds(elapsedMs)}: ${stage}`;
  return [head, ...figures.map(({ label, value, unit }) => `  ${label}: ${rounded(value)} ${unit}`)].join("\n");
}

/** Bars to one scale from zero. Colours come from the client's theme. */
function liveHtml(view: LiveView): string {
  const { test, stage, fraction, figures, elapsedMs } = view;
  const largest = Math.max(...figures.map(({ value }) => value), 1e-9);
  const rows = figures.map(({ label, value, unit }) =>
    `<div style="text-align:right">${escapeHtml(label)}</div>` +
    `<div><div style="width:${(100 * value / largest).toFixed(1)}%;height:.9em;background:#2f6fb0"></div></div>` +
    `<div>${rounded(value)} ${escapeHtml(unit)}</div>`
  );
  return `<div style="max-width:40em"><progress style="width:100%" max="1" value="${fraction.toFixed(3)}"></progress>` +
    `<div>${escapeHtml(test)} ${Math.floor(100 * fraction)} % after ${seconds(elapsedMs)}: ${escapeHtml(stage)}</div>` +
    `<div style="display:grid;grid-template-columns:max-content 1fr max-content;gap:.2em .6em;align-items:center">` +
    `${rows.join("")}</div></div>`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const rounded = (value: number) => value.toLocaleString("en", { maximumSignificantDigits: 3 });
