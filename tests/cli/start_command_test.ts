import { assertEquals, assertGreater, assertNotMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { freePort, stagedCommand, type Stages } from "../launch/staged_server.ts";
import { run, start } from "./command.ts";

function argsFor(stages: Omit<Stages, "port">, ...more: readonly string[]) {
  const port = freePort();
  return [
    "--url",
    `http://127.0.0.1:${port}`,
    "--start-command",
    `API_TOKEN=secret1 ${stagedCommand({ port, ...stages })} --token secret2`,
    "--model",
    "m",
    ...more,
  ];
}

async function isAlive(pid: number): Promise<boolean> {
  const { success } = await new Deno.Command("kill", { args: ["-0", String(pid)], stderr: "null" }).output();
  return success;
}

const pidIn = (stderr: string) => Number(/started deno, process (\d+)/.exec(stderr)![1]);

async function gone(pid: number): Promise<void> {
  while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test("--start-command measures starts from nothing, of a server that cannot unload", async () => {
  const stages = { openMs: 400, healthyMs: 300, readyMs: 500, firstMs: 200 };
  const folder = await Deno.makeTempDir();
  const { code, stdout, stderr } = await run([
    ...argsFor(stages, "--test-type", "latency", "--quick", "--cold-starts", "2", "--requests", "20"),
    ...["--format", "json", "--report", `${folder}/r.html`, "--samples", `${folder}/s.csv`],
  ]);
  assertEquals(code, 0, stderr);
  const { tests: { latency }, command } = parseReport(stdout);
  const { stagesMs, samples, program } = latency!.starts!;
  assertEquals([samples.length, program], [2, "deno"]);
  // Up to the end of a stage it takes at least what the server waits until then: when an end is seen may be late.
  for (const { stagesMs: { portOpen, healthy, modelReady, firstPrediction } } of samples) {
    assertGreater(portOpen!, stages.openMs);
    assertGreater(portOpen! + healthy!, stages.openMs + stages.healthyMs);
    assertGreater(portOpen! + healthy! + modelReady!, stages.openMs + stages.healthyMs + stages.readyMs);
    assertGreater(firstPrediction!, stages.firstMs * 0.9);
  }
  assertGreater(stagesMs.portOpen!.mean.value, stagesMs.healthy!.mean.value / 2, "they are not mixed up");
  assertGreater(latency!.starts!.totalMs.mean.value, 20 * latency!.warm!.latencyMs!.mean.value);
  assertStringIncludes(latency!.absences["cold"]!, "/v2/repository/models/");
  assertStringIncludes(command, "--start-command 'deno ***'");
  const page = await Deno.readTextFile(`${folder}/r.html`), written = await Deno.readTextFile(`${folder}/s.csv`);
  assertNotMatch(stdout + stderr + page + written, /secret\d/, "arguments may hold tokens");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("--start-command starts the server once for another test, and stops it", async () => {
  const { code, stderr, stdout } = await run(
    argsFor({ openMs: 200, healthyMs: 200 }, "--test-type", "basic", "--requests", "20", "--verbose"),
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "Success Rate: 100.0%");
  assertEquals(stderr.match(/started deno/g)!.length, 1);
  await gone(pidIn(stderr));
});

Deno.test("--start-command stops the server at Ctrl-C, and keeps what was measured", async () => {
  const command = start(
    argsFor({ unloads: true }, "--test-type", "latency", "--cold-starts", "100", "--format", "json", "--verbose"),
  );
  await command.seen("latency: start ");
  command.signal("SIGINT");
  const { code, stderr, stdout } = await command.finished;
  assertEquals(code, 4, stderr);
  const { partial, tests, target } = parseReport(stdout);
  assertEquals([partial, tests.latency!.partial], ["interrupted", "interrupted"]);
  await assertRejects(() => Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(target.url).port) }));
});

Deno.test("--start-command leaves no server where torchgauge itself is killed", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const command = start(argsFor({}, "--test-type", "basic", "--duration", "30", "--verbose"));
  await command.seen("protocol kserve-v2");
  command.signal("SIGKILL");
  const { stderr } = await command.finished;
  await gone(pidIn(stderr));
});

Deno.test("--start-command tells the last lines of a server that dies before it serves", async () => {
  const { code, stdout, stderr } = await run(argsFor({ openMs: 60_000, diesAfterMs: 100 }, "--test-type", "basic"));
  assertEquals([code, stdout], [3, ""]);
  assertStringIncludes(stderr, "  Traceback: no memory left\n");
  assertStringIncludes(stderr, "Error: Cannot go on as the server must run: deno ended with code 7\n");
  assertNotMatch(stderr, /^\s+at /m, "a stack trace");
});

Deno.test("--start-command gives up a server that never opens its port", async () => {
  const { code, stderr } = await run(argsFor({ isSilent: true }, "--test-type", "latency", "--start-timeout", "1"));
  assertEquals(code, 3);
  assertStringIncludes(stderr, "The last lines of deno:\n  staged server");
  assertStringIncludes(stderr, "Error: Cannot use the server as it must serve within 1 s: nothing listens at ");
  await gone(Number(/staged server (\d+)/.exec(stderr)![1]));
});

Deno.test("--start-command refuses a port that is taken, with one message", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const { code, stdout, stderr } = await run(["--url", url, "--start-command", "python serve.py"]);
  assertEquals([code, stdout], [3, ""]);
  assertEquals(stderr.trim().split("\n").length, 2, stderr);
  assertStringIncludes(stderr, `nothing must answer at 127.0.0.1:${listener.addr.port} before: something does`);
  assertStringIncludes(stderr, "leave --start-command COMMAND out");
});

Deno.test("--start-command stops a server that does not serve yet at Ctrl-C", async () => {
  const command = start(argsFor({ isSilent: true }, "--test-type", "basic", "--verbose"));
  await command.seen("started deno");
  command.signal("SIGINT");
  const { code, stdout, stderr } = await command.finished;
  assertEquals([code, stdout], [4, ""], stderr);
  await gone(pidIn(stderr));
});

Deno.test("--start-command measures starts of a server that only the user can describe", async () => {
  const folder = await Deno.makeTempDir();
  const description = {
    predict: { path: "/v2/models/m/infer", bodyTemplate: { inputs: "{{inputs}}" } },
    predictions: "/outputs",
    health: { path: "/v2/health/ready" },
  };
  await Deno.writeTextFile(`${folder}/server.json`, JSON.stringify(description));
  await Deno.writeTextFile(`${folder}/item.json`, '["a"]');
  const { code, stdout, stderr } = await run([
    ...argsFor({ healthyMs: 200, readyMs: 300 }, "--test-type", "latency", "--cold-starts", "1", "--requests", "20"),
    ...["--generic", `${folder}/server.json`, "--input-data", `${folder}/item.json`, "--format", "json"],
  ]);
  await Deno.remove(folder, { recursive: true });
  assertEquals(code, 0, stderr);
  const { starts, cold } = parseReport(stdout).tests.latency!;
  const { stagesMs, totalMs } = starts!.samples[0]!;
  assertEquals([stagesMs.modelReady, cold], [null, null]);
  assertGreater(stagesMs.firstPrediction!, 100, "what the server does not tell of is part of the first prediction");
  assertGreater(totalMs, 500);
});
