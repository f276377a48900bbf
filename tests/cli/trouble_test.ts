import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { startEmbeddedServer } from "../../src/embedded/start.ts";
import { run, start } from "./command.ts";

async function isAlive(pid: number): Promise<boolean> {
  const { success } = await new Deno.Command("kill", { args: ["-0", String(pid)], stderr: "null" }).output();
  return success;
}

Deno.test("Ctrl-C in the middle writes what was measured, marked partial, ends with 4 and leaves no server", async () => {
  const command = start(["--test-type", "comprehensive", "--quick", "--verbose", "--format", "json"]);
  await command.seen("throughput");
  command.signal("SIGINT");
  const { code, stdout, stderr } = await command.finished;
  assertEquals(code, 4, stderr);
  const report = parseReport(stdout);
  assertEquals(report.partial, "interrupted");
  assertGreater(report.tests.basic!.succeeded, 0);
  assertEquals(report.tests.throughput!.partial, "interrupted");
  assertEquals(report.tests.memory, undefined);
  const pid = Number(/the embedded server is at \S+, process (\d+)/.exec(stderr)![1]);
  assert(!await isAlive(pid), "the embedded server is still there");
});

Deno.test("Ctrl-C before anything was measured says so and ends with 4", async () => {
  // A server that accepts and never answers keeps the command connecting.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const command = start(["--verbose", "--url", `http://127.0.0.1:${listener.addr.port}`]);
  using _connection = await accepted;
  command.signal("SIGINT");
  const { code, stdout, stderr } = await command.finished;
  assertEquals([code, stdout], [4, ""]);
  assertStringIncludes(stderr, "before anything was measured");
});

Deno.test("a server that dies in the middle leaves what was measured, marked, and ends with 3", async () => {
  const server = await startEmbeddedServer({ models: ["mobilenet_v2"] });
  const command = start([
    "--test-type",
    "comprehensive",
    "--quick",
    "--verbose",
    "--url",
    server.url,
    "--format",
    "json",
  ]);
  await command.seen("throughput");
  Deno.kill(server.pid, "SIGKILL");
  const { code, stdout, stderr } = await command.finished;
  await server.close();
  assertEquals(code, 3, stderr);
  const report = parseReport(stdout);
  assertEquals(report.partial, "target-lost");
  assertGreater(report.tests.basic!.succeeded, 0);
});

Deno.test("a server that freezes in the middle is lost, and the test ends with 3 without its time", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const server = await startEmbeddedServer({ models: ["mobilenet_v2"] });
  const options = ["--duration", "600", "--timeout", "1", "--requests", "100000", "--format", "json"];
  const command = start(["--test-type", "basic", "--verbose", "--url", server.url, ...options]);
  await command.seen("concurrency 1");
  Deno.kill(server.pid, "SIGSTOP");
  const { code, stdout, stderr } = await command.finished;
  Deno.kill(server.pid, "SIGCONT");
  await server.close();
  assertEquals(code, 3, stderr);
  assertStringIncludes(stderr, "The server was lost");
  assertStringIncludes(parseReport(stdout).tests.basic!.lost!.reason, "within 1000 ms");
});

Deno.test("results that do not fit on the disk go to stdout and end with 5", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const { code, stdout, stderr } = await run(
    ["--test-type", "basic", "--requests", "20", "--format", "json", "--output", "/dev/full"],
  );
  assertEquals(code, 5, stderr);
  assertStringIncludes(stderr, "The results follow on stdout.");
  assertEquals(parseReport(stdout).tests.basic!.succeeded, 20);
});
