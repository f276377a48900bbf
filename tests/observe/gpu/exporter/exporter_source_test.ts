import { assert, assertEquals, assertNotMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError, UsageError } from "../../../../src/core/errors.ts";
import { isAbsent } from "../../../../src/observe/absent.ts";
import { openExporterSource } from "../../../../src/observe/gpu/exporter/exporter_source.ts";
import { dcgmText, IDLE_L40S, L40S } from "./dcgm_text.ts";
import { tritonText, V100 } from "./triton_text.ts";

const MIB = 2 ** 20;

/** An exporter whose answer can be changed while it runs; it tells what it was asked. */
function startExporter(answer: string | (() => Response | Promise<Response>)) {
  const asked: { readonly path: string; readonly authorization: string | null }[] = [];
  const exporter = {
    answer,
    asked,
    url: "",
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push({ path: pathname + search, authorization: request.headers.get("authorization") });
    const { answer } = exporter;
    if (typeof answer === "function") return answer();
    return new Response(answer, { headers: { "content-type": "text/plain; version=0.0.4" } });
  });
  exporter.url = `http://127.0.0.1:${server.addr.port}`;
  return exporter;
}

Deno.test("openExporterSource() reads all GPUs of a DCGM exporter, and their energy", async () => {
  await using exporter = startExporter(dcgmText([L40S, IDLE_L40S]));
  const source = await openExporterSource({ url: exporter.url });
  assertEquals([source.name, source.devices.map(({ index }) => index)], ["dcgm-exporter", [0, 1]]);
  exporter.answer = dcgmText([IDLE_L40S, {
    ...L40S,
    values: { ...L40S.values, TOTAL_ENERGY_CONSUMPTION: 5551900580 },
  }]);
  const readings = await source.readDevices();
  assert(!isAbsent(readings));
  assertEquals(readings.map(({ utilizationPercent }) => utilizationPercent), [87, 0]);
  assertEquals(await source.readEnergy(), [5551900.58, 5551899.58]);
  assertEquals(await source.readProcesses(), { absent: "dcgm-exporter tells nothing of processes" });
  assertEquals(exporter.asked.map(({ path }) => path), ["/metrics", "/metrics", "/metrics"]);
  await source.close();
});

Deno.test("openExporterSource() reads the GPUs that are asked for, and those that are gone as not told", async () => {
  await using exporter = startExporter(dcgmText([L40S, IDLE_L40S]));
  for (const gpuDevices of [[1], ["GPU-77e0"], ["gpu-77E0c1de-1f54-47f1-8a1a-3a60c0a1b2c3", 1]]) {
    const source = await openExporterSource({ url: `${exporter.url}/metrics`, gpuDevices });
    assertEquals(source.devices.map(({ uuid }) => uuid), [IDLE_L40S.uuid]);
    const readings = await source.readDevices();
    assertEquals(isAbsent(readings) || readings.map(({ usedBytes }) => usedBytes), [0]);
  }
  const source = await openExporterSource({ url: exporter.url });
  exporter.answer = dcgmText([L40S]);
  const readings = await source.readDevices();
  assertEquals(isAbsent(readings) || readings.map(({ usedBytes }) => usedBytes), [10000 * MIB, null]);
  assertEquals(await source.readEnergy(), [5551899.58, null]);
  for (const gpuDevices of [[0, 7], ["GPU-1"]]) {
    const error = await assertRejects(() => openExporterSource({ url: exporter.url, gpuDevices }), UsageError);
    assertStringIncludes(error.message, `GPU ${gpuDevices.at(-1)} of "gpuDevices"`);
    assertStringIncludes(error.message, `0 (NVIDIA L40S, ${L40S.uuid})`);
  }
});

Deno.test("openExporterSource() reads Triton's metrics", async () => {
  await using exporter = startExporter(tritonText([V100]));
  const source = await openExporterSource({ url: exporter.url });
  assertEquals(source.name, "triton-metrics");
  const readings = await source.readDevices();
  assertEquals(isAbsent(readings) || readings.map(({ powerWatts }) => powerWatts), [V100.watts]);
  assertEquals(await source.readEnergy(), [V100.joules]);
});

Deno.test("openExporterSource() learns how long the exporter's values stand", async () => {
  await using exporter = startExporter("");
  let nowMs = 0;
  const at = (ms: number) => {
    nowMs = ms;
    exporter.answer = tritonText([{ ...V100, joules: 9000 + Math.floor(ms / 2000) }]);
  };
  at(0);
  const source = await openExporterSource({ url: exporter.url, clock: { now: () => nowMs } });
  for (let ms = 500; ms <= 8000; ms += 500) {
    at(ms);
    await source.readDevices();
  }
  assertEquals(source.refreshMs, 2000);
});

