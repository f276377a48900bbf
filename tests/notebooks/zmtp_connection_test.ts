import { assertEquals, assertRejects } from "@std/assert";
import { concatenate } from "../../src/core/concatenate.ts";
import { connectZmtp } from "../../src/notebook/zmtp_connection.ts";

const bytes = (...parts: readonly (string | number)[]) =>
  concatenate(
    parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : Uint8Array.of(part)),
  );

/** What libzmq 4.3 sends first, as a capture of it shows: signature, version 3.1, NULL. */
const GREETING = concatenate([bytes(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, "NULL"), new Uint8Array(48)]);
const READY = bytes(4, 25, 5, "READY", 11, "Socket-Type", 0, 0, 0, 3, "PUB");

/** A peer that sends what it is told, in pieces of `size` bytes; resolves with all that it read. */
async function withPeer(
  sent: Uint8Array,
  size: number,
  body: (port: number) => Promise<void>,
): Promise<Uint8Array> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let received = new Uint8Array();
  const serve = async () => {
    using peer = await listener.accept();
    const read = async () => {
      const buffer = new Uint8Array(1 << 16);
      for (let n; (n = await peer.read(buffer).catch(() => null)) !== null;) {
        received = new Uint8Array([...received, ...buffer.subarray(0, n)]);
      }
    };
    const reading = read();
    for (let at = 0; at < sent.length; at += size) await peer.write(sent.subarray(at, at + size));
    await peer.closeWrite();
    await reading;
  };
  const serving = serve();
  await body(listener.addr.port);
  await serving;
  return received;
}

Deno.test("connectZmtp() greets, tells its socket type and subscribes to everything", async () => {
  const received = await withPeer(concatenate([GREETING, READY]), 1000, async (port) => {
    const connection = await connectZmtp(port, "SUB");
    assertEquals(await connection.receive(), null);
    connection.close();
  });
  const [greeting, rest] = [received.subarray(0, 64), received.subarray(64)];
  assertEquals([greeting[0], greeting[9], greeting[10]], [0xff, 0x7f, 3]);
  assertEquals(new TextDecoder().decode(greeting.subarray(12, 16)), "NULL");
  assertEquals(
    rest,
    bytes(4, 38, 5, "READY", 11, "Socket-Type", 0, 0, 0, 3, "SUB", 8, "Identity", 0, 0, 0, 0, 0, 1, 1),
  );
});

Deno.test("receive() joins frames of any length from pieces of any size, and skips commands", async () => {
  const long = new Uint8Array(300).fill(7);
  const stream = concatenate([
    GREETING,
    READY,
    bytes(1, 2, "ab", 0, 0), // two frames, the second one empty
    bytes(4, 5, 4, "PING"), // a command between messages
    concatenate([bytes(2, 0, 0, 0, 0, 0, 0, 1, 44), long]), // 8 bytes of length
    bytes(0, 5, "cut"), // the peer ends within a frame
  ]);
  for (const size of [1, 7, 10_000]) {
    await withPeer(stream, size, async (port) => {
      const connection = await connectZmtp(port, "DEALER");
      assertEquals(await connection.receive(), [bytes("ab"), bytes()], `pieces of ${size}`);
      assertEquals(await connection.receive(), [long]);
      assertEquals(await connection.receive(), null);
      connection.close();
    });
  }
});

Deno.test("send() marks every frame but the last as followed by more, and long ones as long", async () => {
  const received = await withPeer(concatenate([GREETING, READY]), 1000, async (port) => {
    const connection = await connectZmtp(port, "DEALER");
    await connection.send([bytes("a"), new Uint8Array(256), bytes("b")]);
    await connection.receive();
    connection.close();
  });
  const sent = received.subarray(64 + 2 + 41); // behind the greeting and READY
  assertEquals(sent.subarray(0, 12), bytes(1, 1, "a", 3, 0, 0, 0, 0, 0, 0, 1, 0));
  assertEquals(sent.subarray(12 + 256), bytes(0, 1, "b"));
});

Deno.test("connectZmtp() refuses a peer that speaks something else", async () => {
  for (const other of [bytes("HTTP/1.1 400 Bad Request\r\n\r\n"), new Uint8Array(64), bytes()]) {
    await withPeer(other, 1000, async (port) => {
      const error = await assertRejects(() => connectZmtp(port, "SUB"), TypeError);
      assertEquals(error.message, `Cannot talk to port ${port} as it must speak ZMTP 3: found something else`);
    });
  }
});

Deno.test("connectZmtp() says so when nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  await assertRejects(() => connectZmtp(listener.addr.port, "SUB"), Deno.errors.ConnectionRefused);
});
