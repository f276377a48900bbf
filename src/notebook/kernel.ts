import { decodeMessage, encodeRequest, type JupyterMessage } from "./jupyter_message.ts";
import { type KernelProcess, startKernelProcess } from "./kernel_process.ts";
import { connectZmtp, type ZmtpConnection } from "./zmtp_connection.ts";

/** An error as a cell's output shows it. */
export interface CellError {
  /** Class of the error. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Lines of its stack trace, perhaps coloured by ANSI codes; empty where there is none. */
  readonly traceback: readonly string[];
}

/** How the execution of a piece of code ended; a union on `kind`. */
export type Execution =
  /** It came to its end. */
  | { readonly kind: "passed" }
  /** It threw, or something that it left running did. */
  | { readonly kind: "failed"; readonly error: CellError }
  /** It did not end in time; the kernel is gone. */
  | { readonly kind: "time-limit"; readonly limitMs: number }
  /** The kernel ended while it ran. */
  | { readonly kind: "kernel-ended"; readonly code: number; readonly errorText: string }
  /** The caller ended it; the kernel is gone. */
  | { readonly kind: "interrupted" };

/** Options of {@linkcode Kernel.execute}. */
export interface ExecuteOptions {
  /** Is told every message that the code publishes, in their order. */
  readonly onMessage?: (message: JupyterMessage) => void;
  /** Longest time that it may take, ms. @default {Infinity} */
  readonly timeLimitMs?: number;
  /** How long nothing may have been published before its outputs are taken for complete, ms. @default {40} */
  readonly quietMs?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** A running kernel with its client. */
export interface Kernel extends AsyncDisposable {
  /** Runs one piece of code. One at a time; none after one that ended the kernel. */
  execute(code: string, options?: ExecuteOptions): Promise<Execution>;
  /** Ends the kernel. May be called again. */
  close(): Promise<void>;
}

/** Options of {@linkcode startKernel}. */
export interface KernelOptions {
  /** Variables added to the environment that the kernel sees. @default {{}} */
  readonly environment?: Readonly<Record<string, string>>;
  /** Longest time until it answers, ms. @default {60000} */
  readonly startLimitMs?: number;
}

/** Another process may take a port between its choice and its use. */
const START_ATTEMPTS = 3;
/** Between questions to a kernel that does not publish yet: a subscription takes a moment to reach it. */
const KNOCK_MS = 50;

/**
 * What a kernel otherwise swallows is published as an error: rejections that nobody handles, and what timers throw. And
 * a kernel whose client was killed ends by itself.
 */
const PRELUDE = `{
  const publish = (event, error) => {
    event.preventDefault();
    const isError = error instanceof Error;
    Deno.jupyter.broadcast("error", {
      ename: isError ? error.name : "Error",
      evalue: isError ? error.message : String(error),
      traceback: isError ? String(error.stack).split("\\n") : [],
    });
  };
  addEventListener("unhandledrejection", (event) => publish(event, event.reason));
  addEventListener("error", (event) => publish(event, event.error));
  const parent = Deno.ppid;
  setInterval(() => { if (Deno.ppid !== parent) Deno.exit(1); }, 1000);
}
undefined`;

/**
 * Starts Deno's Jupyter kernel and connects to it, with neither Python nor a ZeroMQ library.
 *
 * @param folder Folder in which it works; relative imports of cells start there.
 * @param options Its environment.
 * @returns The kernel, ready for code.
 * @throws {Error} If it does not start.
 */
export async function startKernel(folder: string, options: KernelOptions = {}): Promise<Kernel> {
  const { environment, startLimitMs = 60_000 } = options;
  let failure = "";
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const process = await startKernelProcess(folder, environment);
    const client = await connectClient(process, startLimitMs);
    if (client !== null) {
      await process.removeConnectionFile();
      const kernel = kernelOf(process, client);
      await kernel.execute(PRELUDE);
      return kernel;
    }
    await process.kill();
    failure = (await process.ended).errorText;
  }
  throw new Error(
    `Cannot start the kernel as it must answer within ${startLimitMs / 1000} s: it said ${failure || "nothing"}`,
  );
}

/** Both channels of one kernel, and what comes in on them. */
interface Client {
  /** Sends a request and resolves with its reply; `null` once the kernel is gone. */
  request(type: string, content: Record<string, unknown>): Promise<JupyterMessage | null>;
  /** Is told everything that is published, from now on. */
  onPublished: (message: JupyterMessage) => void;
  close(): void;
}

