import { assertEquals } from "@std/assert";
import { parseBody } from "../../../src/protocols/shared/server_answer.ts";

const utf8 = new TextEncoder();

Deno.test("parseBody() takes no JSON that is not UTF-8", () => {
  const around = (middle: readonly number[]) =>
    Uint8Array.from([...utf8.encode('["'), ...middle, ...utf8.encode('"]')]);
  assertEquals(parseBody(around([...utf8.encode("\ufffd é")])), ["\ufffd é"]);
  for (const wrong of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
    assertEquals(parseBody(around(wrong)), undefined);
  }
});
