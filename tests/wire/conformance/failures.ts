import { assertEquals, assertStringIncludes } from "@std/assert";
import type { FailureReason } from "../../../src/core/outcome.ts";
import { exchange, POST } from "../exchange.ts";
import { answering, type RawConnection, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

const head = "HTTP/1.1 200 OK\r\n";
const closing = `${head}connection: close\r\n`;
const chunk = "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
const says = (bytes: string) => async (connection: RawConnection) => {
  await connection.read();
  await connection.write(bytes);
};

const resets = (bytes: string) => async (connection: RawConnection) => {
  await connection.read();
  if (bytes !== "") await connection.write(bytes);
  connection.reset();
};

const FAILURES: readonly [FailureReason, string, (connection: RawConnection) => Promise<void>][] = [
  ["closed", "the peer closes before the answer", says("")],
  ["closed", "the peer closes inside the head", says(`${head}content-le`)],
  ["closed", "the peer closes inside a body of known length", says(`${head}content-length: 9\r\n\r\nabc`)],
  ["closed", "the peer closes inside a body that it said to end", says(`${closing}content-length: 9\r\n\r\nabc`)],
  ["closed", "the peer closes between chunks", says(head + chunk)],
  ["closed", "the peer closes between chunks of a last answer", says(closing + chunk)],
  ["reset", "the peer resets before the answer", resets("")],
  ["reset", "the peer resets inside the body", resets(`${head}content-length: 9\r\n\r\nabc`)],
  ["malformed", "the peer speaks another protocol", says("SSH-2.0-OpenSSH_9.6\r\n")],
  ["malformed", "the head is no HTTP", says("HTTP/1.1 abc\r\n\r\n")],
  ["malformed", "a chunk has no length", says(`${head}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n`)],
  ["malformed", "bytes come behind the body", says(`${head}content-length: 3\r\n\r\nabcdef`)],
  ["malformed", "bytes come behind the body of a last answer", says(`${closing}content-length: 3\r\n\r\nabcdef`)],
  ["malformed", "bytes come behind an empty body", says(`${head}content-length: 0\r\n\r\nabc`)],
  ["malformed", "bytes come behind the last chunk", says(`${head}${chunk}0\r\n\r\nabc`)],
  ["malformed", "bytes come behind an answer without a body", says("HTTP/1.1 204 None\r\n\r\nabc")],
  ["malformed", "a second answer comes", says(`${head}content-length: 1\r\n\r\na`.repeat(2))],
  ["malformed", "there are two content-lengths", says(`${head}${"content-length: 3\r\n".repeat(2)}\r\nabc`)],
  ["malformed", "the content-lengths differ", says(`${head}content-length: 3\r\ncontent-length: 4\r\n\r\nabc`)],
  ["malformed", "the content-length is a list", says(`${head}content-length: 3, 3\r\n\r\nabc`)],
  ["malformed", "the content-length is no number", says(`${head}content-length: -3\r\n\r\nabc`)],
  ["malformed", "the content-length is absurd", says(`${head}content-length: ${"9".repeat(30)}\r\n\r\nabc`)],
  ["malformed", "there is a content-length besides chunks", says(`${head}content-length: 3\r\n${chunk}0\r\n\r\n`)],
  ["malformed", "the transfer-encoding is another", says(`${head}transfer-encoding: gzip\r\n\r\nabc`)],
  ["malformed", "a field behind a content-length has no name", says(`${head}content-length: 3\r\n: x\r\n\r\nabc`)],
  ["malformed", "a field behind a content-length holds a NUL", says(`${head}content-length: 3\r\na: \0\r\n\r\nabc`)],
  ["malformed", "a field behind a content-length is folded", says(`${head}content-length: 3\r\na: b\r\n c\r\n\r\nabc`)],
  ["malformed", "a later chunk has no length", says(`${head}${chunk}zz\r\n`)],
  ["malformed", "a chunk is longer than it says", says(`${head}transfer-encoding: chunked\r\n\r\n3\r\nabcdef\r\n`)],
  ["malformed", "a trailer has no name", says(`${head}${chunk}0\r\n: x\r\n\r\n`)],
  ["malformed", "a trailer says how long the body is", says(`${head}${chunk}0\r\ncontent-length: 3\r\n\r\n`)],
  [
    "malformed",
    "the body is not what its coding says",
    says(`${head}content-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc`),
  ],
  ["malformed", "the coding is unknown", says(`${head}content-encoding: zip\r\ncontent-length: 3\r\n\r\nabc`)],
];

/** Each way in which an exchange can fail, told as what it is. */
export function failureCases({ open, test }: Subject): void {
  for (const [reason, when, script] of FAILURES) {
    test(`openTransport() tells "${reason}" when ${when}`, async () => {
      await using server = await startRawServer(script);
      await using transport = open(server.url);
      const lane = transport.openLane();
      const ended = await exchange(lane, POST);
      assertEquals(ended.reason, reason, ended.message);
      assertEquals(ended.told.at(-1), "failure");
      assertEquals(ended.told.length <= 2, true);
    });
  }

  test('openTransport() tells "refused" when nothing listens', async () => {
    const { url } = await (async () => {
      await using server = await startRawServer(answering(() => ""));
      return server;
    })();
    await using transport = open(url);
    const ended = await exchange(transport.openLane());
    assertEquals([ended.told, ended.reason], [["failure"], "refused"]);
    assertStringIncludes(ended.message, "ECONNREFUSED");
  });
}
