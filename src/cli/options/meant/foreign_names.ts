import type { TestName } from "../../../measure/settings/setting.ts";

/**
 * What users of other programs write for an option: wrk, hey, oha, ab, autocannon, vegeta, k6, Locust, perf_analyzer,
 * AIPerf, GuideLLM, curl. Single letters mean several things among them, and then all are proposed.
 */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  "url": ["u", "host", "hostname", "target", "server", "server-url", "base-url", "endpoint", "address", "addr", "uri"],
  "concurrency": [
    "c",
    "u",
    "concurrent",
    "connections",
    "clients",
    "users",
    "num-users",
    "vus",
    "parallel",
    "parallelism",
    "in-flight",
    "max-concurrency",
  ],
  "duration": [
    "d",
    "z",
    "time",
    "run-time",
    "runtime",
    "seconds",
    "max-seconds",
    "max-duration",
    "measurement-interval",
    "time-limit",
  ],
  "requests": [
    "n",
    "a",
    "amount",
    "number",
    "count",
    "num-requests",
    "request-count",
    "max-requests",
    "iterations",
    "i",
    "num-prompts",
    "samples-count",
  ],
  "workers": ["t", "threads", "num-threads", "max-threads", "num-workers", "cpus", "processes"],
  "timeout": ["t", "request-timeout", "socket-timeout", "connect-timeout", "deadline"],
  "rate": ["r", "q", "rps", "qps", "request-rate", "arrival-rate", "overall-rate", "constant-arrival-rate", "speed"],
  "ramp": ["ramp-up", "rampup", "ramping", "spawn-rate", "hatch-rate"],
  "arrivals": ["request-distribution", "arrival-pattern", "distribution", "rate-type"],
  "trace": ["request-intervals", "schedule", "replay", "fixed-schedule"],
  "slo": ["latency-threshold", "l", "sla", "slos", "objective", "objectives"],
  "gate": ["threshold", "thresholds", "fail-on", "fail-if", "max-latency", "assert"],
  "baseline": ["reference", "compare-to"],
  "header": ["h", "headers"],
  "model": ["m", "model-name"],
  "model-version": ["x"],
  "batch-size": ["b", "bs"],
  "batch-sizes": ["batches"],
  "levels": ["concurrencies", "concurrency-levels"],
  "input-data": [
    "data",
    "d",
    "body",
    "payload",
    "file",
    "input",
    "inputs",
    "input-file",
    "dataset",
    "data-file",
    "body-file",
  ],
  "prompts": ["prompt", "dataset", "dataset-path", "custom-dataset", "prompt-file", "input-file"],
  "prompt-tokens": [
    "isl",
    "input-len",
    "random-input-len",
    "synthetic-input-tokens-mean",
    "prompt-input-tokens-mean",
    "input-tokens",
    "prompt-length",
    "prompt-len",
  ],
  "output-tokens": [
    "osl",
    "max-tokens",
    "output-len",
    "random-output-len",
    "custom-output-len",
    "sharegpt-output-len",
    "output-tokens-mean",
    "prompt-output-tokens-mean",
    "max-new-tokens",
    "max-completion-tokens",
    "output-length",
  ],
  "min-tokens": ["min-new-tokens"],
  "sampling-seed": ["sample-seed"],
  "tokenizer": ["processor", "tokenizer-path", "tokenizer-name"],
  "extra-body": ["extra-request-body", "body-extra"],
  "input-shape": ["shape", "shapes"],
  "input-datatype": ["dtype", "datatype"],
  "parameter": ["param", "params", "request-parameter", "extra-inputs"],
  "protocol": ["i", "api", "service-kind", "endpoint-type", "backend", "grpc"],
  "warmup": ["w", "warm-up", "warmups", "warmup-requests", "warmup-request-count", "warmup-iterations"],
  "cold-starts": ["cold", "coldstarts", "repetitions"],
  "soak": ["endurance", "leak"],
  "seed": ["random-seed"],
  "connection-per-request": ["disable-keepalive", "no-keepalive", "no-keep-alive", "no-connection-reuse"],
  "output": [
    "o",
    "out",
    "outfile",
    "out-file",
    "output-path",
    "output-file",
    "filename",
    "f",
    "export",
    "save",
    "result-file",
    "artifact-dir",
  ],
  "report": ["html", "html-report", "report-file", "web-dashboard-export"],
  "samples": ["raw", "log", "full-history", "profile-export-file"],
  "junit": ["xml", "junit-xml"],
  "openmetrics": ["prometheus", "metrics-file"],
  "quick": ["fast", "smoke"],
  "insecure": ["k", "no-verify", "skip-verify", "insecure-skip-tls-verify", "no-check-certificate"],
  "ca-file": ["cacert", "ca", "ca-cert"],
  "client-cert": ["cert"],
  "client-key": ["key"],
  "token-env": ["token", "api-key", "bearer", "auth", "auth-token", "access-token"],
  "unix-socket": ["socket", "unix"],
  "gpu-metrics-url": ["dcgm", "dcgm-url", "gpu-metrics"],
  "list-models": ["models", "list", "ls"],
  "wait": ["wait-for", "wait-ready"],
  "test-type": ["test", "type", "mode", "scenario", "suite"],
  "verbose": ["v", "debug"],
  "version": ["v"],
  "help": ["?", "usage"],
};

