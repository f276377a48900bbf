import { MissingToolError } from "../agreement/peer.ts";

/** Core of every server of the benchmark. */
export const SERVER_CORE = 0;
/** Core of every client: servers and clients share none, so that neither takes time from the other. */
export const CLIENT_CORE = 1;

/** A program on one core that serves until it is disposed of. */
export interface PinnedServer extends AsyncDisposable {
  /** Base URL. */
  readonly url: string;
}

/** What a program on the clients' core said and cost. */
export interface PinnedRun {
  /** What it wrote to stdout. */
  readonly stdout: string;
  /** From its start to its end, s. */
  readonly seconds: number;
  /** CPU time of all its threads and children, user and system, ms. */
  readonly cpuMs: number;
}

/**
 * Starts a server that prints its port.
 *
 * @param command Program and arguments.
 * @param port The port, where it prints none; it is then waited for.
 */
export async function startPinned(command: readonly string[], port?: number): Promise<PinnedServer> {
  const process = pinned(SERVER_CORE, command, port === undefined ? "piped" : "null", "inherit").spawn();
  const close = async () => {
    try {
      process.kill();
    } catch { /* it has ended */ }
    await process.status;
  };
  try {
    const at = port ?? Number(await firstLine(process.stdout));
    if (!(at > 0)) throw new Error(`Cannot start ${command[0]} as it must print its port: found none`);
    await untilOpen(at);
    return { url: `http://127.0.0.1:${at}`, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Runs a client to its end. Its CPU time is what the system counted for it (getrusage of the shell's children).
 *
 * @param command Program and arguments.
 * @param env Variables besides those of this process. @default {{}}
 * @throws {MissingToolError} If the program is not installed.
 * @throws {Error} If it fails.
 */
export async function runPinned(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<PinnedRun> {
  const timed = ["bash", "-c", `TIMEFORMAT="%R %U %S"; time "$0" "$@"`, ...command];
  const { code, stdout, stderr } = await pinned(CLIENT_CORE, timed, "piped", "piped", env).output();
  const [said, complaints] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  if (code === 127) {
    throw new MissingToolError(`Cannot run ${command[0]} as it must be installed: it is not; --help says how`);
  }
  if (code !== 0) {
    throw new Error(`Cannot measure with ${command[0]} as it must end well: ${code}, ${complaints.trim().slice(-500)}`);
  }
  const [seconds, user, system] = complaints.trim().split("\n").at(-1)!.split(" ").map(Number) as [
    number,
    number,
    number,
  ];
  return { stdout: said, seconds, cpuMs: 1000 * (user + system) };
}

function pinned(
  core: number,
  command: readonly string[],
  stdout: "piped" | "null",
  stderr: "piped" | "inherit",
  env: Readonly<Record<string, string>> = {},
) {
  return new Deno.Command("taskset", {
    args: ["--cpu-list", String(core), ...command],
    stdin: "null",
    stdout,
    stderr,
    // bash writes decimals as the locale has them.
    env: { LC_ALL: "C", NO_COLOR: "1", ...env },
  });
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const reader = stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  return text.split("\n")[0]!;
}

const OPEN_TIMEOUT_MS = 30_000, POLL_MS = 50;

async function untilOpen(port: number): Promise<void> {
  for (const startedAt = performance.now();;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (performance.now() - startedAt > OPEN_TIMEOUT_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
