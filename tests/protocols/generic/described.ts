import type { ModelInput } from "../../../src/core/model_input.ts";
import type { Protocol } from "../../../src/core/protocol.ts";
import type { WireBody } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { genericProtocol } from "../../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../../src/protocols/generic/spec.ts";

/** A server by the description of its request for predictions. */
export async function generic(predict: object, more: object = {}): Promise<Protocol> {
  const description = { predict: { path: "/p", ...predict }, ...more };
  const spec = await parseGenericSpec(description, "server.json", () => Promise.reject());
  return await genericProtocol(spec).bind(() => Promise.reject(new Error("nothing is asked")));
}

/** An item that is sent as bytes. */
export function image(...bytes: number[]): ModelInput {
  return { kind: "bytes", bytes: Uint8Array.from(bytes), contentType: "image/png" };
}

/** A body as text. */
export function textOf(body: WireBody | null): string {
  return new TextDecoder().decode(wholeBody(body));
}
