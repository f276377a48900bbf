import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { wholeBody } from "../../src/core/wire_body.ts";
import type { Datatype, InputSpec, TensorSpec } from "../../src/core/model_input.ts";
import type { Protocol } from "../../src/core/protocol.ts";
import type { WireRequest } from "../../src/core/transport.ts";
import { ofBfloat16Bits } from "../../src/items/exact/bfloat16.ts";
import { ARRAY_TYPES, isFloat, type Numeric } from "../../src/items/number_arrays.ts";
import { RunRequests } from "../../src/load/requests/run_requests.ts";
import { genericProtocol } from "../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../src/protocols/generic/spec.ts";
import { createEncoder, JSON_LENGTH_HEADER } from "../../src/protocols/kserve_v2/encode.ts";
import { JSON_ITEMS } from "../../src/protocols/shared/json_form.ts";
import { encodePrediction } from "../../src/protocols/torch_inference/encode.ts";
import { encodePrediction as encodeForTorchServe } from "../../src/protocols/torchserve/encode.ts";

type Sender = Pick<Protocol, "encode" | "itemForm">;

/** A way to send tensors, and how a server reads the values of the first item of each input from it. */
interface Subject {
  readonly name: string;
  readonly protocol: (inputs: readonly TensorSpec[]) => Sender;
  readonly read: (request: WireRequest, inputs: readonly TensorSpec[], batchSize: number) => unknown[][];
  readonly mostItems?: number;
}

const elementsOf = ({ shape }: TensorSpec) => shape.reduce((product, size) => product * size, 1);
const jsonOf = ({ body }: WireRequest) => JSON.parse(new TextDecoder().decode(wholeBody(body)));

/** The values of an item that is one nested list, or an object of them. */
function itemValues(item: unknown, inputs: readonly TensorSpec[]): unknown[][] {
  const lists = inputs.length === 1 ? [item] : inputs.map(({ name }) => (item as Record<string, unknown>)[name]);
  return lists.map((list) => [list].flat(Infinity));
}

function readBinary({ headers, body }: WireRequest, inputs: readonly TensorSpec[], batchSize: number): unknown[][] {
  const bytes = wholeBody(body);
  let at = Number(headers[headers.indexOf(JSON_LENGTH_HEADER) + 1]);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, at)));
  return inputs.map((input, i) => {
    const size = head.inputs[i].parameters.binary_data_size as number;
    const raw = bytes.slice(at, at += size);
    if (input.datatype !== "BYTES") {
      const values = new ARRAY_TYPES[input.datatype](raw.buffer, 0, batchSize * elementsOf(input));
      assertEquals(values.byteLength, size);
      const numbers = Array.from(values as Float64Array).slice(0, elementsOf(input));
      return input.datatype === "BF16" ? numbers.map(ofBfloat16Bits) : numbers;
    }
    const texts: string[] = [];
    for (let from = 0; from < size;) {
      const length = new DataView(raw.buffer).getUint32(from, true);
      texts.push(new TextDecoder().decode(raw.subarray(from + 4, from += 4 + length)));
    }
    assertEquals(texts.length, batchSize * elementsOf(input));
    return texts.slice(0, elementsOf(input));
  });
}

const kserve = (binary: boolean) => (inputs: readonly TensorSpec[]): Sender => {
  const metadata = { name: "m", batched: true, countsRows: true, inputs, outputs: ["y"], maxBatchSize: null };
  const { encode, form } = createEncoder("m", metadata, binary);
  return { encode: (_model, items, options) => encode(items, options), itemForm: () => form };
};
const templates = {
  json: { predict: { path: "/", bodyTemplate: { a: "{{input}}", b: "{{inputs}}" } } },
  plain: { predict: { path: "/" } },
};
const generic = {
  json: await genericProtocol(await parseGenericSpec(templates.json, "", () => Promise.reject())).bind(() =>
    Promise.reject()
  ),
  plain: await genericProtocol(await parseGenericSpec(templates.plain, "", () => Promise.reject())).bind(() =>
    Promise.reject()
  ),
};

