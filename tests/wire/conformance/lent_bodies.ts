import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Lane, LaneObserver } from "../../../src/core/transport.ts";
import { GET } from "../exchange.ts";
import { startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

const FRAMINGS = ["length", "chunked", "gzip"] as const;
const SIZES = [0, 10, 3000, 40_000, 300_000, 2_000_000];

/** Bodies that are read inside `onResponse` alone, which a transport need not copy. */
export function lentBodyCases({ open, test }: Subject): void {
  test("openTransport() shows who borrows bodies each of them whole, whatever came before it", async () => {
    await using server = await startRawServer(async (connection) => {
      for (let request = await connection.read(); request !== null; request = await connection.read()) {
        const [framing, size] = request.path.slice(1).split("/");
        const body = framing === "gzip" ? gzipSync(bodyOf(Number(size))) : bodyOf(Number(size));
        const coding = framing === "gzip" ? "content-encoding: gzip\r\n" : "";
        const chunked = framing === "chunked";
        const length = chunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`;
        await connection.write(`HTTP/1.1 200 OK\r\n${coding}${length}\r\n\r\n`);
        for (const piece of [body.subarray(0, 5), body.subarray(5)]) {
          if (chunked && piece.length > 0) await connection.write(`${piece.length.toString(16)}\r\n`);
          await connection.write(piece);
          if (chunked && piece.length > 0) await connection.write("\r\n");
        }
        if (chunked) await connection.write("0\r\n\r\n");
      }
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    for (const size of [...SIZES, ...SIZES.toReversed()]) {
      for (const framing of FRAMINGS) {
        assertEquals(await borrowed(lane, `/${framing}/${size}`), `${size} as sent`, framing);
      }
    }
  });
}

function bodyOf(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).map((_, i) => (i * 31 + size) % 251);
}

/** How the body looks while it is lent. */
function borrowed(lane: Lane, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const observer: LaneObserver = {
      borrowsBody: true,
      onFirstByte() {},
      onResponse({ body }) {
        const sent = bodyOf(body.length);
        resolve(`${body.length} ${body.every((byte, i) => byte === sent[i]) ? "as sent" : "changed"}`);
      },
      onFailure: (_, message) => reject(new Error(message)),
      onCancelled: () => reject(new Error("cancelled")),
    };
    lane.send({ ...GET, path }, 10_000, observer);
  });
}
