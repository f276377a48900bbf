import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { run, start } from "../command.ts";
import { fromFileUrl } from "../paths.ts";

const SERVER = fromFileUrl(import.meta.resolve("./stuck_server.ts"));
const GENERIC = {
  predict: { path: "/predict", bodyTemplate: { x: "{{input}}" } },
  health: { path: "/health" },
  load: { path: "/load" },
  unload: { path: "/unload" },
  present: { path: "/present" },
};

type Fault = readonly [kind: "hangs" | "resets" | "freezes", pattern: string, number: number];
type ProtocolName = "kserve-v2" | "torchserve" | "generic";

/** A server whose calls are stuck, and the options that lead to its model. */
async function startStuck(protocol: ProtocolName, ...faults: Fault[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", SERVER, protocol, ...faults.flat().map(String)],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const calls = new Response(child.stderr).text().then((text) => text.trim().split("\n"));
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).values().next();
  const url = `http://127.0.0.1:${Number(value)}`;
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/generic.json`, JSON.stringify(GENERIC));
  await Deno.writeTextFile(`${folder}/items.json`, "[[1, 2]]");
  const others = {
    "kserve-v2": ["--model", "m"],
    torchserve: ["--protocol", "torchserve", "--management-url", url, "--metrics-url", url, "--model", "resnet18"],
    generic: ["--generic", `${folder}/generic.json`, "--input-data", `${folder}/items.json`, "--model", "m"],
  };
  let ending: Promise<readonly string[]> | null = null;
  const end = async () => {
    await child.stdin.close();
    await child.status;
    return await calls;
  };
  /** Ends it; answers the calls that it was asked, but for predictions. */
  const ended = () => ending ??= end();
  return {
    folder,
    options: ["--url", url, ...others[protocol], "--format", "json"],
    ended,
    async [Symbol.asyncDispose]() {
      await ended();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const RESETS: readonly (readonly [ProtocolName, readonly string[]])[] = [
  ["kserve-v2", ["GET /v2$", "health", "index", "GET /v2/models/m$", "m/ready", "m/stats", "m/load", "m/unload"]],
  ["torchserve", ["GET /ping", "GET /models$", "GET /models/resnet18", "PUT /models/resnet18", "GET /metrics"]],
  ["generic", ["GET /health", "GET /present", "POST /load", "POST /unload"]],
];

for (const [protocol, patterns] of RESETS) {
  Deno.test(`a reset of each control call costs a run nothing, and is noted: ${protocol}`, async () => {
    await using server = await startStuck(protocol, ...patterns.map((pattern) => ["resets", pattern, 1] as const));
    const { code, stdout, stderr } = await run([
      ...server.options,
      ...["--test-type", "latency", "--quick", "--cold-starts", "1", "--duration", "0.3"],
    ]);
    assertEquals(code, 0, stderr);
    const { tests, warnings, partial } = parseReport(stdout);
    assertEquals([partial, tests.latency!.cold?.samples.length], [null, 1]);
    const note = warnings.find((warning) => warning.includes("dropped the connection of"));
    assertStringIncludes(note ?? "", "made again");
    assertStringIncludes(note ?? "", "(reset)");
  });
}

Deno.test("Ctrl-C ends the wait for a load that hangs, and says that the model may be gone", async () => {
  await using server = await startStuck("kserve-v2", ["hangs", "models/m/load", 2]);
  const command = start([
    ...server.options,
    ...["--test-type", "latency", "--verbose", "--load-timeout", "3600", "--timeout", "1"],
  ]);
  await command.seen("loading m: ");
  await command.seen("s of at most 3600 s");
  command.signal("SIGINT");
  const { code, stdout, stderr } = await command.finished;
  assertEquals(code, 4, stderr);
  const report = parseReport(stdout);
  assertEquals(report.partial, "interrupted");
  assert(report.warnings.some((warning) => warning.includes('The model "m" may be gone')), report.warnings.join("\n"));
  const loads = (await server.ended()).filter((call) => call.endsWith("/m/load"));
  assertEquals(loads.length, 3, "one that came back, the one that hung, and one to put the model back");
});

Deno.test("a second Ctrl-C waits for nothing and loses nothing that was measured", async () => {
  await using server = await startStuck("kserve-v2", ["hangs", "models/m/load", 4]);
  const output = `${server.folder}/report.json`, samples = `${server.folder}/samples.csv`;
  const command = start([
    ...server.options,
    ...["--test-type", "latency", "--verbose", "--output", output, "--samples", samples],
  ]);
  await command.seen("loading m: ");
  command.signal("SIGINT");
  await command.seen("putting m back: ");
  command.signal("SIGINT");
  const { code, stderr } = await command.finished;
  assertEquals(code, 4, stderr);
  assertStringIncludes(stderr, "Interrupted again: writing what was measured");
  const report = parseReport(await Deno.readTextFile(output));
  assertEquals(report.partial, "interrupted");
  assertGreater(report.tests.latency!.cold!.samples.length, 0);
  await Deno.stat(samples);
});

for (const test of ["latency", "memory", "comprehensive"]) {
  Deno.test(`a server that freezes is asked once more and then for nothing: ${test}`, async () => {
    await using server = await startStuck("kserve-v2", ["freezes", "models/m/unload", 1]);
    const short = ["--duration", "0.3"], few = ["--batch-sizes", "1", "--levels", "1"];
    const { code, stdout, stderr } = await run([
      ...server.options,
      ...["--test-type", test, "--timeout", "0.5", "--load-timeout", "3600", "--quick"],
      ...(test === "memory" ? [] : short),
      ...(test === "comprehensive" ? few : []),
    ]);
    assertEquals(code, 3, stderr);
    assertEquals(parseReport(stdout).partial, "target-lost");
    const calls = await server.ended();
    const behind = calls.slice(calls.findIndex((call) => call.endsWith("/m/unload")) + 1);
    assertEquals(behind, ["GET /v2/health/ready"]);
  });
}

Deno.test("a call that hangs while the server is healthy costs its deadline, and the rest is measured", async () => {
  await using server = await startStuck("torchserve", ["hangs", "PUT /models/resnet18.min_worker=0", 1]);
  const { code, stdout, stderr } = await run([
    ...server.options,
    ...["--test-type", "latency", "--timeout", "0.5", "--quick", "--duration", "0.3"],
  ]);
  assertEquals(code, 0, stderr);
  const { latency } = parseReport(stdout).tests;
  assertStringIncludes(latency!.absences["cold"] ?? "", "must be gone after its unload");
  assertGreater(latency!.warm!.succeeded, 0);
});
