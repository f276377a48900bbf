import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { OPTIONS } from "../../../src/cli/options/options.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { parse, refusal } from "./parsed.ts";

Deno.test("parseCommandLine() refuses values that cannot be", () => {
  const refused: readonly [readonly string[], string][] = [
    [
      ["--test-type", "latencies"],
      "must be one of basic, latency, throughput, scalability, prompts, memory, load, ab, comprehensive",
    ],
    [["--test-type", "latencies"], 'current value is "latencies" | Did you mean latency?'],
    [["--format", "xml"], 'must be one of text, json, csv, md: current value is "xml"'],
    [["--protocol", "grpc"], '"--protocol" must be one of auto, torch-inference'],
    [["--duration", "abc"], '"--duration" must be a number of seconds from 0.1 to 86400: current value is "abc"'],
    [["--duration", "5s"], 'current value is "5s" | Write seconds without a unit.'],
    [["--duration", "0"], 'current value is "0"'],
    [["--duration", "-5"], 'current value is "-5" | Write --duration SECONDS.'],
    [["--duration=1e9"], 'current value is "1e9"'],
    [["--duration", "Infinity"], 'current value is "Infinity"'],
    [["--timeout", "0x10"], 'current value is "0x10"'],
    [["--concurrency", "0"], '"--concurrency" must be a whole number from 1 to 4096: current value is "0"'],
    [["--concurrency", "1.5"], 'current value is "1.5"'],
    [["--batch-size", "4097"], 'from 1 to 4096: current value is "4097"'],
    [["--requests", "1e12"], "from 1 to 10000000"],
    [["--seed", "-1"], "from 0 to 4294967295"],
    [["--cold-starts", "NaN"], "from 1 to 1000"],
    [["--pid", "0", "--url", "http://h"], "must be a whole number from 1"],
    [
      ["--batch-sizes", "1,,2"],
      '"--batch-sizes" must be whole numbers, with commas between, from 1 to 4096: current value is ""',
    ],
    [["--levels", "1 2"], 'current value is "1 2" | Write --levels N,N,....'],
    [["--levels", Array(65).fill("1").join(",")], "must have at most 64 numbers"],
    [["--url", "gpu-1:8000"], "must start with http:// or https://"],
    [["--url", "http://"], "must start with http:// or https:// and name a host"],
    [["--report", "json"], '"--report" must be a file that ends in .html'],
    [["--report", "a.html", "--output", "a.html"], '"--output" and "--report" must differ'],
    [["--output", "page.HTML"], 'current value is "page.HTML" | A page is written besides, by --report FILE.html.'],
    [["--output", "r.xml"], "JUnit's XML is written besides, by --junit FILE.xml."],
    [["--output", "r.jsonl"], "Write --format json;"],
  ];
  for (const [argv, part] of refused) assertStringIncludes(refusal(...argv), part, argv.join(" "));
});

Deno.test("parseCommandLine() refuses an option without its value", () => {
  for (
    const argv of [["--model"], ["--model", ""], ["--model="], ["--model", "--quick"], ["--model", "  "], [
      "--model",
      "",
      "--quick",
    ], ["--model", "--quick=false", "a"]]
  ) {
    assertStringIncludes(
      refusal(...argv),
      '"--model" must have a value: there is none | Write --model NAME.',
      argv.join(" "),
    );
  }
  assertStringIncludes(refusal("--download"), "Write --download NAME.");
  assertStringIncludes(refusal("--levels"), "Write --levels N,N,....");
});

Deno.test("parseCommandLine() refuses arguments that are no options, with what was meant", () => {
  const refused: readonly [readonly string[], string][] = [
    [["--concurency", "4"], '"--concurency" is no option | Did you mean --concurrency?'],
    [["--concurency=4"], '"--concurency" is no option | Did you mean --concurrency?'],
    [["--batch", "4"], "Did you mean --batched or --batch-size or --batch-sizes?"],
    [["--batch_size", "4"], "Did you mean --batch-size?"],
    [["--no-verbose"], "--no-verbose"],
    [["--banana"], '"--banana" is no option | See --help --all for all options.'],
    [["-x"], '"-x" is no option'],
    [["-5"], '"-5" is no option'],
    [
      ["latency"],
      'everything must belong to an option: found "latency" | Write --test-type latency, or deno task latency.',
    ],
    [["--model", "my", "model"], 'found "model" | Quote a value with blanks'],
    [["--", "--quick"], 'found "--" | deno task passes options on without it.'],
    [["--quick=yes"], '"--quick" takes no value: found "--quick=yes"'],
  ];
  for (const [argv, part] of refused) assertStringIncludes(refusal(...argv), part, argv.join(" "));
});

Deno.test("parseCommandLine() refuses an option that is given twice", () => {
  assertStringIncludes(refusal("--model", "a", "--model=b"), '"--model" must be given once');
  assertStringIncludes(refusal("--quick", "--quick"), '"--quick" must be given once');
  assertStringIncludes(refusal("--test-type", "basic", "--test-type", "latency"), "use deno task run");
});

