import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { NOT_LINUX, spawn, type TestProcess } from "../../observe/processes.ts";
import { run } from "../../cli/command.ts";
import { fromFileUrl } from "../../cli/paths.ts";

const SERVER = fromFileUrl(import.meta.resolve("./memory_server.ts"));

/** A server that answers so, and its URL. */
async function open(manner: string, ...more: string[]): Promise<TestProcess & { readonly url: string }> {
  const server = spawn(Deno.execPath(), "run", "-A", "--quiet", SERVER, manner, ...more);
  return { ...server, url: `http://127.0.0.1:${await server.readLine()}` };
}

const memoryOf = (url: string, ...more: string[]) =>
  run(["--test-type", "memory", "--url", url, "--model", "m", "--quick", "--soak", "2", ...more]);

Deno.test("a memory test of a server that refuses everything has no verdict, says why and ends with 3", {
  ignore: NOT_LINUX,
}, async () => {
  await using server = await open("refuses");
  const { code, stdout, stderr } = await memoryOf(server.url, "--gate", "growth<1KB/request");
  assertEquals(code, 3, stderr);
  const text = stdout.replaceAll(/\s+/g, " ");
  assertMatch(text, /Success Rate: 0\.0% \(0 of \d+\)/);
  assertStringIncludes(text, 'status ("status 400: parameter lang is required")');
  assertMatch(text, /Growth: not measured: all \d+ requests of the soak failed/);
  assertMatch(text, /growth<1KB\/request: cannot tell, counts as missed/);
  assertNotMatch(text, /stable/);
});

Deno.test("a memory test half of whose requests are refused cannot tell a growth, and no gate passes", {
  ignore: NOT_LINUX,
}, async () => {
  await using server = await open("halves");
  const { code, stdout, stderr } = await memoryOf(server.url, "--gate", "growth<1KB/request", "--format", "json");
  assertEquals(code, 1, stderr);
  const { tests: { memory }, gate } = parseReport(stdout);
  const { growth, loads } = memory!;
  assertEquals(growth!.verdict, "cannot tell");
  assertMatch(growth!.because!, /^\d+ of the \d+ requests of the soak failed$/);
  const soak = loads!.find(({ phase }) => phase === "soak")!;
  // What failed counts for no growth.
  assertEquals(Math.abs(growth!.requests - soak.succeeded) <= soak.failed * 0.2, true);
  assertEquals(soak.failuresByReason, { limited: soak.failed });
  assertEquals(gate!.outcomes[0]!.verdict, "cannot tell");
});

Deno.test("a memory test names batches that fail whole, and a server that ceases to work in the soak", {
  ignore: NOT_LINUX,
}, async () => {
  await using single = await open("single");
  const batches = await memoryOf(single.url, "--batch-sizes", "1,4,16");
  assertEquals(batches.code, 0, batches.stderr);
  assertMatch(batches.stdout, /batches .*all \d+ failed/);
  assertMatch(
    batches.stdout,
    /Cache Growth over batches: not measured: all \d+ requests of more than one item\s+failed/,
  );
  await using dying = await open("dies", "150");
  const { stdout } = await memoryOf(dying.url);
  assertMatch(stdout.replaceAll(/\s+/g, " "), /Growth: (?:cannot tell|not measured): .* requests of the soak failed/);
  assertStringIncludes(stdout, "the worker died");
});

Deno.test("a run of all tests ends at once where nothing is answered, with the server's words", {
  ignore: NOT_LINUX,
}, async () => {
  await using server = await open("refuses");
  const { code, stdout, stderr } = await run(["--test-type", "comprehensive", "--url", server.url, "--model", "m"]);
  assertEquals([code, stdout], [3, ""]);
  assertMatch(stderr, /one request must succeed: none of \d+ did, status: status 400: parameter lang is required/);
});

Deno.test("a memory test cannot tell a growth where a worker was replaced in the soak", {
  ignore: NOT_LINUX,
}, async () => {
  await using server = await open("recycles");
  const { code, stdout, stderr } = await memoryOf(server.url, "--format", "json");
  assertEquals(code, 0, stderr);
  const { growth } = parseReport(stdout).tests.memory!;
  assertEquals([growth!.verdict, growth!.because], ["cannot tell", "a process of the server ended in the soak"]);
});
