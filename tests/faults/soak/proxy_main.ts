/**
 * A proxy that spoils some of the answers to predictions, in a process of its own: `proxy_main.ts ORIGIN SEED
 * DEADLINE_MS`. It prints its URL; each line on its standard input is answered with what it saw and did.
 *
 * @module
 */
import { seededRandom } from "../../../src/core/random.ts";
import { type RawConnection, type RawRequest, startRawServer } from "../../wire/raw_server.ts";
import { INJECTIONS } from "./injections.ts";

/** Share of the predictions whose answer is spoilt. */
const SPOILT = 0.02;
/** What an answer says of itself that belongs to one connection, or is said anew. */
const OF_CONNECTION = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "host"]);

/** What the proxy saw and did. */
export interface ProxyCounts {
  /** Predictions that came. */
  readonly predictions: number;
  /** Of these spoilt, by name of the injection; not those that the client broke off. */
  readonly injected: Readonly<Record<string, number>>;
  /** Sound answers that came when the client had waited for its whole deadline and gone. */
  readonly late: number;
  /** Predictions that the client left before their answer was whole and before their deadline, as it does at its end. */
  readonly brokenOff: number;
  /** Answers that the server behind did not give: any is a fault of the soak itself. */
  readonly lost: number;
  /** Connections that are open. */
  readonly open: number;
}

const [origin = "", seed = "1", deadlineMs = "5000"] = Deno.args;
const random = seededRandom(Number(seed));
const injected: Record<string, number> = Object.fromEntries(INJECTIONS.map(({ name }) => [name, 0]));
let predictions = 0, late = 0, brokenOff = 0, lost = 0;

async function forward({ method, path, headers, body }: RawRequest): Promise<Uint8Array> {
  const kept = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name));
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0));
  const answer = await fetch(new URL(path, origin), {
    method,
    headers: kept,
    redirect: "manual",
    ...method !== "GET" && { body: bytes },
  });
  const content = new Uint8Array(await answer.arrayBuffer());
  const lines = [...answer.headers].filter(([name]) => !OF_CONNECTION.has(name)).map((pair) => pair.join(": "));
  const head = [`HTTP/1.1 ${answer.status} Proxied`, ...lines, `content-length: ${content.length}`].join("\r\n");
  return new Uint8Array([...new TextEncoder().encode(`${head}\r\n\r\n`), ...content]);
}

async function answer(connection: RawConnection, request: RawRequest): Promise<void> {
  const startedAt = performance.now();
  // The two clocks may differ by the time that a request needs to come here.
  const isEarly = () => performance.now() - startedAt < 0.98 * Number(deadlineMs);
  const isPrediction = /\/(?:infer|predict)$/.test(request.path);
  if (isPrediction) predictions++;
  // The first tell how one request is sent.
  const spoils = isPrediction && predictions > 10 && random() < SPOILT;
  const injection = spoils ? INJECTIONS[Math.floor(random() * INJECTIONS.length)]! : null;
  const bytes = await forward(request).catch(() => null);
  if (bytes === null) {
    lost++;
    return connection.reset();
  }
  if (injection === null) {
    if (await connection.write(bytes) || !isPrediction) return;
    if (isEarly()) brokenOff++;
    else late++;
    return;
  }
  const isSent = await injection.spoil(connection, bytes);
  if (!isSent && isEarly()) brokenOff++;
  else injected[injection.name]!++;
}

const server = await startRawServer(async (connection) => {
  for (let request = await connection.read(); request !== null; request = await connection.read()) {
    await answer(connection, request);
  }
});
print({ url: server.url });
for await (const _ of Deno.stdin.readable) print({ predictions, injected, late, brokenOff, lost, open: server.open() });
Deno.exit();

function print(value: unknown): void {
  // deno-lint-ignore no-console -- who started it reads it
  console.log(JSON.stringify(value));
}
