import { assertEquals, assertThrows } from "@std/assert";
import { AnswerBudget, AnswerTooLarge, bytesHeld, SEGMENT_BYTES } from "../../../src/wire/answer_budget.ts";
import { BytePool } from "../../../src/wire/body/byte_pool.ts";
import { IncomingBody } from "../../../src/wire/body/incoming_body.ts";

const newBody = (bytes: number, threads = 1) => new IncomingBody(new AnswerBudget({ bytes, threads }), new BytePool());
const pattern = (size: number) => new Uint8Array(size).map((_, i) => (i * 7 + size) % 251);

Deno.test("AnswerBudget takes four of the largest answers at once, which threads divide among them, and one in each thread at least", () => {
  const sizes = [1, 2, 8].map((threads) => new AnswerBudget({ bytes: 1000, threads }));
  assertEquals(sizes.map(({ answerBytes, allBytes }) => [answerBytes, allBytes]), [[1000, 4000], [1000, 2000], [
    1000,
    1000,
  ]]);
});

Deno.test("IncomingBody gives each body whole, whatever its size and its pieces, and holds nothing afterwards", () => {
  const body = newBody(2 ** 24);
  for (const size of [0, 1, 5000, 65_536, 65_537, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3_500_000]) {
    const sent = pattern(size);
    for (const piece of [1000, 65_536, 2_000_000]) {
      for (const [lends, isKnown] of [[true, true], [true, false], [false, true], [false, false]] as const) {
        body.begin(true, lends);
        if (isKnown) body.expect(size);
        for (let at = 0; at < size; at += piece) body.add(sent, at, Math.min(size, at + piece));
        const whole = body.end();
        assertEquals([whole.length, whole.every((byte, i) => byte === sent[i])], [size, true], `${size} by ${piece}`);
        assertEquals(bytesHeld(), 0);
      }
    }
  }
});

Deno.test("IncomingBody takes what was read to its place, up to the end of a piece of memory", () => {
  const body = newBody(2 ** 24), sent = pattern(2_500_000);
  body.begin(true, true);
  body.expect(sent.length);
  for (let at = 0; at < sent.length;) {
    const rest = body.rest!;
    const read = Math.min(rest.length, 700_000);
    rest.set(sent.subarray(at, at + read));
    body.add(rest, 0, read);
    at += read;
  }
  const whole = body.end();
  assertEquals(whole.length, sent.length);
  assertEquals(whole.every((byte, i) => byte === sent[i]), true);
});

Deno.test("IncomingBody gives no memory to others that is still being read to", () => {
  const body = newBody(2 ** 24), other = newBody(2 ** 24);
  body.begin(true, true);
  body.expect(500_000);
  const read = body.rest!;
  body.drop();
  other.begin(true, true);
  other.expect(500_000);
  assertEquals(other.rest!.buffer === read.buffer, false);
  other.drop();
});

Deno.test("IncomingBody counts bytes as they come, not as they are announced, and gives all back that broke the budget", () => {
  const bodies = Array.from({ length: 40 }, () => newBody(1_000_000));
  for (const body of bodies) {
    body.begin(true, true);
    body.expect(1_000_000);
    body.add(new Uint8Array(100_000), 0, 100_000);
  }
  assertEquals(bytesHeld(), 4_000_000);
  assertThrows(() => bodies[0]!.add(new Uint8Array(1), 0, 1), AnswerTooLarge, "4000000 bytes together: maxResponse");
  bodies[0]!.drop();
  assertEquals(bytesHeld(), 3_900_000);
  bodies[1]!.add(new Uint8Array(1), 0, 1);
  for (const body of bodies) body.drop();
  assertEquals(bytesHeld(), 0);
  assertThrows(() => bodies[0]!.expect(1_000_001), AnswerTooLarge, "1000000 bytes: maxResponse");
});
