import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { OPTIONS } from "../../../src/cli/options/options.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { parse, read, run } from "./parsed.ts";

/** What there is of `access` where no option of it is given. */
const NO_ACCESS = { files: {}, reregister: false };

Deno.test("parseCommandLine() asks for the basic test of the embedded server when nothing is given", () => {
  assertEquals(read([]), {
    kind: "run",
    testType: "basic",
    start: null,
    server: { url: null, protocol: "auto", headers: {}, access: NO_ACCESS },
    model: null,
    options: {},
    inputData: null,
    inputOverrides: { shapes: {}, datatypes: {} },
    workers: 1,
    trace: null,
    pricePerHour: null,
    resume: null,
    format: "text",
    output: null,
    report: null,
    junit: null,
    open: false,
    openmetrics: null,
    stepSummary: null,
    otlp: null,
    samples: null,
    gate: null,
    baseline: null,
    verbose: false,
  });
});

Deno.test("parseCommandLine() reads every option of a test", () => {
  const argv = "--test-type=comprehensive --model bert --quick --duration 2.5 --requests 100 --warmup 0 " +
    "--concurrency 4 --batch-size 8 --batch-sizes 1,8 --levels 1,2 --cold-starts 3 --input-data in.jsonl " +
    "--priority 0 --allow-null-results --seed 7 --url http://gpu-1:8000/base/ --protocol torch-inference " +
    "--timeout .5 --pid 42 --format csv --output r.txt --report r.html --samples s.csv --workers 4 --price-per-hour 4.5 --verbose --token-env TOKEN";
  assertEquals(parse(...argv.split(" "), "--header", "X-Team: a: b", "--header=x-run:1"), {
    kind: "run",
    testType: "comprehensive",
    start: null,
    server: {
      url: "http://gpu-1:8000/base",
      protocol: "torch-inference",
      headers: { "X-Team": "a: b", "x-run": "1", Authorization: "Bearer abc.def" },
      access: NO_ACCESS,
    },
    model: "bert",
    options: {
      seed: 7,
      timeoutMs: 500,
      quick: true,
      priority: 0,
      allowNullResults: true,
      warmUpRequests: 0,
      durationMs: 2500,
      requests: 100,
      concurrency: 4,
      batchSize: 8,
      batchSizes: [1, 8],
      levels: [1, 2],
      coldStarts: 3,
      pid: [42],
    },
    inputData: "in.jsonl",
    inputOverrides: { shapes: {}, datatypes: {} },
    workers: 4,
    trace: null,
    pricePerHour: 4.5,
    resume: null,
    format: "csv",
    output: "r.txt",
    report: "r.html",
    junit: null,
    open: false,
    openmetrics: null,
    stepSummary: null,
    otlp: null,
    samples: "s.csv",
    gate: null,
    baseline: null,
    verbose: true,
  });
});

Deno.test("parseCommandLine() reads what is asked for instead of a test", () => {
  const server = { url: "http://h:1", protocol: "auto", headers: {}, access: NO_ACCESS };
  const rest = { server, timeoutMs: 3000, verbose: true };
  const common = ["--url", "http://h:1", "--timeout", "3", "--verbose"];
  assertEquals(parse("--list-models", ...common), { kind: "list-models", ...rest });
  assertEquals(parse("--test-type", "latency", "--list-models", ...common), { kind: "list-models", ...rest });
  assertEquals(parse("--list-downloadable", ...common), { kind: "list-downloadable", ...rest });
  assertEquals(parse("--download", "bert", ...common), {
    kind: "download",
    model: "bert",
    loadTimeoutMs: null,
    ...rest,
  });
  assertEquals(parse("--version"), { kind: "version" });
});

Deno.test("parseCommandLine() answers with help even when the rest is wrong", () => {
  assertEquals(parse("--no-such-thing", "--help"), { kind: "help", testType: null, all: false });
  assertEquals(parse("--test-type", "latency", "-h", "--all"), { kind: "help", testType: "latency", all: true });
});

Deno.test("parseCommandLine() sorts lists and drops what is twice in them", () => {
  assertEquals(run("--levels", "8, 1,2,8").options.levels, [1, 2, 8]);
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 64 }), (numbers) => {
    const { batchSizes } = run("--batch-sizes", numbers.join(",")).options;
    assertEquals(batchSizes, [...new Set(numbers)].sort((a, b) => a - b));
  }));
});

Deno.test("parseCommandLine() takes the format from the ending of --output unless --format says it", () => {
  assertEquals(run("--output", "dir/r.JSON").format, "json");
  assertEquals(run("--output", "r.csv").format, "csv");
  assertEquals(run("--output", "r.log").format, "text");
  assertEquals(run("--output", "r.json", "--format", "text").format, "text");
  assertEquals(run("--output", "r.html", "--format", "text").format, "text");
});

Deno.test("parseCommandLine() takes a flag with true or false behind it", () => {
  assertEquals([run("--quick=true").options, run("--quick=false").options], [{ quick: true }, {}]);
  const latency = (flag: string) => run("--test-type", "latency", flag).options;
  assertEquals([latency("--no-unload=true"), latency("--no-unload=false")], [{ noUnload: true }, {}]);
  assertEquals(parse("--help=true", "--all=true"), { kind: "help", testType: null, all: true });
  assertEquals(parse("--version=true"), { kind: "version" });
  assertEquals([run("--verbose", "false").verbose, run("--verbose", "true").verbose], [false, true]);
});

Deno.test("OPTIONS have names and keys of their own, and name what exists", () => {
  const names = OPTIONS.map(({ name }) => name);
  const keys = OPTIONS.flatMap(({ key = [] }) => key);
  assertEquals([new Set(names).size, new Set(keys).size], [names.length, keys.length]);
  for (const { name, not = [], needs = [], counterpart = [] } of OPTIONS) {
    for (const other of [not, needs, counterpart].flat()) assert(names.includes(other), name);
  }
});

Deno.test("parseCommandLine() reads how the server is started", () => {
  const url = ["--url", "http://127.0.0.1:8000"];
  const read = (...args: string[]) => parseCommandLine([...url, "--test-type", "latency", ...args], () => undefined);
  const command = read("--start-command", "A=1 python 'my serve.py'", "--stop-signal", "SIGINT", "--drop-caches");
  assertEquals(command.kind === "run" && command.start, {
    command: { program: "python", args: ["my serve.py"], env: { A: "1" } },
    stopSignal: "SIGINT",
    dropCaches: true,
    timeoutMs: null,
  });
  const usual = read("--start-command", "serve");
  assertEquals(usual.kind === "run" && [usual.start!.stopSignal, usual.start!.dropCaches], ["SIGTERM", false]);
  const none = read();
  assertEquals(none.kind === "run" && none.start, null);
  assertThrows(() => read("--stop-signal", "SIGINT"), UsageError, '"--start-command"');
  assertThrows(() => read("--drop-caches"), UsageError, '"--start-command"');
  assertThrows(() => read("--start-command", "serve > log"), UsageError, "since no shell runs");
  assertThrows(() => parseCommandLine(["--start-command", "serve"], () => undefined), UsageError, '"--url"');
});
