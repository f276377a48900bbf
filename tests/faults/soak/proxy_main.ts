/**
 * A proxy that spoils some of the answers to predictions, in a process of its own: `proxy_main.ts ORIGIN SEED`. It prints its URL; each line on its standard input is answered with what it saw and did.
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
  /** Of these spoilt, by name of the injection, and seen by the client to their end. */
  readonly injected: Readonly<Record<string, number>>;
  /** Predictions that the client left before their answer was whole: at their deadline, or at its end. */
  readonly left: number;
  /** Answers that the server behind did not give: any is a fault of the soak itself. */
  readonly lost: number;
  /** Connections that are open. */
  readonly open: number;
}

const [origin = "", seed = "1"] = Deno.args;
const random = seededRandom(Number(seed));
const injected: Record<string, number> = Object.fromEntries(INJECTIONS.map(({ name }) => [name, 0]));
let predictions = 0, left = 0, lost = 0;

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
    if (!await connection.write(bytes) && isPrediction) left++;
    return;
  }
  if (await injection.spoil(connection, bytes)) injected[injection.name]!++;
  else left++;
}

const server = await startRawServer(async (connection) => {
  for (let request = await connection.read(); request !== null; request = await connection.read()) {
    await answer(connection, request);
  }
});
print({ url: server.url });
for await (const _ of Deno.stdin.readable) print({ predictions, injected, left, lost, open: server.open() });
Deno.exit();

function print(value: unknown): void {
  // deno-lint-ignore no-console -- who started it reads it
  console.log(JSON.stringify(value));
}
