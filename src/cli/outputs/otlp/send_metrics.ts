import { fileURLToPath } from "node:url";
import { spawnPermitted } from "../../../core/process/spawn_permitted.ts";
import type { Report } from "../../../results/report.ts";
import { runId } from "../../../report/csv/run_id.ts";
import { reportGauges } from "../../../report/openmetrics/report_gauges.ts";
import type { Console } from "../../terminal/console.ts";
import { failureInWords } from "./failure_in_words.ts";
import type { Export } from "./main.ts";
import type { OtlpSettings } from "../../options/secrets/otlp_settings.ts";

/**
 * Sends the figures of a run as OpenTelemetry's metrics. Whether they arrive changes nothing of the run: it is said, in
 * words that hold no header and no password.
 *
 * @param report What was measured.
 * @param settings Where they go.
 * @param console Where it says so.
 */
export async function sendMetrics(report: Report, settings: OtlpSettings, console: Console): Promise<void> {
  const { collector, protocol, wrong } = settings;
  if (wrong !== null) return console.error(`The metrics were not sent: ${wrong}.`);
  const failure = await send({ gauges: reportGauges(report), resource: resourceOf(report), protocol });
  console.error(
    failure === null
      ? `The metrics were sent to ${collector}.`
      : `The metrics were not sent to ${collector}: ${failure}.`,
  );
}

/**
 * What tells a run from others, and whether it was cut.
 *
 * @param report What was measured.
 */
export function resourceOf(report: Report): Export["resource"] {
  return {
    "service.name": report.tool.name,
    "service.version": report.tool.version,
    "torchgauge.run": runId(report),
    "torchgauge.target.url": report.target.url,
    "torchgauge.started_at": report.startedAt,
    ...(report.partial === null ? {} : { "torchgauge.partial": report.partial }),
  };
}

/** Sends in a process of its own; answers why that failed, or `null`. */
async function send(metrics: Export): Promise<string | null> {
  if (Deno.build.standalone) return "a compiled program has not the packages that send them, deno run has";
  let child: Deno.ChildProcess;
  try {
    child = spawnPermitted(Deno.execPath(), { args: denoArguments(), stdin: "piped", stdout: "piped", stderr: "null" });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return "it needs a process of its own, give --allow-run";
  }
  const answer = new Response(child.stdout).text();
  await new Blob([JSON.stringify(metrics)]).stream().pipeTo(child.stdin).catch(() => {}); // it ended: see its answer
  const [text] = await Promise.all([answer, child.status]);
  if (text === "") return "OpenTelemetry's packages were not there, which the first time come by the network";
  return failureInWords(JSON.parse(text));
}

function denoArguments(): string[] {
  const main = new URL("./main.ts", import.meta.url);
  const isLocal = main.protocol === "file:";
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    ...(isLocal ? ["--frozen", `--lock=${fileURLToPath(new URL("./deno.lock", import.meta.url))}`] : ["--no-lock"]),
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--allow-sys",
    main.href,
  ];
}
