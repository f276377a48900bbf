// deno-lint-ignore-file no-console -- a program of its own
/**
 * A server of the Open Inference Protocol whose start takes known times: `deno run -A staged_server.ts '{"port":...}'`.
 * Each stage begins where the one before ends.
 *
 * @module
 */

/** What it does. */
export interface Stages {
  /** Where it listens. */
  readonly port: number;
  /** Before its port opens, ms. */
  readonly openMs?: number;
  /** Then until it is healthy, ms. */
  readonly healthyMs?: number;
  /** Then until its model is ready, ms. */
  readonly readyMs?: number;
  /** The first prediction, ms; each later one takes half of the one before, down to 5. */
  readonly firstMs?: number;
  /** Whether the model can be unloaded; loading it takes `readyMs` again. */
  readonly unloads?: boolean;
  /** Whether it goes on at SIGTERM. */
  readonly ignoresTerm?: boolean;
  /** Ends with code 7 after this time, ms. */
  readonly diesAfterMs?: number;
  /** Starts a process that ignores SIGTERM and does no more than live. */
  readonly hasChild?: boolean;
  /** Never opens its port. */
  readonly isSilent?: boolean;
}

/** The command that starts it, as a user would write it. */
export function stagedCommand(stages: Stages): string {
  const path = new URL(import.meta.url).pathname;
  return `'${Deno.execPath()}' run -A --quiet --no-check '${path}' '${JSON.stringify(stages)}'`;
}

/** A port that nothing uses now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function serve(stages: Stages): Promise<void> {
  const { port, openMs = 0, healthyMs = 0, readyMs = 0, firstMs = 5 } = stages;
  console.log(`staged server ${Deno.pid}`);
  if (stages.ignoresTerm) Deno.addSignalListener("SIGTERM", () => console.log("not yet"));
  if (stages.hasChild) {
    // It says that it is there once it ignores the signal.
    new Deno.Command("sh", { args: ["-c", "trap '' TERM; echo child $$; while :; do sleep 1; done"] }).spawn();
  }
  if (stages.diesAfterMs !== undefined) {
    setTimeout(() => {
      console.error("Traceback: no memory left");
      Deno.exit(7);
    }, stages.diesAfterMs);
  }
  if (stages.isSilent) return void setInterval(() => {}, 1000);
  await sleep(openMs);
  const openedAt = performance.now();
  let isLoaded = true;
  let nextMs = firstMs;
  const health = () => performance.now() - openedAt > healthyMs;
  const ready = () => isLoaded && performance.now() - openedAt > healthyMs + readyMs;
  const json = (value: unknown, status = 200) => Response.json(value, { status });
  const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });
  const answers: Record<string, () => Response | Promise<Response>> = {
    "GET /v2": () => json({ name: "staged", version: "1", extensions: [] }),
    "GET /v2/health/ready": () => health() ? json({}) : json({ error: "starting" }, 503),
    "GET /v2/models/m": () => json({ name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] }),
    "GET /v2/models/m/ready": () => ready() ? json({}) : json({ error: "not ready" }, 400),
    "POST /v2/repository/index": () => json([{ name: "m", state: ready() ? "READY" : "UNAVAILABLE" }]),
    "POST /v2/models/m/infer": async () => {
      if (!ready()) return json({ error: "not ready" }, 400);
      const takesMs = nextMs;
      nextMs = Math.max(5, nextMs / 2);
      await sleep(takesMs);
      return json({ model_name: "m", outputs: [{ ...tensor("y", [1, 1]), data: [0.5] }] });
    },
    ...(stages.unloads && {
      "POST /v2/repository/models/m/unload": () => {
        isLoaded = false;
        return json({});
      },
      "POST /v2/repository/models/m/load": async () => {
        await sleep(readyMs);
        isLoaded = true;
        nextMs = firstMs;
        return json({});
      },
      "POST /v2/repository/models/torchgauge-no-such-model/unload": () => json({}),
    }),
  };
  Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    await request.arrayBuffer();
    const answer = answers[`${request.method} ${new URL(request.url).pathname}`];
    return await answer?.() ?? json({ error: "not found" }, 404);
  });
}

if (import.meta.main) await serve(JSON.parse(Deno.args[0]!));
