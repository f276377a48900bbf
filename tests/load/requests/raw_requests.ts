import type { InputSpec } from "../../../src/core/model_input.ts";
import type { EncodedRequest, Protocol } from "../../../src/core/protocol.ts";
import { BodyParts } from "../../../src/items/body_parts.ts";
import { encodedItem } from "../../../src/items/encoded_item.ts";
import { RunRequests, type RunRequestsOptions } from "../../../src/load/requests/run_requests.ts";

const RAW = { kind: "tensors", raw: true, inputs: null } as const;

/** Raw tensors, one item behind the other. */
export const protocol: Pick<Protocol, "encode" | "itemForm"> = {
  itemForm: () => RAW,
  encode(_model, items): EncodedRequest {
    const body = new BodyParts().text(`${items.length} items: `);
    for (const [i, item] of items.entries()) for (const tensor of encodedItem(RAW, item)) body.bytes(tensor, i);
    return { method: "POST", path: "/", headers: ["content-type", "a"], ...body.encoded() };
  },
};

/** Images of one channel. */
export const image = (side: number): InputSpec => ({
  kind: "tensors",
  tensors: [{ name: "x", datatype: "FP32", shape: [side, side] }],
});

/** Requests of a run that sends raw tensors. */
export const requestsOf = (spec: InputSpec, more: Partial<RunRequestsOptions> = {}): RunRequests =>
  new RunRequests({ protocol, model: "m", spec, seed: 1, ...more });
