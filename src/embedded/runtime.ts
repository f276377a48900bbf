import { fileURLToPath } from "node:url";
import { TargetError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";

/** What of a system decides whether the runtime has a build for it. */
export type System = Pick<typeof Deno.build, "os" | "arch">;

/** Systems for which ONNX Runtime comes built, by what Deno calls them. */
const BUILDS: Readonly<Partial<Record<System["os"], readonly System["arch"][]>>> = {
  linux: ["x86_64", "aarch64"],
  darwin: ["aarch64"],
  windows: ["x86_64", "aarch64"],
};

const SYSTEM_NAMES: Readonly<Partial<Record<System["os"], string>>> = {
  linux: "Linux",
  darwin: "macOS",
  windows: "Windows",
};

const OWN_SERVER = "Measure a server of your own, here or elsewhere: that needs nothing of it.";

/** What is said while the runtime comes. */
export const FETCHING = "fetching the embedded server's runtime, ONNX Runtime, once: 115 MB, which take 295 MB on disk";

/**
 * Makes sure that the runtime has a build for a system.
 *
 * @param system Which.
 * @throws {TargetError} If it has none; the message says which have one.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * checkRuntime({ os: "darwin", arch: "aarch64" });
 * assertThrows(() => checkRuntime({ os: "darwin", arch: "x86_64" }), Error, "found macOS on Intel");
 * ```
 */
export function checkRuntime({ os, arch }: System): void {
  if (BUILDS[os]?.includes(arch)) return;
  throw new TargetError(
    "Cannot start the embedded server as its runtime, ONNX Runtime, is built for Linux, Windows, and macOS on Apple " +
      `silicon: found ${SYSTEM_NAMES[os] ?? os} on ${arch === "x86_64" ? "Intel" : "ARM"}`,
    { hint: OWN_SERVER },
  );
}

/** How the server's process is started. */
export interface EmbeddedProgram {
  /** The program: Deno. */
  readonly command: string;
  /** Its arguments that say which packages there are. */
  readonly packages: readonly string[];
  /** The module that it runs. */
  readonly module: string;
}

/**
 * How the server's process is started from where this module stands. In a folder its packages have a configuration and a
 * lock file of their own, beside this file, so that nobody fetches them who measures another server. From JSR it is the
 * published module. A compiled program runs nothing but itself: there it is that too, and the Deno of the PATH.
 *
 * @param main Address of the server's module, in this folder.
 * @param isCompiled Whether this program was made by `deno compile`.
 */
export function embeddedProgram(main: string, isCompiled: boolean): EmbeddedProgram {
  const command = isCompiled ? "deno" : Deno.execPath();
  const published = `jsr:@torchgauge/torchgauge@${VERSION}/embedded`;
  if (isCompiled || main.startsWith("https://jsr.io/")) {
    return { command, packages: ["--no-config"], module: published };
  }
  if (!main.startsWith("file:")) return { command, packages: ["--no-config"], module: main };
  return { command, packages: ["--config", fileURLToPath(new URL("./deno.json", main))], module: main };
}

/**
 * What a server that did not start said, without Deno's account of what it fetched.
 *
 * @param errorText All that its process wrote to stderr.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ownWords("Download https://a/b.tgz\nerror: no model\n\nStack backtrace:\n   0: <unknown>\n"), "error: no model");
 * ```
 */
export function ownWords(errorText: string): string {
  return errorText.replace(/^(?:Download|Initialize) .*\n?/gm, "").replace(/^Stack backtrace:\n[\s\S]*/m, "").trim();
}

/** What Deno says where a package did not come. */
const UNFETCHED = /error sending request|dns error|[Ff]ailed (?:loading|caching|to fetch)|npm package .* not found/;

/**
 * The error where the runtime could not be fetched.
 *
 * @param errorText What the process wrote to stderr.
 * @returns It, or `null` where the process ended for another reason.
 */
export function notFetched(errorText: string): TargetError | null {
  if (!UNFETCHED.test(errorText)) return null;
  return new TargetError(
    "Cannot start the embedded server as its runtime, ONNX Runtime, must be fetched once: npm's registry did not answer",
    { hint: `Try again with a network. ${OWN_SERVER}` },
  );
}
