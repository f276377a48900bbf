/**
 * Whether the registry knows of a vulnerability of high severity in what the tests' lock file names, which holds all that
 * the others do: `deno task dev:audit`. Where the registry does not answer, that is said and nothing fails.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { spawnPermitted } from "../src/core/process/spawn_permitted.ts";

/** Longest wait for the registry, ms. */
const TIMEOUT_MS = 60_000;

/** What Deno says where the registry did not answer. */
const UNANSWERED = /Failed to get data from the registry: (.*)/;

// deno-lint-ignore no-console -- this is a command
const print = (line: string) => console.log(line);

if (import.meta.main) {
  const child = spawnPermitted(Deno.execPath(), {
    args: ["audit", "--level=high", "--ignore-registry-errors", "--frozen-lockfile", ...Deno.args],
    cwd: fileURLToPath(new URL("../tests/", import.meta.url)),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill();
  }, TIMEOUT_MS);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim()).join("\n").trim();
  const why = isLate ? `nothing within ${TIMEOUT_MS / 1000} s` : UNANSWERED.exec(said)?.[1];
  if (why !== undefined) print(`Not audited: the registry did not answer (${why})`);
  else {
    print(said);
    Deno.exit(code);
  }
}
