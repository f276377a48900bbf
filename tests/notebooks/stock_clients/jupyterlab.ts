import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { VENV } from "./environment.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** `deno task jupyter` as a user calls it, but without a window; resolves with its address. */
export async function startJupyterLab(token: string): Promise<{ url: string; stop(): Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      `${ROOT}tasks/jupyter.ts`,
      "--no-browser",
      "--allow-root",
      "--port=0",
      `--IdentityProvider.token=${token}`,
    ],
    env: { PATH: `${VENV}/bin${delimiter}${Deno.env.get("PATH")}`, QUICK: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    }
    reject(new Error(`JupyterLab did not start:\n${said}`));
  })();
  const stop = async () => {
    child.kill("SIGTERM");
    await child.status;
    await reading;
  };
  return { url: await promise, stop };
}