const SUBJECTS: readonly Subject[] = [
  {
    name: "torch-inference",
    protocol: () => ({
      encode: (model, items, options) => encodePrediction(model, items, "wrapped", options),
      itemForm: () => JSON_ITEMS,
    }),
    read: (request, inputs) => itemValues(jsonOf(request).inputs[0], inputs),
  },
  {
    name: "kserve-v2 with JSON",
    protocol: kserve(false),
    read: (request, inputs, batchSize) =>
      inputs.map((input, i) => {
        const { data, shape } = jsonOf(request).inputs[i];
        assertEquals([data.length, shape], [batchSize * elementsOf(input), [batchSize, ...input.shape]]);
        return data.slice(0, elementsOf(input));
      }),
  },
  { name: "kserve-v2 with raw tensors", protocol: kserve(true), read: readBinary },
  {
    name: "torchserve",
    protocol: () => ({ encode: encodeForTorchServe, itemForm: () => JSON_ITEMS }),
    read: (request, inputs) => itemValues(jsonOf(request), inputs),
    mostItems: 1,
  },
  {
    name: "generic by a template",
    protocol: () => generic.json,
    read: (request, inputs) => itemValues(jsonOf(request).a, inputs),
  },
  {
    name: "generic without a template",
    protocol: () => generic.plain,
    read: (request, inputs) => itemValues(jsonOf(request), inputs),
    mostItems: 1,
  },
];

function isValid(value: unknown, datatype: Datatype): boolean {
  if (datatype === "BYTES") return typeof value === "string" && /^(\w+ ){7}\w+$/.test(value);
  if (datatype === "BOOL") return typeof value === "boolean" || value === 0 || value === 1;
  const number = Number(value);
  return isFloat(datatype) ? number >= 0 && number < 1 : Number.isInteger(number) && number >= 0 && number < 100;
}

const input = fc.record({
  datatype: fc.constantFrom<Datatype>("BYTES", ...Object.keys(ARRAY_TYPES) as Numeric[]),
  shape: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
});
const inputs = fc.array(input, { minLength: 1, maxLength: 3 }).map((inputs): readonly TensorSpec[] =>
  inputs.map(({ datatype, shape }, i) => ({ name: `é${i}`, datatype, shape }))
);

for (const { name, protocol, read, mostItems = 5 } of SUBJECTS) {
  Deno.test(`${name}: every request of a run holds valid inputs and differs from the others`, () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: mostItems }), fc.nat(100), (tensors, batchSize, seed) => {
        const spec: InputSpec = { kind: "tensors", tensors };
        const requests = new RunRequests({ protocol: protocol(tensors), model: "m", spec, seed });
        requests.prepare([batchSize]);
        const pool = requests.pool(batchSize);
        const seen = new Set<string>();
        const count = Math.min(120, pool.different);
        for (let i = 0; i < count; i++) {
          const request = pool.next();
          const values = read(request, tensors, batchSize);
          for (const [i, input] of tensors.entries()) {
            assertEquals(values[i]!.length, elementsOf(input));
            for (const value of values[i]!) assert(isValid(value, input.datatype), `${value} as ${input.datatype}`);
          }
          seen.add(wholeBody(request.body).toBase64());
          pool.release(request);
        }
        if (pool.different > 32) assert(seen.size > 0.9 * count, `${seen.size} of ${count}`);
        if (pool.different > 200) assertEquals(seen.size, count);
      }),
      { numRuns: 60 },
    );
  });

  Deno.test(`${name}: 10,000 requests in a row all differ`, () => {
    const tensors: TensorSpec[] = [{ name: "x", datatype: "FP32", shape: [3, 4] }];
    const requests = new RunRequests({
      protocol: protocol(tensors),
      model: "m",
      spec: { kind: "tensors", tensors },
      seed: 1,
    });
    requests.prepare([1]);
    const pool = requests.pool(1);
    const seen = new Set<string>();
    for (let i = 0; i < 10_000; i++) {
      const request = pool.next();
      seen.add(wholeBody(request.body).toBase64());
      pool.release(request);
    }
    assertEquals(seen.size, 10_000);
  });

  Deno.test(`${name}: texts differ in their last words or in a number behind what was given`, () => {
    const textInputs: TensorSpec[] = [{ name: "x", datatype: "BYTES", shape: [1] }];
    const given: InputSpec = { kind: "samples", samples: [{ kind: "text", text: 'é "quoted"' }] };
    for (const spec of [{ kind: "text", words: 12 } as const, given]) {
      const requests = new RunRequests({ protocol: protocol(textInputs), model: "m", spec, seed: 1 });
      requests.prepare([1]);
      const pool = requests.pool(1);
      const bodies = Array.from({ length: 1000 }, () => new TextDecoder().decode(wholeBody(pool.next().body)));
      assertEquals(new Set(bodies).size, 1000);
      if (spec === given) assert(bodies.every((body) => / \d{8}/.test(body) && body.includes("é ")), bodies[7]);
    }
  });
}
