import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { run } from "./command.ts";
import { answer, startServer } from "./open_inference_server.ts";

/** A torch-inference server whose answers tell these server times, as they are written, one after the other. */
function openTelling(...seconds: readonly string[]) {
  let asked = 0;
  const predict = () => {
    const told = `"processing_time": ${seconds[asked++ % seconds.length]}`;
    return answer(`{"success": true, "result": [1, 2], ${told}, "model_info": {"model": "m", "input_count": 1}}`);
  };
  const info = { m: { loaded: true, device: "cpu", input_type: "text" } };
  return startServer({
    "GET /health": answer({ healthy: true, checks: {} }),
    "GET /models": answer({ models: ["m"], model_info: info, total_models: 1 }),
    "GET /models/available": answer({ available_models: {} }),
    "GET /autoscaler/stats": answer({ detail: "Autoscaler not available" }, 503),
    "POST /m/predict": predict,
    "POST /predict": predict,
  });
}

const asked = ["--protocol", "torch-inference", "--model", "m", "--requests", "40", "--warmup", "0"];

Deno.test("server times that cannot be are refused, counted, and lose no result", async () => {
  const few = [...Array<string>(19).fill("1e-6"), "1e999"];
  await using server = await openTelling(...few);
  for (const test of [["basic"], ["scalability", "--levels", "1,2"], ["load", "--rates", "40", "--duration", "1"]]) {
    const args = ["--url", server.url, ...asked.slice(0, test[0] === "load" ? 4 : undefined), "--test-type", ...test];
    const { code, stdout, stderr } = await run(args);
    assertEquals(code, 0, stderr);
    const words = stdout.replaceAll(/\s+/g, " ");
    assertMatch(
      words,
      /\d+ of \d+ server times were longer than the request, or below 0: (refused|none is believed)\./,
    );
  }
  const { stdout } = await run(["--url", server.url, ...asked, "--test-type", "basic", "--format", "json"]);
  const { refusedServerTimes, serverMs, succeeded } = parseReport(stdout).tests.basic!;
  assertEquals(refusedServerTimes, { refused: 2, told: 40 });
  assertEquals([serverMs?.n, serverMs?.max, succeeded], [38, 1e-3, 40]);
});

Deno.test("where more than a few server times cannot be, none is believed", async () => {
  await using server = await openTelling("1e300", "-1", "1e-6", "1e999", "1e-6");
  const { stdout } = await run(["--url", server.url, ...asked, "--test-type", "basic", "--format", "json"]);
  const { refusedServerTimes, serverMs, absences } = parseReport(stdout).tests.basic!;
  assertEquals([refusedServerTimes, serverMs], [{ refused: 24, told: 40 }, null]);
  assertStringIncludes(absences["serverMs"]!, "cannot be");
});

Deno.test("where every server time is refused there is none, and the result says why", async () => {
  await using server = await openTelling("1e300");
  const { code, stdout } = await run(["--url", server.url, ...asked, "--test-type", "basic", "--format", "json"]);
  const { serverMs, absences } = parseReport(stdout).tests.basic!;
  assertEquals([code, serverMs], [0, null]);
  assertStringIncludes(absences["serverMs"]!, "cannot be");
});
