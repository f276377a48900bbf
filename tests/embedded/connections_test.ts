import { assert, assertEquals } from "@std/assert";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { Connections, roomForConnections } from "../../src/embedded/connections.ts";

class FakeSocket extends EventEmitter {
  isClosed = false;
  destroy(): void {
    this.isClosed = true;
    this.emit("close");
  }
}

function opened(connections: Connections, count: number) {
  return Array.from({ length: count }, () => {
    const socket = new FakeSocket();
    connections.add(socket as unknown as Socket);
    return socket;
  });
}

Deno.test("Connections closes the one that it has waited for longest, and says so once", () => {
  const lines: string[] = [];
  const connections = new Connections(3, (line) => lines.push(line));
  const [a, b, c] = opened(connections, 3) as [FakeSocket, FakeSocket, FakeSocket];
  connections.serves(a as unknown as Socket); // its request came whole
  const [d, e] = opened(connections, 2) as [FakeSocket, FakeSocket];
  assertEquals([a, b, c, d, e].map(({ isClosed }) => isClosed), [false, true, true, false, false]);
  assertEquals(lines, ["More than 3 connections: those that have sent no whole request for longest are closed."]);
  connections.waits(a as unknown as Socket);
  opened(connections, 1);
  assertEquals([a, d, e].map(({ isClosed }) => isClosed), [false, true, false]);
});

Deno.test("Connections lets nobody in while all are being served, and lets those in that come after one has gone", () => {
  const connections = new Connections(2, () => {});
  const served = opened(connections, 2);
  for (const socket of served) connections.serves(socket as unknown as Socket);
  assertEquals(opened(connections, 1)[0]!.isClosed, true);
  served[0]!.destroy();
  assertEquals(opened(connections, 1)[0]!.isClosed, false);
  connections.closeWaiting();
  assertEquals(served[1]!.isClosed, false);
});

Deno.test("roomForConnections() leaves files for others, and holds none itself", () => {
  const room = roomForConnections(new URL(import.meta.url));
  assert(room >= 1 && room <= 5000, String(room));
  assertEquals(roomForConnections(new URL(import.meta.url)), room);
  assertEquals(roomForConnections(null), 614);
});
