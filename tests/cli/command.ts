import { fromFileUrl } from "./paths.ts";

/** What a finished command left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface Running {
  readonly pid: number;
  /** Resolves when stderr holds the text. */
  seen(text: string): Promise<void>;
  signal(signal: Deno.Signal): void;
  finished: Promise<Finished>;
}

const MAIN = fromFileUrl(import.meta.resolve("../../src/cli/main.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../deno.json"));

/** Starts the real command as a user would, without a terminal. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, MAIN, ...args],
    env: {
      NO_COLOR: "1",
      GITHUB_STEP_SUMMARY: "",
      OTEL_EXPORTER_OTLP_ENDPOINT: "",
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  const readStderr = async () => {
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += piece;
      for (const { text, resolve } of waiting) if (stderr.includes(text)) resolve();
    }
  };
  const finished = Promise.all([new Response(child.stdout).text(), readStderr(), child.status])
    .then(([stdout, , { code }]) => ({ code, stdout, stderr }));
  return {
    pid: child.pid,
    seen: (text) =>
      new Promise((resolve, reject) => {
        if (stderr.includes(text)) return resolve();
        waiting.push({ text, resolve });
        finished.then(() => reject(new Error(`The command ended without "${text}" on stderr:\n${stderr}`)));
      }),
    signal: (signal) => child.kill(signal),
    finished,
  };
}

/** Runs the real command to its end. */
export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return start(args, env).finished;
}
