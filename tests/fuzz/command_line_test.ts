/** Command lines of any words and values, and notebooks. */
import fc from "fast-check";
import { parseCommandLine } from "../../src/cli/options/command_line.ts";
import { OPTIONS } from "../../src/cli/options/options.ts";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { changedJson, changedText, surprise } from "./hostile.ts";
import { survives } from "./survives.ts";

/** Values that some option takes. */
const VALUES = [
  ...["1", "0", "-1", "1.5", "100ms", "10s", "2m", "8,1,1", "1:8:2", "1..8", "p99<100ms", "http://gpu-1:8000/base"],
  ...[
    "X-Team: a: b",
    "name=value",
    "image:3,224,224",
    "FP32",
    "json",
    "basic",
    "comprehensive",
    "auto",
    "@file",
    "/dev/null",
  ],
];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: changedText(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: surprise.map((one) => JSON.stringify(one)) },
);
const named = fc.tuple(fc.constantFrom(...OPTIONS), value).chain(([{ name, short }, value]) =>
  fc.constantFrom(
    [`--${name}`, value],
    [`--${name}=${value}`],
    [`--${name}`],
    [`--no-${name}`],
    [`-${short ?? "x"}`, value],
    [value],
  )
);

survives("parseCommandLine()", fc.array(named, { maxLength: 6 }), 3000, (words) => {
  parseCommandLine(words.flat(), (name) => name.startsWith("T") ? "abc\n" : undefined);
});

const NOTEBOOKS = ["01_quick_start", "05_memory"].map((name) =>
  Deno.readTextFileSync(new URL(`../../notebooks/${name}.ipynb`, import.meta.url))
);

survives(
  "parseNotebook()",
  fc.oneof(changedJson(...NOTEBOOKS.map((text) => JSON.parse(text))), changedText(...NOTEBOOKS)),
  300,
  (text) => parseNotebook(text, "changed"),
);
