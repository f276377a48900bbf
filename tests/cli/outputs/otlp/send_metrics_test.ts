import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { resourceOf } from "../../../../src/cli/outputs/otlp/send_metrics.ts";
import { reports } from "../../../report/fixtures.ts";
import { run } from "../../command.ts";
import { answer, openInference, PREDICTION } from "../../open_inference_server.ts";

/** One run of the command, and what reached a collector that answers so. */
async function runWith(status: number, words: string) {
  const seen: { readonly url: string; readonly headers: Headers; readonly body: string }[] = [];
  await using collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    seen.push({ url: request.url, headers: request.headers, body: await request.text() });
    return new Response(words, { status, headers: { "content-type": "application/json" } });
  });
  await using server = await openInference(() => answer(PREDICTION));
  const url = `http://user:s3cret@127.0.0.1:${collector.addr.port}`;
  const finished = await run(["--test-type", "basic", "--quick", "--duration", "0.5", "--url", server.url], {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20s3cret",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=test",
  });
  assertFalse(`${finished.stdout}${finished.stderr}`.includes("s3cret"));
  return { ...finished, stderr: finished.stderr.replaceAll(String(collector.addr.port), "PORT"), seen };
}

interface Metrics {
  readonly resourceMetrics: readonly [{
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: unknown }[] };
    readonly scopeMetrics: readonly [{
      readonly metrics: readonly {
        readonly name: string;
        readonly unit: string;
        readonly gauge: {
          readonly dataPoints: readonly { readonly attributes: readonly unknown[]; readonly asDouble: number }[];
        };
      }[];
    }];
  }];
}

Deno.test("the command sends its figures to OpenTelemetry's collector", async () => {
  const { code, stderr, seen } = await runWith(200, "{}");
  assertEquals([code, stderr], [0, "The metrics were sent to http://127.0.0.1:PORT.\n"]);
  assertEquals(seen.map(({ url, headers }) => [new URL(url).pathname, headers.get("authorization")]), [
    ["/v1/metrics", "Bearer s3cret"],
  ]);
  const { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }: Metrics = JSON.parse(seen[0]!.body);
  const attributes = Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value]));
  assertEquals(attributes["service.name"], { stringValue: "torchgauge" });
  assertEquals(attributes["deployment.environment"], { stringValue: "test" });
  const latency = metrics.find(({ name }) => name === "torchgauge_latency_seconds")!;
  assertEquals(latency.unit, "s");
  const p99 = latency.gauge.dataPoints.find(({ attributes }) => JSON.stringify(attributes).includes("0.99"))!;
  assertEquals(p99.attributes, [
    { key: "model", value: { stringValue: "m" } },
    { key: "test", value: { stringValue: "basic" } },
    { key: "batch_size", value: { intValue: 1 } },
    { key: "concurrency", value: { intValue: 1 } },
    { key: "quantile", value: { doubleValue: 0.99 } },
  ]);
  assertEquals(p99.asDouble > 0 && p99.asDouble < 1, true);
});

Deno.test("the command ends as it would where the collector refuses, and says so in one line", async () => {
  const { code, stdout, stderr } = await runWith(401, "no: Bearer s3cret");
  assertEquals([code, stderr], [
    0,
    "The metrics were not sent to http://127.0.0.1:PORT: it answered with status 401.\n",
  ]);
  assertStringIncludes(stdout, "Throughput");
});

Deno.test("resourceOf() says why a run was cut, and of one that was not nothing of that", () => {
  assertEquals(resourceOf(reports["partial"]!)["torchgauge.partial"], reports["partial"]!.partial!);
  assertFalse("torchgauge.partial" in resourceOf(reports["whole"]!));
});