Deno.test("parseCommandLine() refuses options that would be ignored", () => {
  const refused: readonly [string, string][] = [
    [
      "--test-type latency --concurrency 4",
      '"--concurrency" as that is for basic, throughput, memory, prompts, ab, comprehensive | Leave it out',
    ],
    ["--test-type scalability --concurrency 4", "Use --levels."],
    ["--test-type basic --levels 1,2", "Use --concurrency."],
    ["--test-type throughput --batch-size 4", "Use --batch-sizes."],
    ["--test-type latency --batch-sizes 4", "Use --batch-size."],
    ["--test-type basic --cold-starts 4", "that is for latency, comprehensive"],
    ["--test-type basic --pid 4 --url http://h", "that is for memory, comprehensive"],
    ["--test-type memory --duration 5", '"--duration" as that is for the other tests | Use --soak.'],
    ["--test-type memory --requests 5", '"--requests" as that is for the other tests | Leave it out.'],
    ["--pid 4", '"--pid" as it must be for a server of yours: there is no "--url"'],
    ["--token-env TOKEN", '"--token-env" as it must be for a server of yours'],
    ["--list-models --duration 5", 'Cannot run "--list-models" with "--duration" as that is for tests'],
    ["--download bert --model bert", 'Cannot run "--download" with "--model"'],
    ["--download bert --list-models", "as it must be alone"],
  ];
  for (const [argv, part] of refused) assertStringIncludes(refusal(...argv.split(" ")), part, argv);
});

Deno.test("parseCommandLine() refuses options that a test would not look at beside others, and no others", () => {
  const both = (one: string, other: string) => `there must be one of "--${one}" and "--${other}": found both`;
  const alone = (name: string) =>
    `"--${name}" as it must be with "--rate": there is none | Leave it out, or give --rate.`;
  const refused: readonly [string, string][] = [
    ["basic --burst 4 --concurrency 2", alone("burst")],
    ["basic --arrivals constant", alone("arrivals")],
    ["basic --max-connections 64", alone("max-connections")],
    ["load --trace f --burst 4", both("burst", "trace")],
    ["load --ramp 1:9 --arrivals constant", both("arrivals", "ramp")],
    ["load --trace f --duration 9", both("duration", "trace")],
    ["load --trace f --requests 9 --slo p99<1s", both("requests", "trace")],
    ["prompts --prompts f", '"--prompts" as that is for the other tests | Leave it out.'],
    ["prompts --prompt-tokens 9", '"--prompt-tokens" as that is for the other tests | Use --prompt-lengths.'],
    ["prompts --input-data f", '"--input-data" as that is for the other tests | Leave it out.'],
    ["basic --prompt-tokens 9 --input-data f", both("prompt-tokens", "input-data")],
    ["latency --no-unload --cold-starts 2", both("cold-starts", "no-unload")],
    ["latency --no-unload --follow-ups 2", both("follow-ups", "no-unload")],
    ["comprehensive --no-unload --cold-starts 2", both("cold-starts", "no-unload")],
    ["memory --no-unload --cycles 2", both("cycles", "no-unload")],
    ["latency --url http://h --no-unload --reregister", both("reregister", "no-unload")],
    ["throughput --url http://h --no-unload --max-batch-delay 1", both("max-batch-delay", "no-unload")],
    ["ab --url http://a --url http://b --duration 9 --requests 9", both("duration", "requests")],
    ["comprehensive --start-command s --url http://h --no-unload --cycles 2", both("cycles", "no-unload")],
  ];
  for (const [argv, part] of refused) {
    assertStringIncludes(refusal("--test-type", ...argv.split(" ")), part, argv);
  }
  const taken = [
    "memory --no-unload --cycles 0",
    "load --slo p99<1s --requests 9",
    "basic --rate 9 --burst 4 --arrivals constant --max-connections 64",
    "load --burst 4 --arrivals constant --max-connections 64",
    "load --trace f --slo p99<1s --arrivals constant --duration 9",
    "load --ramp 1:9 --max-connections 64 --duration 9 --requests 9",
    "comprehensive --prompts f --no-unload",
    "comprehensive --start-command s --url http://h --no-unload --cold-starts 2 --follow-ups 2",
  ];
  for (const argv of taken) assertEquals(parse("--test-type", ...argv.split(" ")).kind, "run", argv);
});

Deno.test("parseCommandLine() never shows the value of a header or token", () => {
  const secret = "s3cr3t-t0ken";
  const refused: readonly (readonly string[])[] = [
    ["--header", secret],
    ["--header", `:${secret}`],
    ["--header", "X-Key:", secret],
    ["--header=X-Key:", secret],
    ["--header", `Bad Name: ${secret}`],
    ["--header", `X-A: ${secret}\n`.replace("\n", "\n.")],
    ["--header", `X-A: ${secret}`, "--header", `x-a: ${secret}`],
    ["--header", `Host: ${secret}`, "--header", `Connection: ${secret}`],
    ["--header", `authorization: ${secret}`, "--token-env", "TOKEN"],
    ["--token-env", secret],
    ["--token-env", secret.replaceAll("-", "_")],
  ];
  for (const argv of refused) {
    const said = refusal("--url", "http://h", ...argv);
    assertNotMatch(said, /s3cr3t/, said);
  }
  assertStringIncludes(refusal("--url", "http://h", "--token-env", "MISSING"), "must hold it: it is not set");
  assertStringIncludes(refusal("--url", "http://h", "--token-env", "EMPTY"), "it is empty");
});

Deno.test("parseCommandLine() either answers or throws a UsageError, whatever is written", () => {
  const word = fc.oneof(
    fc.constantFrom(...OPTIONS.map(({ name }) => `--${name}`)),
    fc.constantFrom("1", "-1", "", "a,b", "1,2", "latency", "json", "--", "-", "-q", "--=", "--x=y", "http://h"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      try {
        parse(...argv);
      } catch (error) {
        assert(error instanceof UsageError, `${argv}: ${error}`);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("parseCommandLine() refuses a value that cannot be, also of an option that this command does not look at", () => {
  assertStringIncludes(refusal("--list-models", "--url", "http://h", "--timeout", "soon"), "a number of seconds");
  assertStringIncludes(refusal("--list-models", "--url", "http://h", "--management-url", "h"), "http://");
  assertStringIncludes(refusal("--test-type", "basic", "--rate", "fast"), '"--rate" must be a number from 0.001');
});
