import { assertEquals } from "@std/assert";
import type { Call, WireRequest } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { verifyAbsent } from "../../../src/protocols/torch_inference/autoscaler.ts";

Deno.test("verifyAbsent() asks otherwise each time, so that no kept answer of a loaded model stands for a present one", async () => {
  const kept = new Map<string, string>();
  let isLoaded = true;
  const answer = ({ path, body }: WireRequest): { status: number; value: unknown } => {
    if (path === "/models") return { status: 200, value: { models: ["m"] } };
    const text = new TextDecoder().decode(wholeBody(body));
    const said = kept.get(text);
    if (said !== undefined) return { status: 200, value: JSON.parse(said) };
    if (!isLoaded) return { status: 503, value: { detail: "not loaded" } };
    const value = { success: true, result: [1], model_info: { model: "m" } };
    kept.set(text, JSON.stringify(value));
    return { status: 200, value };
  };
  const call: Call = (request) => {
    const { status, value } = answer(request);
    const body = new TextEncoder().encode(JSON.stringify(value));
    return Promise.resolve({ status, headers: { "content-type": "application/json" }, body });
  };
  assertEquals((await verifyAbsent(call, "m")).absent, false);
  isLoaded = false;
  assertEquals((await verifyAbsent(call, "m")).absent, true);
});
