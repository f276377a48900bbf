import { fileURLToPath } from "node:url";
import { ascending } from "../../src/stats/estimates/ascending.ts";
import { quantile } from "../../src/stats/estimates/quantile.ts";
import { pythonEnvironment, whyNoPython } from "../python_environment.ts";
import { runProgram } from "./install.ts";
import { type Figures, MissingToolError, type Peer } from "./peer.ts";
import { sharedHead, withRecordedBodies } from "./recorded_folder.ts";

const pathTo = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** Its users are started one after another; what ends before all are there is left out, s. */
const START_S = 1;

/** What `locustfile.py` writes. */
export interface LocustAnswers {
  /** When each answer was complete, and its latency, both ms. */
  readonly answers: readonly (readonly [number, number])[];
  /** What went wrong. */
  readonly failures: readonly string[];
}

/**
 * locust, in a Python environment of its own.
 *
 * @param say Is told what takes long.
 * @throws {MissingToolError} If there is no Python to make it with.
 */
export async function locust(say: (line: string) => void): Promise<Peer> {
  const reason = await whyNoPython();
  if (reason !== null) throw new MissingToolError(`Cannot install locust as Python is needed: ${reason}`);
  const folder = await pythonEnvironment("locust-venv", pathTo("locust_requirements.txt"), say);
  return {
    name: "locust 2.47",
    note: "Python, whose own work is part of its latencies and takes CPU time from the server",
    measure: (load) =>
      withRecordedBodies(load, async (bodies) => {
        const { path, jsonBytes } = sharedHead(load);
        const { url, requests, concurrency, seconds } = load;
        const { stderr } = await runProgram(`${folder}/bin/locust`, [
          ...["-f", pathTo("locustfile.py"), "--headless", "--host", url, "--only-summary", "--loglevel", "ERROR"],
          ...["-u", String(concurrency), "-r", String(concurrency), "-t", `${seconds + START_S}s`],
        ], {
          env: {
            TORCHGAUGE_BODIES: bodies,
            TORCHGAUGE_COUNT: String(requests.length),
            TORCHGAUGE_PATH: path,
            TORCHGAUGE_JSON_BYTES: jsonBytes,
          },
        });
        const answers = await Deno.readTextFile(`${bodies}/answers.json`).catch(() => {
          throw new Error(`Cannot measure with locust: ${stderr.trim()}`);
        });
        return figuresOf(JSON.parse(answers) as LocustAnswers, seconds);
      }),
  };
}

/**
 * What locust measured in its window.
 *
 * @param answers All answers.
 * @param seconds Length of the window, which begins a second after the first answer.
 * @throws {RangeError} If requests failed or the window is empty.
 */
export function figuresOf({ answers, failures }: LocustAnswers, seconds: number): Figures {
  if (failures.length > 0) {
    throw new RangeError(`Cannot compare with locust as every request must succeed: ${failures[0]}`);
  }
  const startMs = Math.min(...answers.slice(0, 1).map(([endedAt]) => endedAt)) + 1000 * START_S;
  const within = answers.filter(([endedAt]) => endedAt >= startMs && endedAt < startMs + 1000 * seconds);
  const last = within.at(-1);
  if (last === undefined) {
    throw new RangeError("Cannot compare with locust as its window must have answers: found none");
  }
  const latencies = ascending(Float64Array.from(within, ([, latencyMs]) => latencyMs));
  return {
    // The run may end a little before the window.
    requestsPerSecond: within.length / Math.min(seconds, (last[0] - startMs) / 1000),
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    p99Ms: quantile(latencies, 0.99),
  };
}
