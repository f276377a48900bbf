import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { Target } from "../../src/core/target.ts";
import { requestOptionsOf, type RequestSettings } from "../../src/measure/request_options.ts";

function optionsOf(options: RequestSettings, { stateful = false, takesParameters = true } = {}) {
  const description = stateful ? { sequence: { id: "text", idleMs: 9 } } : {};
  const target = { model: "m", protocol: { name: "p", takesParameters }, description };
  return requestOptionsOf(target as unknown as Target, options);
}

function refusal(...args: Parameters<typeof optionsOf>): string {
  return assertThrows(() => optionsOf(...args), UsageError).message;
}

Deno.test("requestOptionsOf() gives a stateful model sequences, as its server or the user says", () => {
  assertEquals(optionsOf({}), {});
  assertEquals(optionsOf({ priority: 2, parameters: { a: "b" } }), { priority: 2, parameters: { a: "b" } });
  assertEquals(optionsOf({}, { stateful: true }), { sequence: { id: "text", idleMs: 9, length: 20 } });
  assertEquals(optionsOf({ sequence: true, sequenceLength: 3 }), {
    sequence: { id: "number", idleMs: null, length: 3 },
  });
});

Deno.test("requestOptionsOf() refuses what the protocol or the server has not, before anything is sent", () => {
  const plain = { takesParameters: false };
  assertEquals(
    refusal({}, { stateful: true, ...plain }),
    'Cannot measure "m" as stateful (sequence) models are not supported over p',
  );
  assertEquals(refusal({ sequence: true }, plain), refusal({}, { stateful: true, ...plain }));
  assertEquals(
    refusal({ parameters: { a: 1 } }, plain),
    'Cannot send "parameters" as requests must have parameters: those of p have none',
  );
  assertEquals(
    refusal({ sequenceLength: 3 }),
    'Cannot take "sequenceLength" as the model must be stateful: its server does not say so',
  );
});

Deno.test("requestOptionsOf() refuses parameters that it writes itself", () => {
  refusal({ parameters: { sequence_id: 1 } }, { stateful: true });
  refusal({ parameters: { priority: 1 }, priority: 1 });
  refusal({ parameters: { binary_data_output: false } });
  assertEquals(optionsOf({ parameters: { sequence_id: 1 } }), { parameters: { sequence_id: 1 } });
});
