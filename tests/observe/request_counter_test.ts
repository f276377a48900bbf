import { assertEquals, assertThrows } from "@std/assert";
import { RequestCounter } from "../../src/observe/request_counter.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const HEAD = "POST /m/infer HTTP/1.1\r\nhost: x\r\n";
const STREAMS: Readonly<Record<string, readonly [stream: string, requests: number]>> = {
  "a body of a length": [`${HEAD}Content-Length: 5\r\n\r\nab\r\nc`, 1],
  "no body": [`GET / HTTP/1.1\r\nhost: x\r\n\r\n`, 1],
  "an empty body": [`${HEAD}content-length: 0\r\n\r\n`, 1],
  "chunks": [`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n`, 1],
  "chunks and trailers": [`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\na: b\r\nc: d\r\n\r\n`, 1],
  "several": [`${HEAD}content-length: 4\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n${HEAD}content-length: 1\r\n\r\nz`, 3],
  "a body that goes on": [`${HEAD}content-length: 5\r\n\r\nabcd`, 0],
};

for (const [what, [stream, requests]] of Object.entries(STREAMS)) {
  Deno.test(`RequestCounter counts ${what}, wherever the stream is cut`, () => {
    const whole = bytes(stream);
    assertEquals(new RequestCounter().take(whole), requests);
    const byByte = new RequestCounter();
    assertEquals(whole.reduce((sum, byte) => sum + byByte.take(Uint8Array.of(byte)), 0), requests);
    for (let cut = 0; cut <= whole.length; cut++) {
      const counter = new RequestCounter();
      assertEquals(counter.take(whole.subarray(0, cut)) + counter.take(whole.subarray(cut)), requests, `at ${cut}`);
    }
  });
}

Deno.test("RequestCounter gives up a head without an end", () => {
  assertThrows(() => new RequestCounter().take(bytes("x".repeat(100_000))), RangeError, "must have an end");
});
