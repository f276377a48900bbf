import type { SequenceForm } from "../../core/request/sequence.ts";
import { isRecord, numberOrNaN } from "../shared/server_answer.ts";

/** Triton forgets a sequence after so long without a request, unless its configuration says otherwise, ms. */
const USUAL_IDLE_MS = 1000;

/**
 * How the sequences of a stateful model are named, by Triton's configuration (`ModelSequenceBatching` of its
 * model_config.proto).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sequenceForm } from "./sequence_form.ts";
 *
 * assertEquals(sequenceForm({ sequence_batching: {} }), { id: "number", idleMs: 1000 });
 * assertEquals(sequenceForm({ dynamic_batching: {} }), null);
 * ```
 *
 * @param config The model's configuration.
 * @returns `null` where each request stands for itself: there is no sequence batcher, or it begins sequences by itself.
 */
export function sequenceForm(config: Readonly<Record<string, unknown>>): SequenceForm | null {
  const batching = config["sequence_batching"];
  if (!isRecord(batching)) return null;
  if (batching["iterative_sequence"] === true || batching["generative_sequence"] === true) return null;
  const idle = numberOrNaN(batching["max_sequence_idle_microseconds"]);
  return { id: idOf(batching), idleMs: idle > 0 ? idle / 1000 : USUAL_IDLE_MS };
}

/** By the element type of the input that the model is told the id through, if it is. */
function idOf(batching: Readonly<Record<string, unknown>>): SequenceForm["id"] {
  const controls = records(batching["control_input"]).flatMap(({ control }) => records(control));
  const type = controls.find(({ kind }) => kind === "CONTROL_SEQUENCE_CORRID")?.["data_type"];
  return type === "TYPE_STRING" ? "text" : type === "TYPE_INT32" || type === "TYPE_UINT32" ? "number32" : "number";
}

function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
