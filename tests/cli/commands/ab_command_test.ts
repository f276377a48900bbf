import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { Report } from "../../../src/results/report.ts";
import { startEmbeddedServer } from "../../../src/embedded/start.ts";
import { run } from "../command.ts";

const parse = (args: string) => parseCommandLine(["--test-type", "ab", ...args.split(" ")], () => undefined);
const TWO = "--url http://one:1 --url http://two:2";

Deno.test("parseCommandLine() reads the two servers of an A/B test in their order", () => {
  const command = parse(`${TWO} --blocks 4 --concurrency 2 --quick`);
  assert(command.kind === "ab");
  assertEquals(command.servers.map(({ url }) => url), ["http://one:1", "http://two:2"]);
  assertEquals(command.options, { quick: true, concurrency: 2, blocks: 4 });
});

Deno.test("parseCommandLine() refuses an A/B test without two servers, and what it does not take", () => {
  const cases: [args: string, words: string][] = [
    ["--quick", '"--url" must be given twice: it is there 0 times'],
    ["--url http://one:1", "it is there 1 times"],
    [`${TWO} --url http://three:3`, "it is there 3 times"],
    ["--url foo --url http://two:2", "http://"],
    [`${TWO} --gate p99<1s`, "for the other tests"],
    [`${TWO} --baseline b.json`, "for the other tests"],
    [`${TWO} --levels 1,2`, "as that is for scalability"],
    [`${TWO} --blocks 1`, "from 2 to 1000"],
  ];
  for (const [args, words] of cases) assertStringIncludes(assertThrows(() => parse(args), UsageError).message, words);
});

Deno.test("parseCommandLine() refuses two servers for any other test", () => {
  const error = assertThrows(() => parseCommandLine(["--test-type", "basic", ...TWO.split(" ")]), UsageError);
  assertStringIncludes(error.message, '"--url" must be given once');
  assertStringIncludes(error.hint!, "deno task ab");
});

Deno.test("the command measures two servers alternately and writes text and JSON", async () => {
  await using first = await startEmbeddedServer();
  await using second = await startEmbeddedServer();
  const urls = ["--url", first.url, "--url", second.url];
  const common = ["--test-type", "ab", ...urls, "--quick", "--blocks", "3", "--requests", "8"];
  const text = await run([...common, "--model", "mobilenet_v2"]);
  assertEquals(text.code, 0, text.stderr);
  for (
    const words of ["A/B TEST RESULTS", `A: mobilenet_v2 at ${first.url}`, "3 blocks of 4 visits, 8 requests each"]
  ) {
    assertStringIncludes(text.stdout, words);
  }
  const { code, stdout, stderr } = await run([...common, "--model", "mobilenet_v2", "--format", "json"]);
  assertEquals(code, 0, stderr);
  const { tests: { ab } }: Report = JSON.parse(stdout);
  assert(ab !== undefined);
  assertEquals([ab.kind, ab.blocks.length], ["ab", 3]);
  assertEquals([ab.a.succeeded, ab.b.succeeded], [48, 48]);
  assert(ab.effects.throughput.ratio!.low! < ab.effects.throughput.ratio!.value);
});

Deno.test("the command ends with 3 where the second server is not there", async () => {
  await using server = await startEmbeddedServer();
  const { code, stdout, stderr } = await run([
    ...["--test-type", "ab", "--model", "mobilenet_v2"],
    ...["--url", server.url, "--url", "http://127.0.0.1:1"],
  ]);
  assertEquals([code, stdout], [3, ""], stderr);
  assertStringIncludes(stderr, "127.0.0.1:1");
});
