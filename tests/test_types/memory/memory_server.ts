/**
 * A server of the Open Inference Protocol in a process of its own, whose memory can be measured. It prints its port, and ends
 * with its standard input. Arguments: how it answers, and the number that this wants.
 */
const [manner = "serves", number = "0"] = Deno.args;
const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });
const ROUTES: Readonly<Record<string, unknown>> = {
  "/v2": { name: "serve", version: "1", extensions: [] },
  "/v2/health/ready": {},
  "/v2/models/m": { name: "m", inputs: [tensor("x", [-1, 4])], outputs: [tensor("y", [-1, 1])] },
  "/v2/models/m/ready": {},
};
const REFUSALS: Readonly<Record<string, (items: number) => readonly [status: number, error: string] | null>> = {
  refuses: () => [400, "parameter lang is required"],
  halves: () => asked % 2 === 0 ? null : [429, "slow down"],
  single: (items) => items === 1 ? null : [400, "one at a time"],
  dies: () => asked <= Number(number) ? null : [503, "the worker died"],
};
let asked = 0;
const kept: Uint8Array[] = [];
const RECYCLED_MS = 300;

/** A process beside this one that ends with it. */
function startWorker() {
  const args = ["eval", "for await (const _ of Deno.stdin.readable);"];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped" }).spawn();
  return { child, sinceMs: Date.now() };
}

let worker = manner === "recycles" ? startWorker() : null;

/** As a server that gives each worker so many requests, and another in its place. */
function recycle(): void {
  if (worker === null || Date.now() - worker.sinceMs < RECYCLED_MS) return;
  worker.child.kill("SIGKILL");
  worker = startWorker();
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  // What a frontend asks for: work, and memory that stays.
  if (manner === "works") {
    kept.push(new Uint8Array(50_000).fill(++asked));
    return new Response("ok");
  }
  const known = ROUTES[pathname];
  if (request.method === "GET" && known !== undefined) return Response.json(known);
  if (pathname !== "/v2/models/m/infer") return Response.json({ error: "not found" }, { status: 404 });
  const { inputs: [{ shape: [items] }] } = await request.json();
  asked++;
  recycle();
  const [status, error] = REFUSALS[manner]?.(items) ?? [200, null];
  if (error !== null) return Response.json({ error }, { status });
  if (manner === "forwards") await (await fetch(`http://127.0.0.1:${number}/`)).text();
  return Response.json({ model_name: "m", outputs: [{ ...tensor("y", [items, 1]), data: Array(items).fill(0.5) }] });
}

// deno-lint-ignore no-console -- the test reads it
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, answer);
for await (const _ of Deno.stdin.readable);
Deno.exit();
