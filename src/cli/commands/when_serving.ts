import { systemClock } from "../../core/clock.ts";
import { ServerStartError, TargetError } from "../../core/errors.ts";
import { inWords, naming, option } from "../../core/option_words.ts";
import type { LaunchedServer } from "../../launch/launched_server.ts";
import { flagOf } from "../options/options.ts";
import type { Console } from "../terminal/console.ts";

/** How often a server that starts is asked whether it serves, ms. */
const ASK_MS = 100;
/** When it is said what is waited for, ms. */
const SLOW_MS = 3000;

/**
 * Connects to a server that has just been started, as soon as that can be done. Whatever speaks against it may pass, but
 * for a want of authentication: a port that is not open, a health that is not good, a model that is not there.
 *
 * @param server The server.
 * @param connect Connects once.
 * @param console Is told what is waited for, and what the server wrote last where it does not start.
 * @param signal Gives it up.
 * @throws {TargetError} If it ends before it serves, or does not serve in time, or wants a token; the last reason then.
 */
export async function whenServing<T>(
  server: LaunchedServer,
  connect: () => Promise<T>,
  console: Console,
  signal: AbortSignal,
): Promise<T> {
  const { startTimeoutMs: timeoutMs } = server;
  const startMs = performance.now();
  const slow = new SlowStart(server.program, timeoutMs, console);
  while (true) {
    try {
      server.checkRunning();
      if (await server.isOpen()) return await connect();
      slow.reason = `nothing listens at ${server.address}`;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TargetError)) throw error;
      const isOver = error instanceof ServerStartError || error.lasts || performance.now() - startMs > timeoutMs;
      if (isOver) {
        await server.tellOutput();
        throw error;
      }
      slow.reason = inWords(error.words.message, flagOf);
    }
    if (performance.now() - startMs > timeoutMs) {
      await server.tellOutput();
      throw new ServerStartError(
        `Cannot use the server as it must serve within ${timeoutMs / 1000} s: ${slow.reason}`,
        {
          hint: naming`If it needs longer, set ${option("startTimeoutMs")}.`,
        },
      );
    }
    slow.tick(performance.now() - startMs);
    await systemClock.sleep(ASK_MS, signal);
  }
}

/** Says once that a start takes long, and why. */
class SlowStart {
  reason = "";
  #isSaid = false;

  constructor(readonly program: string, readonly timeoutMs: number, readonly console: Console) {}

  tick(elapsedMs: number): void {
    if (this.#isSaid || elapsedMs < SLOW_MS) return;
    this.#isSaid = true;
    this.console.error(`waiting for ${this.program} to serve, up to ${this.timeoutMs / 1000} s: ${this.reason}`);
  }
}
