import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { decodeMessage, encodeRequest } from "../../src/notebook/jupyter_message.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

Deno.test("encodeRequest() signs what it says, as the kernel's own decoder reads it", () => {
  const { id, frames } = encodeRequest("execute_request", { code: "1 < 2 && 'ü'" }, "key", "session");
  assertEquals(decode(frames[0]), "<IDS|MSG>");
  assertMatch(decode(frames[1]), /^[0-9a-f]{64}$/);
  const message = decodeMessage([encode("routing"), ...frames], "key");
  assertEquals(message.header.msg_id, id);
  assertEquals(message.header.msg_type, "execute_request");
  assertEquals(message.content, { code: "1 < 2 && 'ü'" });
});

Deno.test("decodeMessage() agrees with the signature that openssl gives", () => {
  // printf '{}{}{}{}' | openssl dgst -sha256 -hmac key
  const signature = "ca767b02c5bc061ed184a9a029e7f93a7f2f7ed4e8fe74120fc1212f0b008fa3";
  const frames = ["<IDS|MSG>", signature, "{}", "{}", "{}", "{}"].map(encode);
  assertEquals(decodeMessage(frames, "key").content, {});
});

Deno.test("decodeMessage() refuses a message of another key, a changed one, and what is none", () => {
  const { frames } = encodeRequest("status", {}, "key", "session");
  const changed = [...frames.slice(0, 5), encode('{"changed":1}')];
  for (const [what, key] of [[frames, "other"], [changed, "key"]] as const) {
    assertThrows(() => decodeMessage(what, key), TypeError, "it must be signed by the kernel's key");
  }
  assertThrows(() => decodeMessage(frames.slice(1), "key"), TypeError, "found 5 frames");
  assertThrows(() => decodeMessage([], "key"), TypeError, "found 0 frames");
});
