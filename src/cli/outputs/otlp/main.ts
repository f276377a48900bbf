/**
 * A process of its own that sends figures by OpenTelemetry's packages: they are large, and only who sends metrics fetches
 * them. It reads an {@linkcode Export} from stdin and writes an {@linkcode ExportEnd} to stdout. Its lock file stands
 * beside it; write that anew, after a version here was changed, with
 * `echo '{"gauges":[],"resource":{},"protocol":"http/json"}' | deno run -A --no-config --lock=deno.lock main.ts`.
 *
 * @module
 */
import type { Gauge } from "../../../report/openmetrics/report_gauges.ts";
import type { OtlpSettings } from "../../options/secrets/otlp_settings.ts";

/** What is to be sent. */
export interface Export {
  /** The figures. */
  readonly gauges: readonly Gauge[];
  /** What tells this run, as attributes of the resource. */
  readonly resource: Readonly<Record<string, string>>;
  /** In which form. */
  readonly protocol: OtlpSettings["protocol"];
}

/** How that ended; without a message it was sent. */
export interface ExportEnd {
  /** What the packages say of the failure; it may hold what is secret. */
  readonly message?: string;
  /** The status that the collector answered, or the name of the system's error. */
  readonly code?: number | string;
}

/** What of OpenTelemetry's packages is used here. */
interface Packages {
  readonly resources: {
    resourceFromAttributes(attributes: Readonly<Record<string, string>>): Resource;
    detectResources(options: { readonly detectors: readonly unknown[] }): Resource;
    readonly envDetector: unknown;
  };
  readonly sdk: {
    readonly MeterProvider: new (options: { readonly resource: Resource; readonly readers: readonly Reader[] }) => {
      getMeter(name: string): {
        createGauge(name: string, options: { readonly unit: string }): {
          record(value: number, attributes: Gauge["labels"]): void;
        };
      };
    };
    readonly MetricReader: new () => Reader;
  };
  readonly exporter: {
    readonly OTLPMetricExporter: new () => {
      export(metrics: unknown, done: (result: { readonly error?: Error }) => void): void;
    };
  };
}

interface Resource {
  merge(other: Resource): Resource;
}

interface Reader {
  collect(): Promise<{ readonly resourceMetrics: unknown }>;
}

/** Units as OpenTelemetry writes them: UCUM. */
const UNITS: Readonly<Record<string, string>> = {
  seconds: "s",
  ratio: "1",
  bytes: "By",
  joules: "J",
  watts: "W",
  hertz: "Hz",
  requests_per_second: "{request}/s",
  predictions_per_second: "{prediction}/s",
  tokens_per_second: "{token}/s",
  bytes_per_request: "By/{request}",
  bytes_per_cycle: "By/{cycle}",
};

async function load(protocol: OtlpSettings["protocol"]): Promise<Packages> {
  // Names that Deno does not see before: `deno check` would put them in the lock file of the whole project.
  const load = (name: string, version: string) => import(`npm:@opentelemetry/${name}@${version}`);
  const form = protocol === "http/json" ? "http" : "proto";
  return {
    resources: await load("resources", "3.1.0"),
    sdk: await load("sdk-metrics", "3.1.0"),
    exporter: await load(`exporter-metrics-otlp-${form}`, "0.301.0"),
  };
}

/** Sends figures to the collector that OpenTelemetry's variables name. */
async function send({ gauges, resource, protocol }: Export): Promise<ExportEnd> {
  const { resources, sdk, exporter } = await load(protocol);
  const ofRun = resources.resourceFromAttributes(resource);
  const ofUser = resources.detectResources({ detectors: [resources.envDetector] });
  const reader = new sdk.MetricReader();
  const meter = new sdk.MeterProvider({ resource: ofRun.merge(ofUser), readers: [reader] }).getMeter("torchgauge");
  for (const [name, same] of Map.groupBy(gauges, ({ name }) => name)) {
    const { unit } = same[0]!;
    const instrument = meter.createGauge(name, { unit: UNITS[unit] ?? unit });
    for (const { value, labels } of same) instrument.record(value, labels);
  }
  const { resourceMetrics } = await reader.collect();
  const { error } = await new Promise<{ readonly error?: Error & { readonly code?: number | string } }>((resolve) =>
    new exporter.OTLPMetricExporter().export(resourceMetrics, resolve)
  );
  if (error === undefined) return {};
  return { message: error.message, ...(error.code === undefined ? {} : { code: error.code }) };
}

if (import.meta.main) {
  const end = await send(await new Response(Deno.stdin.readable).json());
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(end)));
  Deno.exit();
}
