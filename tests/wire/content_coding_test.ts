import { assertEquals, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { decodeContent } from "../../src/wire/content_coding.ts";

Deno.test("decodeContent() unpacks no bomb: a body of a few KB that becomes 64 MiB", () => {
  const bomb = gzipSync(new Uint8Array(64 * 2 ** 20));
  assertThrows(() => decodeContent(bomb, "gzip", 2 ** 30), Error, "it unpacks to more than 4194304 bytes");
  assertThrows(
    () => decodeContent(gzipSync(bomb), "gzip, gzip", 2 ** 30),
    Error,
    "it unpacks to more than 4194304 bytes",
  );
  assertEquals(decodeContent(gzipSync(new Uint8Array(2 ** 20)), "gzip", 2 ** 30).length, 2 ** 20);
});
