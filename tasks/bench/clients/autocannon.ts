import { fileURLToPath } from "node:url";
import { cachedFolder, runProgram } from "../../agreement/install.ts";
import { MissingToolError } from "../../agreement/peer.ts";
import { runPinned } from "../pinned.ts";
import type { BodyFiles } from "./body_file.ts";
import type { Client, ClientRun } from "./client.ts";
import { WARM_UP_MS } from "./meter.ts";

const PACKAGE = "autocannon@9.0.0";
const SCRIPT = fileURLToPath(new URL("autocannon.mjs", import.meta.url));

/**
 * autocannon in Node, fetched from npm into the user's cache folder. Its CPU time is its own process's, without the
 * start of Node.
 *
 * @param bodies Where its bodies are.
 * @throws {MissingToolError} If there is no Node or npm, or the package cannot be fetched.
 */
export async function autocannon(bodies: BodyFiles): Promise<Client> {
  const folder = await cachedFolder(PACKAGE, async (folder) => {
    const npm = ["install", "--silent", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE];
    const { success, stderr } = await runProgram("npm", npm);
    if (!success) throw new MissingToolError(`Cannot fetch ${PACKAGE} as npm must find it: ${stderr.trim()}`);
  });
  return {
    name: "autocannon",
    async measure(job) {
      const { path, headers, bodyFile } = await bodies.of(job);
      const asked = {
        url: job.url + path,
        connections: job.connections,
        headers: Object.fromEntries(
          headers.flatMap((name, i) => i % 2 === 0 ? [[name, headers[i + 1]!]] : []),
        ),
        bodyFile,
        warmUpSeconds: WARM_UP_MS / 1000,
        seconds: Math.ceil(job.seconds),
      };
      const { stdout } = await runPinned(["node", SCRIPT, folder, JSON.stringify(asked)]);
      const { failed, ...run } = JSON.parse(stdout) as ClientRun & { readonly failed: number };
      if (failed > 0) {
        throw new RangeError(`Cannot compare with autocannon as every request must succeed: ${failed} failed`);
      }
      return run;
    },
  };
}
