import { PROTOCOLS } from "../../src/protocols/detect.ts";
import { type LiveEnvironment, liveEnvironment, type VenvName } from "./environment.ts";
import type { LiveServer } from "./servers/live_server.ts";

/** How a kind of server is started. */
export interface Launcher<Server extends LiveServer = LiveServer> {
  /** What it runs on. @default {"torch"} */
  readonly venv?: VenvName;
  /** Why it cannot be started here, or `null`. */
  whyNot?(environment: LiveEnvironment): Promise<string | null>;
  /** Starts it with the model loaded. */
  start(environment: LiveEnvironment): Promise<Server>;
}

/** Why a suite cannot run, or `null` if it can. */
async function whySkipped({ venv, whyNot }: Launcher, protocols: readonly string[]): Promise<string | null> {
  const environment = liveEnvironment(venv);
  if (typeof environment === "string") return environment;
  const missing = protocols.filter((name) => !PROTOCOLS.some((protocol) => protocol.name === name));
  if (missing.length > 0) return `there is no protocol ${missing.join(" or ")} yet`;
  return await whyNot?.(environment) ?? null;
}

/**
 * A test with a real server of its own. Where it cannot run it is skipped, and its name says why; with `CI=true` under
 * `deno task dev:test:live` that is a failure.
 *
 * @param name Name of the test.
 * @param launcher How the server is started.
 * @param protocols Protocols that the test needs.
 * @param body Is given the running server, and what it runs on.
 */
export async function liveTest<Server extends LiveServer = LiveServer>(
  name: string,
  launcher: Launcher<Server>,
  protocols: readonly string[],
  body: (server: Server, t: Deno.TestContext, environment: LiveEnvironment) => Promise<void>,
): Promise<void> {
  const reason = await whySkipped(launcher, protocols);
  const environment = liveEnvironment(launcher.venv);
  const mustRun = typeof environment !== "string" && Deno.env.get("CI") === "true";
  Deno.test({
    name: reason === null ? name : `${name} (skipped: ${reason})`,
    ignore: reason !== null && !mustRun,
    fn: async (t) => {
      if (reason !== null || typeof environment === "string") {
        throw new Error(`In CI nothing may be skipped: ${reason}`);
      }
      await using server = await launcher.start(environment);
      try {
        await body(server, t, environment);
      } catch (error) {
        throw new Error(`${name} failed; the server's log ends with\n${(await server.logText()).slice(-2000)}`, {
          cause: error,
        });
      }
    },
  });
}
