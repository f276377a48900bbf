import { ServerStartError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { ServerStop, StartedServer } from "../core/started_server.ts";
import { dropCaches } from "./drop_caches.ts";
import { type Guard, openGuard } from "./guard.ts";
import { OutputTail } from "./output_tail.ts";
import { type Address, addressText, takesConnections } from "./port.ts";
import { isGroupRunning, signalGroup } from "./process_group.ts";
import { programName, type ServerCommand } from "./server_command.ts";

/** How a server of the user's is started and stopped. */
export interface LaunchOptions {
  /** Where it will listen. */
  readonly address: Address;
  /** What it is stopped by. @default {"SIGTERM"} */
  readonly stopSignal?: Deno.Signal;
  /** How long it may take to end by that before it is killed, ms. @default {10000} */
  readonly graceMs?: number;
  /** How long a start may take until it serves, ms. @default {300000} */
  readonly startTimeoutMs?: number;
  /** Whether the page cache is dropped before each start but the first. @default {false} */
  readonly dropsCaches?: boolean;
  /** Kills it where it is waited for: once aborted, a stop takes no time. */
  readonly haltSignal?: AbortSignal;
  /** Is told, in a sentence, what goes otherwise than it should; each sentence once. */
  readonly onNotice?: (text: string) => void;
}

/** How long a server may take to end by its signal before it is killed, ms. */
export const STOP_GRACE_MS = 10_000;
/** How long a start may take until the server serves, ms. */
export const START_TIMEOUT_MS = 300_000;
/** When it is said that a stop takes long, ms. */
const SLOW_STOP_MS = 2000;
/** How long its port may outlive it, ms. */
const PORT_GRACE_MS = 2000;
/** How long the system may take to end what was killed, ms. */
const KILL_MS = 5000;
/** How often is looked whether a process has ended or a port is free, ms. */
const LOOK_MS = 10;
/** How often is looked whether all that it has started has ended, ms: one walks through the processes of the machine. */
const GROUP_LOOK_MS = 50;
/** How long the last output of an ended process is waited for, ms. */
const LAST_OUTPUT_MS = 500;

/** One process of a server. */
interface Running {
  readonly child: Deno.ChildProcess;
  readonly output: OutputTail;
  readonly guard: Guard | null;
  end: Deno.CommandStatus | null;
  /** Whether its last lines were told. */
  isTold: boolean;
}

/**
 * A server of the user's that runs in a process group of its own. It is stopped with all that it started, unless that
 * has left the group, and also where this process is killed. No shell runs it; it has this process's environment, and
 * no stdin.
 */
export class LaunchedServer implements StartedServer, AsyncDisposable {
  /** Part of {@linkcode StartedServer}. */
  readonly program: string;
  /** Part of {@linkcode StartedServer}. */
  readonly stopSignal: Deno.Signal;
  /** Part of {@linkcode StartedServer}. */
  readonly dropsCaches: boolean;
  /** Part of {@linkcode StartedServer}. */
  readonly startTimeoutMs: number;
  readonly #command: ServerCommand;
  readonly #options: LaunchOptions;
  readonly #graceMs: number;
  readonly #said = new Set<string>();
  #running: Running | null = null;
  #starts = 0;

  /** @param command What starts it. @param options Where it listens and how it is stopped. */
  constructor(command: ServerCommand, options: LaunchOptions) {
    this.program = programName(command);
    this.stopSignal = options.stopSignal ?? "SIGTERM";
    this.dropsCaches = options.dropsCaches ?? false;
    this.startTimeoutMs = options.startTimeoutMs ?? START_TIMEOUT_MS;
    this.#graceMs = options.graceMs ?? STOP_GRACE_MS;
    this.#command = command;
    this.#options = options;
  }

  /** Where it listens, for people. */
  get address(): string {
    return addressText(this.#options.address);
  }

  /** Its process; `null` where it does not run. */
  get pid(): number | null {
    return this.#running?.child.pid ?? null;
  }

  /** Part of {@linkcode StartedServer}. */
  async prepare(): Promise<void> {
    if (!await this.#isPortFree()) throw this.#portTaken();
    // What the first start reads is then in the cache in any case.
    if (this.dropsCaches && this.#starts > 0) await dropCaches();
  }

  /** Part of {@linkcode StartedServer}. */
  start(): void {
    const { program, args, env } = this.#command;
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(program, {
        args: [...args],
        env: { ...env },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        // A process group of its own: Ctrl-C does not reach it, and it can be stopped with all that it starts.
        detached: true,
      }).spawn();
    } catch (error) {
      throw notRun(this.program, error as Error);
    }
    const guard = openGuard(child.pid, this.stopSignal, this.#graceMs);
    const running: Running = {
      child,
      guard,
      output: new OutputTail([child.stdout, child.stderr]),
      end: null,
      isTold: false,
    };
    void child.status.then((status) => running.end = status);
    this.#running = running;
    this.#starts++;
  }

  /** Part of {@linkcode StartedServer}. */
  checkRunning(): void {
    const { end = null } = this.#running ?? {};
    if (end === null && this.#running !== null) return;
    throw new ServerStartError(
      `Cannot go on as the server must run: ${this.program} ${endInWords(end)}`,
      end?.code === 0 ? { hint: "The command must run the server in the foreground, until it is stopped." } : {},
    );
  }

  /** Part of {@linkcode StartedServer}. */
  isOpen(): Promise<boolean> {
    return takesConnections(this.#options.address);
  }

  /** Part of {@linkcode StartedServer}. */
  async tellOutput(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    if (running.end !== null) await running.output.finished(LAST_OUTPUT_MS);
    const lines = running.output.lastLines;
    this.#say(
      lines === "" ? `${this.program} wrote nothing.` : `The last lines of ${this.program}:\n${indented(lines)}`,
    );
    running.isTold = true;
  }

  /** Part of {@linkcode StartedServer}. */
  async stop(): Promise<ServerStop> {
    const running = this.#running;
    if (running === null) return { killed: false };
    this.#running = null;
    const { pid } = running.child;
    const seconds = this.#graceMs / 1000;
    const hadEnded = running.end !== null;
    const endMs = performance.now() + this.#graceMs;
    signalGroup(pid, this.stopSignal);
    const waiting = setTimeout(
      () => this.#say(`Waiting for ${this.program} to end, up to ${seconds} s.`),
      SLOW_STOP_MS,
    );
    const isHalted = () => this.#options.haltSignal?.aborted ?? false;
    const runs = () => running.end === null || isGroupRunning(pid);
    await within(this.#graceMs, () => running.end !== null || isHalted());
    // The server may be what it has started: a shell ends at once by the signal that its server takes its time for.
    await within(endMs - performance.now(), () => !runs() || isHalted(), GROUP_LOOK_MS);
    clearTimeout(waiting);
    const killed = runs();
    if (killed) {
      const who = running.end === null ? this.program : `What ${this.program} started`;
      const how = isHalted() ? "was not waited for" : `did not end by ${this.stopSignal} within ${seconds} s`;
      signalGroup(pid, "SIGKILL");
      this.#say(`${who} ${how} and was killed.`);
      if (!await within(KILL_MS, () => !runs(), GROUP_LOOK_MS)) {
        this.#say(`${who} could not be stopped: process${running.end === null ? "" : " group"} ${pid} goes on.`);
      }
    }
    await running.guard?.release();
    await running.output.finished(LAST_OUTPUT_MS);
    if (hadEnded && !running.isTold) {
      const lines = running.output.lastLines;
      const wrote = lines === "" ? "" : ` Its last lines:\n${indented(lines)}`;
      this.#say(`${this.program} ${endInWords(running.end)} while it was needed.${wrote}`);
    }
    return { killed };
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** A port that a server has just given up may be open a little longer. */
  async #isPortFree(): Promise<boolean> {
    const isFree = async () => !await this.isOpen();
    return this.#starts === 0 ? await isFree() : await within(PORT_GRACE_MS, isFree);
  }

  #portTaken(): ServerStartError {
    const where = addressText(this.#options.address);
    return this.#starts === 0
      ? new ServerStartError(`Cannot start the server as nothing must answer at ${where} before: something does`, {
        hint: naming`Stop that, or leave ${option("startCommand")} out to measure it as it is.`,
      })
      : new ServerStartError(
        `Cannot start the server again as nothing must answer at ${where} once it is stopped: something does`,
        { hint: "A process of it left its process group: the command must run the server in the foreground." },
      );
  }

  #say(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#options.onNotice?.(text);
  }
}

const indented = (lines: string) => lines.replaceAll(/^/gm, "  ");

function endInWords(end: Deno.CommandStatus | null): string {
  if (end === null) return "was not started";
  return end.signal === null ? `ended with code ${end.code}` : `was ended by ${end.signal}`;
}

function notRun(program: string, error: Error): ServerStartError {
  const found = error instanceof Deno.errors.NotFound
    ? "there is no such program"
    : error instanceof Deno.errors.NotCapable
    ? "Deno does not permit it (--allow-run)"
    : error.message.replaceAll(/'[^']*'|"[^"]*"/g, "it");
  return new ServerStartError(`Cannot start the server as "${program}" must be a program that can be run: ${found}`, {
    cause: error,
  });
}

async function within(
  longestMs: number,
  look: () => boolean | Promise<boolean>,
  everyMs: number = LOOK_MS,
): Promise<boolean> {
  const endMs = performance.now() + longestMs;
  while (!await look()) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}
