import { assert, assertEquals } from "@std/assert";
import { setImmediate } from "node:timers";
import { concatenate } from "../../../src/core/concatenate.ts";
import { Connection } from "../../../src/wire/http1/connection.ts";
import { OutgoingPool } from "../../../src/wire/http1/outgoing.ts";

const HEAD = new TextEncoder().encode("POST / HTTP/1.1\r\n\r\n");

/** A socket to a server that takes all at once and says nothing. */
function greedySocket() {
  const writes: number[] = [], written: Uint8Array[] = [];
  const closed = Promise.withResolvers<null>();
  const socket = {
    write(bytes: Uint8Array) {
      writes.push(bytes.length);
      written.push(bytes);
      return Promise.resolve(bytes.length);
    },
    read: () => closed.promise,
    close: () => closed.resolve(null),
    ref() {},
    unref() {},
  } as unknown as Deno.Conn;
  return { socket, writes, written };
}

async function send(
  body: readonly Uint8Array<ArrayBuffer>[],
  pool = new OutgoingPool(),
): Promise<{ writes: number[]; turns: number }> {
  const { socket, writes } = greedySocket();
  const written = Promise.withResolvers<void>();
  const owner = { onBytes() {}, roomForBytes: () => null, onEnd() {}, onSending() {}, onWritten: written.resolve };
  const connection = new Connection(socket, owner, pool);
  let turns = 0, isOver = false;
  const turn = () => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  connection.send(HEAD, { body }, body.reduce((sum, part) => sum + part.length, 0));
  await written.promise;
  isOver = true;
  const seen = turns;
  connection.drop();
  await connection.closed;
  await new Promise<void>((resolve) => setImmediate(resolve));
  return { writes, turns: seen };
}

const parts = (count: number, bytes: number) => Array.from({ length: count }, () => new Uint8Array(bytes));

Deno.test("a request of up to 1 MiB goes out by one write, whatever its parts", async () => {
  assertEquals((await send(parts(1, 602_112))).writes, [HEAD.length + 602_112]);
  assertEquals((await send(parts(100, 10_000))).writes, [HEAD.length + 1_000_000]);
});

Deno.test("of a larger one small parts go out with the head, and large ones as they are", async () => {
  const [json, image] = [new Uint8Array(200), new Uint8Array(602_112)];
  assertEquals((await send([json, image, image, json, json])).writes, [HEAD.length + 200, 602_112, 602_112, 400]);
});

Deno.test("a body with room for the head in front of it goes out with it by one write, and nothing is copied", () => {
  const memory = new Uint8Array(200_000).fill(7), headRoom = 64, body = memory.subarray(headRoom);
  const owner = { onBytes() {}, roomForBytes: () => null, onEnd() {}, onSending() {}, onWritten() {} };
  const sent = (head: Uint8Array) => {
    const { socket, written } = greedySocket();
    const connection = new Connection(socket, owner, new OutgoingPool());
    connection.send(head, { body, headRoom }, body.length);
    connection.drop();
    return written[0]!;
  };
  for (const head of [HEAD, new Uint8Array(headRoom).fill(1)]) {
    const written = sent(head);
    assert(written.buffer === memory.buffer);
    assertEquals(written, concatenate([head, body]));
  }
  const tooLong = new Uint8Array(headRoom + 1).fill(2), written = sent(tooLong);
  assert(written.buffer !== memory.buffer);
  assertEquals(written, concatenate([tooLong, body]));
});

Deno.test("the event loop turns while a large request is written, whatever the size of its parts", async () => {
  for (const body of [parts(64, 602_112), parts(1, 64 * 602_112)]) {
    const { turns } = await send(body);
    // Nine times 4 MiB.
    assert(turns >= 8, `${turns} turns`);
  }
});

Deno.test("no more than 64 MiB of requests are put together at one time, and what was written or given up is none of it", async () => {
  const pool = new OutgoingPool(), image = [new Uint8Array(602_112)], whole = [HEAD.length + 602_112];
  for (let i = 0; i < 200; i++) assertEquals((await send(image, pool)).writes, whole, "each is released");
  assert(pool.reserve(64 * 2 ** 20));
  assertEquals((await send(image, pool)).writes, [HEAD.length, 602_112]);
  pool.release(64 * 2 ** 20);
  const stuck = { ...greedySocket().socket, write: () => new Promise<number>(() => {}) } as unknown as Deno.Conn;
  const owner = { onBytes() {}, roomForBytes: () => null, onEnd() {}, onSending() {}, onWritten() {} };
  const connection = new Connection(stuck, owner, pool);
  connection.send(HEAD, { body: image }, 602_112);
  assertEquals(pool.reserve(64 * 2 ** 20), false);
  connection.drop();
  assert(pool.reserve(64 * 2 ** 20));
});
