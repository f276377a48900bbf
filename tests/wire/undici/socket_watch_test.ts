import { assertEquals } from "@std/assert";
import { Socket } from "node:net";
import { SocketWatch } from "../../../src/wire/undici/socket_watch.ts";

Deno.test("a connection that is reset with the end of an answer brings nothing behind it, one of which the parser complains does", () => {
  const error = (name: string, message: string, code?: string) => Object.assign(new Error(message), { name, code });
  const rows = [
    [error("Error", "read ECONNRESET", "ECONNRESET"), false],
    [error("SocketError", "other side closed", "UND_ERR_SOCKET"), false],
    [error("InformationalError", "reset", "UND_ERR_INFO"), false],
    [error("SocketError", "bad response", "UND_ERR_SOCKET"), true],
    [error("HTTPParserError", "Response does not match the HTTP/1.1 protocol (Expected HTTP/)"), true],
  ] as const;
  for (const [errored, hasSurplus] of rows) {
    const socket = new Socket(), watch = new SocketWatch();
    watch.watch(socket, () => {});
    assertEquals(watch.hasSurplus, false);
    Object.defineProperty(socket, "errored", { value: errored });
    assertEquals(watch.hasSurplus, hasSurplus, errored.message);
    socket.destroy();
  }
});
