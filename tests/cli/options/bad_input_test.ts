import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { run } from "../command.ts";

/** Command line, exit code, and what the one message must hold. */
const CASES: readonly [what: string, args: readonly string[], code: number, words: readonly string[]][] = [
  ["an unknown option", ["--tset-type", "basic"], 2, ['"--tset-type" is no option', "Did you mean --test-type?"]],
  ["an unknown test type", ["--test-type", "foo"], 2, ["one of basic, latency", '"foo"']],
  ["an unknown format", ["--format", "xml"], 2, ["text, json, csv", '"xml"']],
  ["an unknown protocol", ["--protocol", "grpc"], 2, ["torch-inference", '"grpc"']],
  ["a count that is no number", ["--requests", "many"], 2, ["whole number", '"many"']],
  ["a zero", ["--test-type", "basic", "--concurrency", "0"], 2, ["from 1 to 4096", '"0"']],
  ["a negative duration", ["--duration", "-1"], 2, ["0.1 to 86400", '"-1"']],
  ["an absurd batch size", ["--test-type", "basic", "--batch-size", "1e12"], 2, ["from 1 to 4096"]],
  ["a size that is none", ["--max-response", "many"], 2, ["a size from 1KiB to 4GiB", '"many"', "64MB or 1GiB"]],
  ["a size of another unit", ["--max-response", "64TB"], 2, ["a size from 1KiB to 4GiB"]],
  ["a list with a hole", ["--test-type", "throughput", "--batch-sizes", "1,,4"], 2, ['"--batch-sizes"']],
  ["input data that is not there", ["--input-data", "/nonexistent.json"], 2, ["/nonexistent.json", "there is none"]],
  ["a URL that is none", ["--url", "foo"], 2, ["http://", '"foo"']],
  ["a URL with a password", ["--url", "http://me:secret@127.0.0.1:1"], 2, ["no user name or password"]],
  [
    "GPU metrics without http",
    ["--url", "http://127.0.0.1:1", "--gpu-metrics-url", "me:secret@gpu-1:9400"],
    2,
    ["must start with http:// or https://", "Write --gpu-metrics-url http://host:9400/metrics."],
  ],
  ["GPU metrics of no server", ["--gpu-metrics-url", "http://me:secret@gpu-1:9400"], 2, ['there is no "--url"']],
  [
    "GPUs that are none",
    ["--url", "http://127.0.0.1:1", "--gpu-devices", "0,cuda:1"],
    2,
    ['"--gpu-devices" must be numbers or UUIDs of GPUs', "Write --gpu-devices 0,1."],
  ],
  ["a closed port", ["--url", "http://127.0.0.1:1"], 3, ["127.0.0.1:1", "Is the server running"]],
  ["an output in no folder", ["--output", "/nonexistent/r.json"], 2, ["its folder must exist", "mkdir -p"]],
  ["an output that is a folder", ["--output", "/"], 2, ["it is a folder"]],
  ["a report that cannot be written", ["--report", "/nonexistent/r.html"], 2, ["its folder must exist"]],
  ["a token that is not set", ["--url", "http://127.0.0.1:1", "--token-env", "NO_SUCH_TOKEN"], 2, ["it is not set"]],
  [
    "a token file that is missing",
    ["--url", "http://127.0.0.1:1", "--token-file", "/nonexistent/secret"],
    2,
    ['"--token-file"', "there is none"],
  ],
  ["an argument that belongs to nothing", ["basic"], 2, ['"basic"']],
];

for (const [what, args, code, words] of CASES) {
  Deno.test(`the command ends with ${code} and one message for ${what}`, async () => {
    const { code: found, stdout, stderr } = await run(args);
    assertEquals([found, stdout], [code, ""], stderr);
    for (const word of words) assertStringIncludes(stderr, word);
    assertNotMatch(stderr, /^\s+at /m, "a stack trace");
    assertNotMatch(stderr, /secret/);
    assert(stderr.trim().split("\n").length <= 2, stderr);
  });
}

Deno.test("the command ends with 3 for a server that is not an inference server", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("<!doctype html><h1>Hello</h1>", { headers: { "content-type": "text/html" } }),
  );
  const { code, stderr } = await run(["--url", `http://127.0.0.1:${server.addr.port}`]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "must be an inference server");
  assertStringIncludes(stderr, "HTML");
});

Deno.test("the command ends with 3 for a model that the server lacks, and names those that it has", async () => {
  const { code, stdout, stderr } = await run(["--test-type", "basic", "--model", "nosuch"]);
  assertEquals([code, stdout], [3, ""]);
  for (const word of ['"nosuch"', "resnet18", "--list-models"]) assertStringIncludes(stderr, word);
});
