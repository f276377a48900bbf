import { assertEquals } from "@std/assert";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { writeStep } from "../../../src/core/request/sequence.ts";
import { createEncoder } from "../../../src/protocols/kserve_v2/encode.ts";
import { descriptionOf, parseMetadata } from "../../../src/protocols/kserve_v2/metadata.ts";
import { sequenceForm } from "../../../src/protocols/kserve_v2/sequence_form.ts";

const controlled = (type: string) => ({
  sequence_batching: {
    max_sequence_idle_microseconds: "5000000",
    control_input: [
      { name: "START", control: [{ kind: "CONTROL_SEQUENCE_START", int32_false_true: [0, 1] }] },
      { name: "CORRID", control: [{ kind: "CONTROL_SEQUENCE_CORRID", data_type: type }] },
    ],
  },
});

Deno.test("sequenceForm() names sequences by what the model is told of them", () => {
  assertEquals(sequenceForm(controlled("TYPE_UINT64")), { id: "number", idleMs: 5000 });
  assertEquals(sequenceForm(controlled("TYPE_INT32")), { id: "number32", idleMs: 5000 });
  assertEquals(sequenceForm(controlled("TYPE_STRING")), { id: "text", idleMs: 5000 });
  assertEquals(sequenceForm({ sequence_batching: { control_input: "odd", oldest: {} } }), {
    id: "number",
    idleMs: 1000,
  });
  assertEquals(sequenceForm({ sequence_batching: { iterative_sequence: true } }), null);
  assertEquals(sequenceForm({ sequence_batching: null }), null);
});

Deno.test("a stateful model takes one item in a request, also where its inputs are unknown", () => {
  const config = { ...controlled("TYPE_STRING"), max_batch_size: 4 };
  const inputs = [{ name: "x", datatype: "FP32", shape: [-1, 1] }];
  const known = parseMetadata("m", { metadata: { inputs, outputs: [] }, config });
  const { maxBatchSize, sequence } = descriptionOf(known);
  assertEquals([known.batched, maxBatchSize, sequence?.id], [true, 1, "text"]);
});

Deno.test("createEncoder() puts the step of a sequence before all else, in JSON and before raw tensors", () => {
  const item = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [2], data: [1, 2] }] } as const;
  const sequence = { id: "number", idleMs: null, length: 20 } as const;
  const parameters = { a: 1, text: "2", big: 18446744073709551615n };
  for (const binary of [false, true]) {
    const { body, headers, sequence: places } = createEncoder("m", { batched: true }, binary)
      .encode([item], { sequence, parameters, priority: 3 });
    const bytes = wholeBody(body);
    writeStep(bytes, places!, { id: 1234567890123456, start: true, end: false });
    const text = new TextDecoder().decode(binary ? bytes.subarray(0, Number(headers[3])) : bytes);
    assertEquals(text.includes('"big":18446744073709551615'), true);
    const { big: _, ...written } = JSON.parse(text).parameters;
    assertEquals(written, {
      sequence_id: 1234567890123456,
      sequence_start: true,
      sequence_end: false,
      a: 1,
      text: "2",
      priority: 3,
      ...(binary && { binary_data_output: true }),
    });
  }
});
