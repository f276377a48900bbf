import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { checkOptions } from "../../../src/measure/settings/check_options.ts";
import type { Default, SettingKey, TestName } from "../../../src/measure/settings/setting.ts";
import { SETTING_ROWS, SETTINGS } from "../../../src/measure/settings/settings.ts";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";

/** Words that `checkOptions()` refuses options with. */
const refusal = (options: object) => assertThrows(() => checkOptions(options), UsageError).message;

Deno.test("checkOptions() takes every setting at its bounds and its defaults, and refuses it beyond them", () => {
  for (const [key, { value, default: usual }] of SETTING_ROWS) {
    if (typeof usual === "object") {
      for (const { usual: each, quick = each } of [usual, ...Object.values(usual.of ?? {})]) {
        checkOptions({ [key]: each });
        checkOptions({ [key]: quick });
      }
    }
    if (!("least" in value) || value.kind === "span") continue;
    const { least, most, cap = most } = value as { least: number; most: number; cap?: number };
    const of = (number: number) => ({ [key]: value.kind === "wholes" || value.kind === "numbers" ? [number] : number });
    for (const bound of [least, most]) checkOptions({ ...of(bound), heavyLoad: true });
    for (const beyond of [least - 1e-6, most + 1, NaN, Infinity]) {
      assertStringIncludes(refusal(of(beyond)), `from ${least} to ${cap}: current value is`, key);
    }
  }
});

Deno.test("checkOptions() refuses values of another kind", () => {
  const rows: readonly [options: object, words: string][] = [
    [{ quick: "yes" }, '"quick" must be true or false: current value is yes'],
    [{ arrivals: "even" }, '"arrivals" must be one of constant, poisson: current value is even'],
    [{ levels: [1, 2.5] }, '"levels[1]" must be a whole number from 1 to 4096: current value is 2.5'],
    [{ levels: [] }, '"levels" must be a list with at least one number: current value is []'],
    [{ levels: 4 }, '"levels" must be a list'],
    [{ concurrency: "4" }, '"concurrency" must be a whole number'],
    [{ ramp: { fromPerSecond: 0, toPerSecond: 0 } }, '"ramp" must be two rates, from 0 to 1000000 and not both 0'],
    [{ ramp: { fromPerSecond: 1 } }, '"ramp" must be two rates'],
    [{ traceMs: [5, 1] }, '"traceMs" must be moments in ascending order'],
    [{ traceMs: [0, NaN] }, '"traceMs" must be moments'],
    [{ objectives: 5 }, '"objectives" must be a text'],
    [{ inputs: "x" }, '"inputs" must be'],
    [{ rates: [1], ramp: { fromPerSecond: 1, toPerSecond: 2 } }, 'only one of "rates" and "ramp" may be given'],
    [{ gpuMetricsUrl: 9400 }, '"gpuMetricsUrl" must be a text: current value is number'],
    [{ gpuMetricsUrl: "gpu-1:9400" }, "must start with http:// or https:// and name a host"],
    [{ gpuDevices: [] }, '"gpuDevices" must be a list with at least one GPU: current value is []'],
    [{ gpuDevices: [0, "cuda:0"] }, '"gpuDevices[1]" must be a number or UUID of a GPU: current value is cuda:0'],
    [{ burst: 5, arrivals: "poisson" }, '"burst" needs constant arrivals'],
  ];
  for (const [options, words] of rows) assertStringIncludes(refusal(options), words);
  checkOptions({ gpuMetricsUrl: "http://me:secret@gpu-1:9400", gpuDevices: [0, "GPU-5d3a"] });
  checkOptions({ ramp: { fromPerSecond: 0, toPerSecond: 10 }, clock: {}, signal: undefined });
});

Deno.test("the library and the command refuse the same bounds", () => {
  const rows: readonly [options: object, argv: string][] = [
    [{ durationMs: 99 }, "--duration 0.099"],
    [{ blocks: 1 }, "--test-type ab --url http://a --url http://b --blocks 1"],
    [{ concurrency: 4097 }, "--concurrency 4097"],
    [{ maxConnections: 16_385 }, "--test-type load --max-connections 16385"],
    [{ seed: 2 ** 32 }, "--seed 4294967296"],
  ];
  for (const [options, argv] of rows) {
    refusal(options);
    assertThrows(() => parseCommandLine(argv.split(" "), () => undefined), UsageError);
  }
});

/** The interfaces with the tests whose options they are. */
const INTERFACES: Readonly<Record<string, TestName | undefined>> = {
  TestOptions: undefined,
  LevelOptions: undefined,
  ArrivalOptions: undefined,
  BasicOptions: "basic",
  LatencyOptions: "latency",
  ThroughputOptions: "throughput",
  ScalabilityOptions: "scalability",
  PromptsOptions: "prompts",
  MemoryOptions: "memory",
  LoadOptions: "load",
  AbOptions: "ab",
};

/** What `@default` must say, or `null` where the row leaves it open. */
function documented(key: SettingKey, test: TestName | undefined): string | null {
  const setting = SETTING_ROWS.find(([name]) => name === key)![1];
  const usual = setting.default;
  if (usual === undefined) return setting.value.kind === "flag" ? "false" : null;
  if (typeof usual === "string") return usual;
  const text = ({ usual, quick }: Omit<Default<unknown>, "of">) =>
    [usual, ...(quick === undefined ? [] : [quick])].map((value) => JSON.stringify(value).replaceAll(",", ", "))
      .join(", ") + (quick === undefined ? "" : " with quick");
  const own = test === undefined ? undefined : usual.of?.[test];
  if (own !== undefined) return text(own);
  const short = ({ usual: value, quick }: Omit<Default<unknown>, "of">) =>
    text(quick === usual.quick ? { usual: value } : { usual: value, quick });
  const others = test === undefined ? Object.entries(usual.of ?? {}).map(([of, value]) => `${of} ${short(value)}`) : [];
  return [text(usual), ...others, ...(test === undefined && usual.note !== undefined ? [usual.note] : [])].join("; ");
}

Deno.test("the documentation of the options states the defaults of the table", async () => {
  const source = await Deno.readTextFile(new URL("../../../src/measure/settings/options.ts", import.meta.url));
  let seen = 0;
  for (const [, name, body] of source.matchAll(/export interface (\w+)[^{]*\{\n([\s\S]*?)\n\}/g)) {
    assert(name! in INTERFACES, `${name} has a test`);
    for (const [, doc, key] of body!.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}readonly (\w+)\?:/g)) {
      if (!(key! in SETTINGS)) continue;
      const found = /@default \{(.*)\}/.exec(doc!)?.[1] ?? null;
      assertEquals(found, documented(key as SettingKey, INTERFACES[name!]), `${name}.${key}`);
      seen++;
    }
  }
  assert(seen >= SETTING_ROWS.length, `${seen}`);
});
