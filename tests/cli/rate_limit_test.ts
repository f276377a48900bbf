import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { run } from "./command.ts";
import { answer, openInference, PREDICTION } from "./open_inference_server.ts";

/** A server that lets twenty requests through, then refuses until the second that it asks for has passed. */
function openLimiting(): ReturnType<typeof openInference> {
  let answered = 0, fromMs = 0;
  return openInference(() => {
    if (performance.now() < fromMs) return answer({ error: "too many" }, 429, "retry-after: 1");
    if (++answered % 20 !== 0) return answer(PREDICTION);
    fromMs = performance.now() + 1000;
    return answer({ error: "too many" }, 429, "retry-after: 1");
  });
}

async function measured(url: string, ...more: string[]) {
  const common = ["--test-type", "basic", "--model", "m", "--warmup", "0", "--concurrency", "2"];
  const { code, stdout, stderr } = await run(["--url", url, ...common, "--format", "json", ...more]);
  assertEquals([code, stderr], [0, ""]);
  return parseReport(stdout);
}

Deno.test("a server that limits is reported as that, not as one whose errors are to be fixed", async () => {
  await using server = await openLimiting();
  const { tests, findings, recommendations } = await measured(server.url, "--requests", "60");
  assert(tests.basic!.failuresByReason.limited! > 20);
  assertStringIncludes(tests.basic!.failureExamples.limited!, "too many; the server asked to wait 1 s (Retry-After)");
  assertEquals(findings.some(({ code }) => code === "errors"), false);
  assertEquals(findings.some(({ code }) => code === "rate-limited"), true);
  assertEquals(recommendations.map(({ code }) => code).filter((code) => /fix|heed/.test(code)), ["heed-limit"]);
});

Deno.test("where it is heeded, no thread sends meanwhile and the results say what that did to them", async () => {
  for (const workers of ["1", "2"]) {
    await using server = await openLimiting();
    const { tests: { basic }, findings } = await measured(
      server.url,
      ...["--requests", "60", "--respect-retry-after", "--workers", workers],
    );
    // Three times twenty requests; what was on its way as it began may be refused as well.
    assert(basic!.failuresByReason.limited! <= 9, `${basic!.failuresByReason.limited} refused`);
    assert(basic!.heldMs! > 0 && basic!.durationMs > 1000);
    assertEquals(basic!.clientUse!.because.includes("between"), false, "the client kept still as it was asked");
    const found = findings.find(({ code }) => code === "rate-limited");
    assert(found?.code === "rate-limited" && found.evidence.heldMs === basic!.heldMs && !found.evidence.isOpen);
  }
});

Deno.test("above a cap is wrong usage that names what lifts it", async () => {
  await using server = await openInference(answer(PREDICTION));
  const common = ["--test-type", "basic", "--url", server.url, "--model", "m", "--concurrency"];
  const { code, stderr } = await run([...common, "4097"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, '"--concurrency" must be at most 4096: current value is 4097');
  assertStringIncludes(stderr, "Hint: If the server and all who share it can bear that, add --allow-heavy-load.");
  const wide = { shape: [1, 2 ** 20] };
  await using large = await openInference(answer(PREDICTION), {
    "GET /v2/models/m": answer({
      name: "m",
      inputs: [{ name: "x", datatype: "FP32", ...wide }],
      outputs: [{ name: "y", datatype: "FP32", shape: [1, 1] }],
    }),
  });
  const trace = await Deno.makeTempFile();
  await Deno.writeTextFile(trace, Array.from({ length: 900 }, (_, i) => i < 500 ? `${i}` : "600").join("\n"));
  const heavy: [requests: number, test: string, ...options: string[]][] = [
    [1000, "basic", "--concurrency", "1000"],
    [500, "basic", "--rate", "1", "--arrivals", "constant", "--burst", "500"],
    [480, "load", "--rates", "250", "--arrivals", "constant", "--burst", "240"],
    [400, "load", "--trace", trace],
  ];
  for (const [requests, test, ...options] of heavy) {
    const { code, stdout, stderr } = await run(["--test-type", test, "--url", large.url, "--model", "m", ...options]);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, `at most 1 GiB of requests may be on their way at once: ${requests} of `);
    assertNotMatch(stdout, /./);
  }
  await Deno.remove(trace);
});
