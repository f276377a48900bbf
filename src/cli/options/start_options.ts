import { START_TIMEOUT_MS, STOP_GRACE_MS } from "../../launch/launched_server.ts";
import { parseServerCommand, programName } from "../../launch/server_command.ts";
import { ONE_SERVER_TESTS } from "../../measure/settings/setting.ts";
import type { OptionSpec } from "./option.ts";
import { choice, FLAG, seconds, text } from "./option_values.ts";

/** What a server may be told to end by. */
const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"] as const;

/** What a server may be told to end by. */
export type StopSignal = typeof STOP_SIGNALS[number];

/** The options that say how the server is started, or waited for. */
export const START_OPTIONS = [
  {
    group: "The server",
    name: "start-command",
    value: text("COMMAND"),
    description:
      "What starts the server: words and quotes, without a shell. It is stopped in the end; reports show its program alone",
    default: "the server runs already",
    tests: ONE_SERVER_TESTS,
    needs: "url",
    not: "proxy",
    key: "startCommand",
    masked: maskedCommand,
  },
  {
    group: "The server",
    name: "start-timeout",
    value: seconds({ least: 100, most: 86_400_000 }),
    description: "Longest to wait for such a server to serve",
    default: `${START_TIMEOUT_MS / 1000}`,
    tests: ONE_SERVER_TESTS,
    needs: "start-command",
    key: "startTimeoutMs",
  },
  {
    group: "The server",
    name: "stop-signal",
    value: choice("SIGNAL", STOP_SIGNALS),
    description: `What it is stopped by; after ${STOP_GRACE_MS / 1000} seconds it is killed`,
    default: "SIGTERM",
    tests: ONE_SERVER_TESTS,
    needs: "start-command",
  },
  {
    group: "The server",
    name: "drop-caches",
    value: FLAG,
    description: "Drop the system's page cache before each start that is measured (Linux, as root, deno run -A)",
    tests: ["latency", "comprehensive"],
    needs: "start-command",
    key: "dropCaches",
  },
  {
    group: "The server",
    name: "wait",
    value: seconds({ least: 100, most: 86_400_000 }),
    description:
      "Longest to wait for a server that runs elsewhere to be ready: one that still starts, or scales from zero",
    default: "it must be ready",
    withCommands: true,
    needsUrl: true,
    not: "start-command",
    key: "waitMs",
  },
] as const satisfies readonly OptionSpec[];

/**
 * A command with nothing of it but its program: its arguments may hold tokens.
 *
 * @param written As it stands on the command line, with or without the option's name before it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { maskedCommand } from "./start_options.ts";
 *
 * assertEquals(maskedCommand("HF_TOKEN=abc /opt/bin/python serve.py"), "python ***");
 * ```
 */
export function maskedCommand(written: string): string {
  const [, option = "", text = ""] = /^(--[a-z-]+=)?(.*)$/s.exec(written) ?? [];
  try {
    const command = parseServerCommand(text);
    const isBare = command.args.length === 0 && Object.keys(command.env).length === 0;
    return `${option}${programName(command)}${isBare ? "" : " ***"}`;
  } catch {
    return `${option}***`;
  }
}