/** What other programs ask for by an option, and how it is had here; each with an option that the table must have. */
const ELSEWHERE: Readonly<Record<string, readonly [option: string, hint: string]>> = {
  "concurrency-range": ["levels", "deno task scalability compares concurrencies: --levels 1,2,4,8."],
  "request-rate-range": ["rates", "deno task load compares rates: --rates 10,20,40."],
  "stage": ["ramp", "deno task load lets the rate rise: --ramp 10:200."],
  "stages": ["ramp", "deno task load lets the rate rise: --ramp 10:200."],
  "isl-stddev": ["prompt-tokens", "Write the mean and it together: --prompt-tokens normal:128,32."],
  "synthetic-input-tokens-stddev": [
    "prompt-tokens",
    "Write the mean and it together: --prompt-tokens normal:128,32.",
  ],
  "osl-stddev": ["output-tokens", "Write the mean and it together: --output-tokens normal:128,32."],
  "output-tokens-stddev": ["output-tokens", "Write the mean and it together: --output-tokens normal:128,32."],
  "random-range-ratio": ["prompt-tokens", "Write the least and the most: --prompt-tokens 100:200."],
  "percentile": ["gate", "All of p50, p95 and p99 are reported; --gate 'p95<100ms' sets a limit."],
  "percentiles": ["gate", "All of p50, p95 and p99 are reported; --gate 'p95<100ms' sets a limit."],
  "latency": ["gate", "Latencies are reported in any case; --gate 'p95<100ms' sets a limit."],
  "keepalive": ["connection-per-request", "Connections are kept, unless --connection-per-request is given."],
  "keep-alive": ["connection-per-request", "Connections are kept, unless --connection-per-request is given."],
  "method": ["generic", "A description of the server says the method: --generic FILE.json."],
  "csv": ["format", "Write --format csv, or --output FILE.csv."],
  "json": ["format", "Write --format json, or --output FILE.json."],
  "j": ["format", "Write --format json, or --output FILE.json."],
  "md": ["format", "Write --format md, or --output FILE.md."],
  "markdown": ["format", "Write --format md, or --output FILE.md."],
};

/** What else a test is called. */
export const FOREIGN_TESTS: Readonly<Record<string, TestName>> = {
  "smoke": "basic",
  "simple": "basic",
  "cold": "latency",
  "cold-start": "latency",
  "coldstart": "latency",
  "batch": "throughput",
  "batching": "throughput",
  "concurrency": "scalability",
  "scaling": "scalability",
  "scale": "scalability",
  "leak": "memory",
  "soak": "memory",
  "endurance": "memory",
  "stress": "load",
  "spike": "load",
  "rate": "load",
  "capacity": "load",
  "compare": "ab",
  "a/b": "ab",
  "all": "comprehensive",
  "full": "comprehensive",
};

/** What else a format is called, or what stands for it. */
export const FOREIGN_FORMATS: Readonly<Record<string, string>> = {
  "markdown": "Write --format md.",
  "gfm": "Write --format md.",
  "txt": "Write --format text.",
  "plain": "Write --format text.",
  "table": "Write --format text.",
  "console": "Write --format text.",
  "ndjson": "Write --format json; single samples are written by --samples FILE.csv.",
  "jsonl": "Write --format json; single samples are written by --samples FILE.csv.",
  "html": "A page is written besides, by --report FILE.html.",
  "htm": "A page is written besides, by --report FILE.html.",
  "pdf": "A page that can be printed is written besides, by --report FILE.html.",
  "xml": "JUnit's XML is written besides, by --junit FILE.xml.",
  "junit": "JUnit's XML is written besides, by --junit FILE.xml.",
  "prometheus": "OpenMetrics are written besides, by --openmetrics FILE.",
  "openmetrics": "OpenMetrics are written besides, by --openmetrics FILE.",
  "tsv": "Write --format csv.",
};

/** What else a protocol is called. */
export const FOREIGN_PROTOCOLS: Readonly<Record<string, string>> = {
  "triton": "Did you mean kserve-v2?",
  "kserve": "Did you mean kserve-v2?",
  "v2": "Did you mean kserve-v2?",
  "oip": "Did you mean kserve-v2?",
  "mlserver": "Did you mean kserve-v2?",
  "ts": "Did you mean torchserve?",
  "torch": "Did you mean torchserve or torch-inference?",
  "http": "All go over HTTP: leave it out, and the server is asked which it speaks.",
  "https": "All go over HTTP: leave it out, and the server is asked which it speaks.",
  "rest": "All go over HTTP: leave it out, and the server is asked which it speaks.",
  "openapi": "Describe the server: --describe URL proposes a file for --generic.",
  "fastapi": "Describe the server: --describe URL proposes a file for --generic.",
  "litserve": "Describe the server: --describe URL proposes a file for --generic.",
  "custom": "Describe the server: --generic FILE.json.",
};

/**
 * What to write instead of an option of another program.
 *
 * @param written Its name, without dashes.
 * @param names The options that there are.
 * @returns A hint, or `null` where it is not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["url", "concurrency", "levels"];
 * assertEquals(hintForForeign("host", names), "Did you mean --url?");
 * assertEquals(hintForForeign("u", names), "Did you mean --url or --concurrency?");
 * assertEquals(hintForForeign("banana", names), null);
 * ```
 */
export function hintForForeign(written: string, names: readonly string[]): string | null {
  const name = written.toLowerCase().replaceAll("_", "-");
  const [option = "", hint = null] = ELSEWHERE[name] ?? [];
  if (names.includes(option)) return hint;
  const meant = names.filter((ours) => FOREIGN[ours]?.includes(name)).map((ours) => `--${ours}`);
  return meant.length === 0 ? null : `Did you mean ${meant.join(" or ")}?`;
}
