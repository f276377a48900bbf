import { CATALOG, type CatalogModel } from "../models/catalog.ts";
import type { ModelService } from "../model_service.ts";
import type { Histogram } from "../model_statistics.ts";

/**
 * The server's counters in the text format of Prometheus, version 0.0.4.
 *
 * @param service The models.
 * @param residentBytes Resident memory of the process, bytes.
 */
export function formatPrometheus(service: ModelService, residentBytes: number): string {
  const each = (samples: (model: CatalogModel) => readonly string[]) => CATALOG.flatMap(samples);
  return [
    ...family("torchgauge_requests_total", "counter", "Requests by what became of them."),
    ...each((model) => {
      const { success, failure, cancelled } = service.statistics(model);
      return Object.entries({ success, failure, cancelled }).map(([outcome, { count }]) =>
        `torchgauge_requests_total{model="${model.name}",outcome="${outcome}"} ${count}`
      );
    }),
    ...family("torchgauge_queue_seconds", "histogram", "Waiting of a request until its execution began."),
    ...each((model) => histogram("torchgauge_queue_seconds", model.name, service.statistics(model).queueSeconds)),
    ...family("torchgauge_compute_seconds", "histogram", "Inference of one execution."),
    ...each((model) => histogram("torchgauge_compute_seconds", model.name, service.statistics(model).computeSeconds)),
    ...family("torchgauge_batch_size", "histogram", "Items of one execution."),
    ...each((model) => histogram("torchgauge_batch_size", model.name, service.statistics(model).batchSizes)),
    ...family("torchgauge_waiting_requests", "gauge", "Requests that wait now."),
    ...each((model) => [`torchgauge_waiting_requests{model="${model.name}"} ${service.waiting(model)}`]),
    ...family("torchgauge_model_ready", "gauge", "1 if the model answers predictions."),
    ...each((model) => [`torchgauge_model_ready{model="${model.name}"} ${Number(service.state(model) === "ready")}`]),
    ...family("process_resident_memory_bytes", "gauge", "Resident memory of the process."),
    `process_resident_memory_bytes ${residentBytes}`,
    "",
  ].join("\n");
}

function family(name: string, type: "counter" | "gauge" | "histogram", help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogram(name: string, model: string, { bounds, counts, sum }: Histogram): string[] {
  let count = 0;
  const buckets = counts.map((inBucket, index) => {
    count += inBucket;
    return `${name}_bucket{model="${model}",le="${bounds[index] ?? "+Inf"}"} ${count}`;
  });
  return [...buckets, `${name}_sum{model="${model}"} ${sum}`, `${name}_count{model="${model}"} ${count}`];
}
