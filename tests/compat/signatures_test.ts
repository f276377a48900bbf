import { assertEquals } from "@std/assert";
import type * as adapter from "../../compat/std-assert/mod.ts";
import { parseArgs } from "../../compat/std-cli/parse_args.ts";
import type { StdAssert, StdParsed } from "./std_signatures.ts";

/** True where two types are assignable both ways. */
type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : false : false;

/** Fails to compile unless every adapter has the signature of the real function. */
const ASSERT: { readonly [Name in keyof StdAssert]: Same<StdAssert[Name], (typeof adapter)[Name]> } = {
  AssertionError: true,
  assert: true,
  assertFalse: true,
  equal: true,
  assertEquals: true,
  assertNotEquals: true,
  assertStrictEquals: true,
  assertAlmostEquals: true,
  assertGreater: true,
  assertGreaterOrEqual: true,
  assertLess: true,
  assertLessOrEqual: true,
  assertArrayIncludes: true,
  assertStringIncludes: true,
  assertMatch: true,
  assertNotMatch: true,
  assertExists: true,
  assertInstanceOf: true,
  assertThrows: true,
  assertRejects: true,
  fail: true,
  unreachable: true,
};

/** The symbols of each entry point that the real package has, and the adapter's module. */
const ENTRIES: Readonly<Record<string, { readonly real: readonly string[]; readonly adapter: string }>> = {
  "@std/assert": { real: Object.keys(ASSERT), adapter: "compat/std-assert/mod.ts" },
  "@std/cli/parse-args": { real: ["parseArgs"], adapter: "compat/std-cli/parse_args.ts" },
};

const ROOT = new URL("../../", import.meta.url);

Deno.test("the project imports only what an adapter and the real packages both have", async () => {
  const used = await usedSymbols();
  assertEquals([...used.keys()].sort(), Object.keys(ENTRIES));
  for (const [entry, symbols] of used) {
    const { real, adapter } = ENTRIES[entry]!;
    const ours = Object.keys(await import(new URL(adapter, ROOT).href));
    assertEquals([...symbols].filter((symbol) => !real.includes(symbol)), [], `${entry} has no such symbol on record`);
    assertEquals([...symbols].filter((symbol) => !ours.includes(symbol)), [], `${adapter} lacks symbols`);
  }
});

Deno.test("parseArgs() gives results the types that the real package gives", () => {
  const flags = parseArgs([], { boolean: ["b"], string: ["s"] });
  const collected = parseArgs([], { boolean: ["b"], string: ["s"], collect: ["b", "s"] });
  const defaults = parseArgs([], { string: ["s"], default: { s: 1 } });
  const same: {
    readonly flags: Same<StdParsed["flags"], typeof flags>;
    readonly collected: Same<StdParsed["collected"], typeof collected>;
    readonly defaults: Same<StdParsed["defaults"], typeof defaults>;
  } = { flags: true, collected: true, defaults: true };
  assertEquals(Object.values(same), [true, true, true]);
});

/** What the modules, the tests and the examples in the documentation import of `@std/`, by entry point. */
async function usedSymbols(): Promise<Map<string, Set<string>>> {
  const used = new Map<string, Set<string>>();
  for (const folder of ["src/", "tasks/", "tests/"]) {
    for await (const text of textsOf(new URL(folder, ROOT))) {
      for (const [, names, entry] of text.matchAll(/import \{([^}]*)\} from "(@std\/[^"]+)"/g)) {
        const symbols = used.get(entry!) ?? new Set();
        for (const name of names!.matchAll(/(?:^|,)[\s*]*(?:type )?(\w+)/g)) symbols.add(name[1]!);
        used.set(entry!, symbols);
      }
    }
  }
  return used;
}

async function* textsOf(folder: URL): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* textsOf(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield await Deno.readTextFile(new URL(entry.name, folder));
  }
}
