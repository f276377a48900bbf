import type { LiveEnvironment } from "../environment.ts";

/** A real server that a test started. Closing it ends all of its processes and removes its folder. */
export interface LiveServer extends AsyncDisposable {
  /** Base URL of predictions. */
  readonly url: string;
  /** Base URL of its management, where that has a port of its own. */
  readonly managementUrl?: string;
  /** URL of its metrics in Prometheus text, where they have a port of their own. */
  readonly metricsUrl?: string;
  /** Process that was started; the one that listens may be its child. */
  readonly pid: number;
  /** Folder of this run: the log, and what the server writes. */
  readonly folder: string;
  /** What it wrote so far. */
  logText(): Promise<string>;
  /** Asks it to end, and kills what is left after 5 s. */
  close(): Promise<void>;
  /** Kills all of its processes at once, as a crash would. */
  kill(): Promise<void>;
}

/** How to start a server. */
export interface LaunchPlan {
  /** For messages. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Folder of this run, which is also where the program is started. */
  readonly folder: string;
  /** Variables that it gets besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is asked whether it is ready. */
  readonly healthUrl: string;
  /** Whether an answer says that it is ready. @default {status 200} */
  readonly isReady?: (status: number, body: string) => boolean;
  /** How long it may take, ms. @default {90000} */
  readonly readyTimeoutMs?: number;
  /** Addresses, as they go into {@linkcode LiveServer}. */
  readonly addresses: Pick<LiveServer, "url" | "managementUrl" | "metricsUrl">;
  /** Removes what the server leaves outside of its folder. */
  readonly cleanUp?: () => Promise<void>;
}

const READY_TIMEOUT_MS = 90_000;
const POLL_MS = 100;
/** How much of the log an error shows, characters. */
const SHOWN_LOG = 3000;

/**
 * Starts a server and waits until its health answers.
 *
 * @param environment Python, which supervises it.
 * @param plan How to start it.
 * @throws {Error} If it ends before or does not answer in time; the message holds the end of its log.
 */
export async function launch(environment: LiveEnvironment, plan: LaunchPlan): Promise<LiveServer> {
  const logPath = `${plan.folder}/server.log`;
  await Deno.writeTextFile(logPath, "");
  const supervisor = new Deno.Command(environment.python, {
    args: ["-u", environment.pathTo("python/supervise.py"), logPath, ...plan.command],
    cwd: plan.folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    env: { ...plan.env },
  }).spawn();
  const writer = supervisor.stdin.getWriter();
  const reader = supervisor.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let running = true;
  const ended = supervisor.status.then((status) => {
    running = false;
    return status;
  });
  const logText = () => Deno.readTextFile(logPath);
  const end = once(async () => {
    // The pipe is broken where the supervisor has ended already.
    await writer.close().catch(() => {});
    await ended;
    await reader.cancel();
    await plan.cleanUp?.();
  });
  const server: LiveServer = {
    ...plan.addresses,
    pid: Number((await reader.read()).value),
    folder: plan.folder,
    logText,
    close: once(async () => {
      await end();
      await Deno.remove(plan.folder, { recursive: true });
    }),
    kill: async () => {
      await writer.write(new TextEncoder().encode("kill\n")).catch(() => {});
      await end();
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
  try {
    await waitUntilReady(plan, () => running);
  } catch (error) {
    const log = await logText();
    const found = running
      ? `no answer within ${plan.readyTimeoutMs ?? READY_TIMEOUT_MS} ms`
      : `it ended with code ${(await ended).code}`;
    await server.close();
    throw new Error(
      `Cannot start ${plan.name} as ${plan.healthUrl} must answer: ${found}; its log ends with\n${
        log.slice(-SHOWN_LOG)
      }`,
      { cause: error },
    );
  }
  return server;
}

async function waitUntilReady(
  { healthUrl, isReady = (status) => status === 200, readyTimeoutMs = READY_TIMEOUT_MS }: LaunchPlan,
  isRunning: () => boolean,
): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  let seen: unknown = new Error("it was not asked");
  while (isRunning() && performance.now() < deadline) {
    try {
      const response = await fetch(healthUrl);
      const body = await response.text();
      if (isReady(response.status, body)) return;
      seen = new Error(`status ${response.status}: ${body}`);
    } catch (error) {
      seen = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw seen;
}

/** Ports below those that the system hands out to clients, so that no connection takes one before the server does. */
const LOWEST_PORT = 20_000, HIGHEST_PORT = 32_000;

/**
 * Free ports of the loopback interface that follow each other, as the default ports of most servers do.
 *
 * @param count How many.
 * @returns The first of them.
 */
export function freePorts(count: number): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    const listeners: Deno.Listener[] = [];
    try {
      for (let i = 0; i < count; i++) listeners.push(Deno.listen({ hostname: "127.0.0.1", port: first + i }));
      return first;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    } finally {
      for (const listener of listeners) listener.close();
    }
  }
  throw new Error(`Cannot start a server as ${count} free ports in a row are needed: found none in 100 attempts`);
}

function once<T>(body: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => running ??= body();
}