/** `null` where the kernel ended, or did not answer in time. */
async function connectClient(process: KernelProcess, limitMs: number): Promise<Client | null> {
  const { shellPort, iopubPort, key } = process.connection;
  const deadline = AbortSignal.timeout(limitMs);
  let over = false;
  void process.ended.then(() => over = true);
  const isOver = () => over || deadline.aborted;
  const shell = await connectWhenListening(shellPort, "DEALER", isOver);
  const iopub = shell && await connectWhenListening(iopubPort, "SUB", isOver);
  if (shell === null || iopub === null) {
    shell?.close();
    return null;
  }
  const client = clientOf(shell, iopub, key);
  let published = false;
  client.onPublished = () => published = true;
  while (!published && !isOver()) {
    void client.request("kernel_info_request", {});
    await sleep(KNOCK_MS);
  }
  if (published) return client;
  client.close();
  return null;
}

async function connectWhenListening(
  port: number,
  type: "DEALER" | "SUB",
  isOver: () => boolean,
): Promise<ZmtpConnection | null> {
  while (!isOver()) {
    try {
      return await connectZmtp(port, type);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) return null;
      await sleep(KNOCK_MS / 2);
    }
  }
  return null;
}

function clientOf(shell: ZmtpConnection, iopub: ZmtpConnection, key: string): Client {
  const session = crypto.randomUUID();
  const pending = new Map<string, (reply: JupyterMessage | null) => void>();
  const client: Client = {
    async request(type, content) {
      const { id, frames } = encodeRequest(type, content, key, session);
      const reply = new Promise<JupyterMessage | null>((resolve) => pending.set(id, resolve));
      await shell.send(frames).catch(settleAll);
      return await reply;
    },
    onPublished: () => {},
    close() {
      shell.close();
      iopub.close();
    },
  };
  const settleAll = () => {
    for (const settle of pending.values()) settle(null);
    pending.clear();
  };
  void readAll(shell, key, (reply) => {
    const id = reply.parentHeader.msg_id ?? "";
    pending.get(id)?.(reply);
    pending.delete(id);
  }).then(settleAll, settleAll);
  void readAll(iopub, key, (message) => client.onPublished(message)).catch(settleAll);
  return client;
}

async function readAll(connection: ZmtpConnection, key: string, onMessage: (message: JupyterMessage) => void) {
  for (let frames; (frames = await connection.receive()) !== null;) onMessage(decodeMessage(frames, key));
}

function kernelOf(process: KernelProcess, client: Client): Kernel {
  const close = async () => {
    client.close();
    await process.kill();
  };
  return {
    async execute(code, options = {}) {
      const execution = await execute(process, client, code, options);
      if (execution.kind !== "passed" && execution.kind !== "failed") await close();
      return execution;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function execute(
  process: KernelProcess,
  client: Client,
  code: string,
  { onMessage = () => {}, timeLimitMs = Infinity, quietMs = 40, signal }: ExecuteOptions,
): Promise<Execution> {
  let publishedAt = performance.now();
  let published: CellError | null = null;
  client.onPublished = (message) => {
    publishedAt = performance.now();
    if (message.header.msg_type === "error") published ??= errorOf(message);
    onMessage(message);
  };
  const running = async (): Promise<Execution> => {
    const reply = await client.request("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
    if (reply === null) return { kind: "kernel-ended", ...await endOf(process) };
    // A kernel publishes outputs also after it has replied. What it publishes for a question asked then comes later
    // than most of them; silence is for the rest.
    await client.request("kernel_info_request", {});
    publishedAt = performance.now();
    for (let left; (left = publishedAt + quietMs - performance.now()) > 0;) await sleep(left);
    const error = published ?? (reply.content["status"] === "ok" ? null : errorOf(reply));
    return error === null ? { kind: "passed" } : { kind: "failed", error };
  };
  using limit = limitOf(timeLimitMs, signal);
  return await Promise.race([running(), limit.reached]);
}

/** How a kernel ended that no longer talks; one that does not end by itself is ended. */
async function endOf(process: KernelProcess): Promise<{ code: number; errorText: string }> {
  await Promise.race([process.ended, sleep(2000)]);
  await process.kill();
  return await process.ended;
}

/** Resolves when the time is over or the signal was aborted. */
function limitOf(limitMs: number, signal?: AbortSignal): Disposable & { readonly reached: Promise<Execution> } {
  const { promise, resolve } = Promise.withResolvers<Execution>();
  const interrupt = () => resolve({ kind: "interrupted" });
  const timer = Number.isFinite(limitMs)
    ? setTimeout(() => resolve({ kind: "time-limit", limitMs }), limitMs)
    : undefined;
  if (signal?.aborted) interrupt();
  signal?.addEventListener("abort", interrupt);
  return {
    reached: promise,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    },
  };
}

function errorOf({ content }: JupyterMessage): CellError {
  const { ename, evalue, traceback } = content as { ename?: string; evalue?: string; traceback?: string[] };
  return {
    name: ename ?? "Error",
    message: evalue ?? "",
    traceback: (traceback ?? []).filter((line) => line !== ""),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
