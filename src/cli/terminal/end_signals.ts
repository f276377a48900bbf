import { fstatSync } from "node:fs";
import { watchStarters } from "./starters.ts";

/** What tells the command to end: a signal, or that the program that started it is gone. */
export type EndCause = "SIGINT" | "SIGTERM" | "SIGHUP" | "orphaned";

/** Why the command ends, for people. */
export const END_WORDS: Readonly<Record<EndCause, string>> = {
  SIGINT: "Interrupted",
  SIGTERM: "Told to end",
  SIGHUP: "The terminal is gone",
  orphaned: "The program that started torchgauge is gone",
};

/**
 * Calls back when the command is told to end: by Ctrl-C or SIGTERM each time; by a terminal that is gone (SIGHUP), or by
 * the end of the program that started it, only where nothing came before, since these come together and nobody pressed
 * twice.
 *
 * Started by `nohup` it goes on without its terminal. That nohup had SIGHUP ignored is lost where `deno task` or npx stand
 * between, as both listen to every signal and pass it on; so it is told by what else nohup leaves.
 *
 * @param onEnd Is told why.
 * @returns What ends the listening.
 */
export function listenForEnd(onEnd: (cause: EndCause) => void): Disposable {
  const stdin = stdinKind();
  const staysOn = stdin === "nohup" || /(?:^|[/\\])nohup$/.test(lastCommand());
  let isTold = false;
  const tell = (cause: EndCause) => {
    if (isTold && (cause === "SIGHUP" || cause === "orphaned")) return;
    isTold = true;
    onEnd(cause);
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  const listeners = signals.map((signal) => {
    const listener = () => {
      if (signal !== "SIGHUP" || !staysOn) tell(signal as EndCause);
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  const starters = watchStarters(() => tell("orphaned"), stdin === "other" && !staysOn);
  return {
    [Symbol.dispose]: () => {
      for (const remove of listeners) remove();
      starters[Symbol.dispose]();
    },
  };
}

/** `SIGXFSZ` would kill the process where a file grows beyond `ulimit -f`; heard, it leaves a failed write. */
export function outliveFileLimit(): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGXFSZ", () => {});
}

/** Which command the shell ran: bash and zsh tell their children. */
function lastCommand(): string {
  try {
    return Deno.env.get("_") ?? "";
  } catch {
    return ""; // not permitted
  }
}

/** The number of /dev/null. */
const NULL_DEVICE: Readonly<Record<string, number>> = { linux: 0x103, darwin: 0x3000002 };

/** What stdin is: /dev/null, the one of `nohup`, which can only be written to, or something else. */
function stdinKind(): "null" | "nohup" | "other" {
  try {
    if (fstatSync(0).rdev !== NULL_DEVICE[Deno.build.os]) return "other";
  } catch {
    return "other";
  }
  try {
    Deno.stdin.readSync(new Uint8Array(1));
    return "null";
  } catch {
    return "nohup";
  }
}
