import { httpAnswer, type RawConnection } from "../../wire/raw_server.ts";
import type { FailureReason } from "../../../src/core/outcome.ts";

/** One way in which the proxy spoils an answer. */
export interface Injection {
  readonly name: string;
  /** As what the client must count it. */
  readonly reason: FailureReason;
  /**
   * Sends something in place of the whole answer.
   *
   * @returns Whether the client was there to see it; where it is to wait in vain, false once it has gone.
   */
  spoil(connection: RawConnection, answer: Uint8Array): Promise<boolean>;
}

const TEXT = new TextEncoder();

/**
 * All of them. Each begins an answer, or never says a word: a connection that goes before its answer begins may have been
 * closed while it was idle, and the client asks again.
 */
export const INJECTIONS: readonly Injection[] = [
  {
    name: "reset in the head",
    reason: "reset",
    spoil: (connection) => resetBehind(connection, TEXT.encode("HTTP/1.1 2")),
  },
  {
    name: "reset in the body",
    reason: "reset",
    spoil: (connection, answer) => resetBehind(connection, answer.subarray(0, -1)),
  },
  {
    name: "closed in the body",
    reason: "closed",
    spoil: (connection, answer) => closeBehind(connection, answer.subarray(0, -1)),
  },
  { name: "silence", reason: "timeout", spoil: ({ closed }) => closed.then(() => false) },
  {
    name: "silence in the body",
    reason: "timeout",
    async spoil(connection, answer) {
      await connection.write(answer.subarray(0, -1));
      await connection.closed;
      return false;
    },
  },
  {
    name: "garbage",
    reason: "malformed",
    spoil: (connection) => closeBehind(connection, TEXT.encode("\x16\x03\x01\r\n\r\n")),
  },
  {
    name: "half of the JSON",
    reason: "malformed",
    spoil: (connection) => connection.write(httpAnswer('{"success":tr')),
  },
  {
    name: "503",
    reason: "status",
    spoil: (connection) => connection.write(httpAnswer('{"detail":"overloaded"}', 503)),
  },
];

async function closeBehind(connection: RawConnection, bytes: Uint8Array): Promise<boolean> {
  const isSent = await connection.write(bytes);
  connection.close();
  return isSent;
}

async function resetBehind(connection: RawConnection, bytes: Uint8Array): Promise<boolean> {
  const isSent = await connection.write(bytes);
  // A reset overtakes bytes that the client has not read.
  await new Promise((resolve) => setTimeout(resolve, 50));
  connection.reset();
  return isSent;
}
