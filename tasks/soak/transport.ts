/**
 * Whether the transport leaks: a million requests over lanes that come and go, some of them cancelled, against a server in
 * a process of its own. `deno task dev:soak:transport [REQUESTS]`
 *
 * Ends with 1 where a request failed, a socket stayed open, or memory at the end is more than 30 MB above what it was after
 * the first 5 %.
 *
 * @module
 */
import { soak } from "../../tests/wire/http1/soak.ts";
import { openTransport } from "../../src/wire/open_transport.ts";

const LANES = 32;
const REQUESTS_PER_LANE = 5000;
const LARGEST_GROWTH_MB = 30;

const SERVER = `
const answer = new TextEncoder().encode("HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\n{}");
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
// deno-lint-ignore no-console
console.log(listener.addr.port);
for await (const connection of listener) serve(connection).catch(() => {}).finally(() => connection.close());
async function serve(connection) {
  const buffer = new Uint8Array(256 * 1024);
  let head = "", left = 0;
  for (let read = await connection.read(buffer); read !== null; read = await connection.read(buffer)) {
    for (let at = 0; at < read;) {
      if (left === 0) {
        head += String.fromCharCode(...buffer.subarray(at, Math.min(read, at + 2000)));
        const end = head.indexOf("\\r\\n\\r\\n");
        if (end === -1) throw new Error("a head in two pieces");
        at += end + 4;
        left = Number(/content-length: (\\d+)/.exec(head.slice(0, end))?.[1] ?? 0);
        head = "";
      }
      const taken = Math.min(left, read - at);
      at += taken;
      left -= taken;
      if (left === 0) await connection.write(answer);
    }
  }
}`;

const requests = Number(Deno.args[0] ?? 1_000_000);
const memoryMb = () => Deno.memoryUsage().rss / 2 ** 20;
const openFiles = () => Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/fd")].length : 0;

await using server = new Deno.Command(Deno.execPath(), { args: ["eval", SERVER], stdout: "piped" }).spawn();
const { value } = await server.stdout.getReader().read();
const url = `http://127.0.0.1:${Number(new TextDecoder().decode(value))}`;
const filesBefore = openFiles(), startedAt = performance.now();
let settledMb = NaN, peakMb = 0;
const transport = openTransport(url);
const { answered, cancelled, failures, lanesOpened } = await soak(transport, {
  requests,
  lanes: LANES,
  requestsPerLane: REQUESTS_PER_LANE,
  onProgress(answered) {
    peakMb = Math.max(peakMb, memoryMb());
    if (Number.isNaN(settledMb) && answered >= requests / 20) settledMb = memoryMb();
  },
});
await transport.close();
const seconds = (performance.now() - startedAt) / 1000, endMb = memoryMb(), files = openFiles() - filesBefore;
const grownMb = endMb - settledMb;
// deno-lint-ignore no-console
console.log(
  `${answered} answered, ${cancelled} cancelled, ${failures.length} failed over ${lanesOpened} lanes ` +
    `in ${seconds.toFixed(0)} s; memory ${settledMb.toFixed(0)} MB after 5 %, ${endMb.toFixed(0)} MB at the end, ` +
    `${peakMb.toFixed(0)} MB at most; ${files} more sockets than before`,
);
// deno-lint-ignore no-console
for (const failure of failures.slice(0, 5)) console.error(failure);
server.kill();
if (failures.length > 0 || files > 0 || grownMb > LARGEST_GROWTH_MB) Deno.exit(1);