Deno.test("openExporterSource() refuses what tells nothing of GPUs, with what was found", async () => {
  const html = { headers: { "content-type": "text/html; charset=utf-8" } };
  const rows: readonly [what: string, answer: string | (() => Response | Promise<Response>), words: string][] = [
    ["a page", () => new Response("nothing here", html), "it answers with an HTML page"],
    ["a page without a type", "<!DOCTYPE html><h1>Exporter</h1>", "it answers with an HTML page"],
    ["another path", () => new Response("404", { status: 404 }), "it answers with status 404"],
    ["no right", () => new Response(null, { status: 401 }), "it answers with status 401"],
    ["JSON", '{"status": "ok"}', "it answers with no metrics in the format of Prometheus"],
    ["nothing", "", "it answers with no metrics"],
    [
      "another exporter",
      "process_cpu_seconds_total 1\ngo_threads 9\nup 1\nx 1\n",
      "it answers with metrics of something else (process_cpu_seconds_total, go_threads, up, ...)",
    ],
    ["Triton without GPU", tritonText([]), "it is a Triton that tells nothing of GPUs"],
    ["too much", () => new Response("x 1\n".repeat(2 ** 21 + 1)), "it answers with more than 8 MiB"],
    [
      "silence",
      () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response("")), 400)),
      "within 100 ms",
    ],
  ];
  for (const [what, answer, words] of rows) {
    await using exporter = startExporter(answer);
    const timeoutMs = what === "silence" ? 100 : 5000;
    const url = exporter.url.replace("//", "//me:s3cret@");
    const error = await assertRejects(() => openExporterSource({ url, timeoutMs }), TargetError, words, what);
    assertStringIncludes(
      error.message,
      `Cannot read GPUs at ${exporter.url}/metrics as metrics of GPUs must be there:`,
    );
    assertStringIncludes(error.hint!, what === "no right" ? "Write name and password" : "http://host:9400/metrics");
    assertNotMatch(error.message + error.hint, /s3cret/);
  }
});

Deno.test("openExporterSource() says that nobody answers, and shows no password", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  const nobody = `http://me:s3cret@127.0.0.1:${port}/m`;
  const error = await assertRejects(() => openExporterSource({ url: nobody }), TargetError);
  assertStringIncludes(error.message, `Cannot read GPUs at http://127.0.0.1:${port}/m as`);
  assertStringIncludes(error.message, "it does not answer (");
  assertStringIncludes(error.message, "refused");
  assertNotMatch(error.message, /s3cret|for url/);
  const secrets = ["me:s3cret@gpu-1", "ftp://me:s3cret@gpu-1", "gpu-1:9400/m?token=s3cret", "ftp://gpu-1/m?s3cret?x"];
  for (const url of [...secrets, "gpu-1:9400", "http://", "", "file:///metrics"]) {
    const { message, hint } = await assertRejects(() => openExporterSource({ url }), UsageError);
    assertStringIncludes(message, "must start with http:// or https:// and name a host");
    assertNotMatch(message, /s3cret/);
    assertEquals(hint, "Write gpuMetricsUrl: http://host:9400/metrics.");
  }
});

Deno.test("openExporterSource() sends name and password to the exporter alone", async () => {
  await using exporter = startExporter(dcgmText([L40S]));
  await openExporterSource({ url: `${exporter.url.replace("//", "//m%C3%A9:p%3Aw@")}/federate?match[]=x` });
  assertEquals(exporter.asked, [{
    path: "/federate?match[]=x",
    authorization: `Basic ${new TextEncoder().encode("mé:p:w").toBase64()}`,
  }]);
});

Deno.test("an exporter that fails later gives the reason, and is read again", async () => {
  await using exporter = startExporter(dcgmText([L40S]));
  const source = await openExporterSource({ url: exporter.url });
  exporter.answer = () => new Response(null, { status: 503 });
  const reason = `dcgm-exporter at ${exporter.url}/metrics: it answers with status 503`;
  assertEquals(await source.readDevices(), { absent: reason });
  assertEquals(await source.readEnergy(), { absent: reason });
  exporter.answer = dcgmText([L40S]);
  assert(!isAbsent(await source.readDevices()));
});
