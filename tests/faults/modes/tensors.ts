import { either, fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { type Mode, oneIn } from "../mode.ts";
import { body, changed } from "../server/scripts.ts";

const MALFORMED = fails("malformed");
const ESCAPES = "\x1b[2J\x1b[31mred\x07\u202e";
const KSERVE = { dialects: ["kserve-v2"] } as const;

/** The outputs of an answer of the Open Inference Protocol, changed. */
// deno-lint-ignore no-explicit-any -- answers as servers write them
const outputs = (change: (output: any) => unknown) =>
  changed((answer) => ({ ...answer, outputs: answer.outputs.map(change) }));

/** Faults of the Open Inference Protocol's answers. */
export const TENSORS: readonly Mode[] = [
  onPredictions(
    "error-in-200",
    "answers 200 and an error",
    changed((answer) => ({ ...answer, error: "CUDA out of memory" })),
    fails("rejected", { says: /CUDA out of memory/ }),
    KSERVE,
  ),
  onPredictions(
    "error-in-200-one-in-five",
    "answers 200 and an error to one request in five",
    body('{"error":"CUDA out of memory"}'),
    fails("rejected", { says: /CUDA out of memory/ }),
    {
      hits: oneIn(5),
      ...KSERVE,
    },
  ),
  onPredictions(
    "escapes-in-error",
    "colours the terminal in an error",
    body(JSON.stringify({ error: ESCAPES })),
    fails("rejected"),
    KSERVE,
  ),
  onPredictions(
    "megabyte-of-error",
    "answers an error of a megabyte",
    body(JSON.stringify({ error: "x".repeat(2 ** 20) })),
    fails("rejected"),
    KSERVE,
  ),
  onPredictions(
    "another-name",
    "answers under another name, always the same",
    changed((answer) => ({ ...answer, model_name: "beta" })),
    SUCCEEDS,
    { ...KSERVE, says: /"beta"/ },
  ),
  onPredictions(
    "wrong-model",
    "answers one request in five with another model",
    changed((answer) => ({ ...answer, model_name: "beta" })),
    fails("wrong-model", { says: /beta/ }),
    {
      hits: oneIn(5),
      ...KSERVE,
    },
  ),
  onPredictions(
    "escapes-in-model",
    "colours the terminal in the name of another model, of one answer in five",
    changed((answer) => ({ ...answer, model_name: ESCAPES })),
    fails("wrong-model"),
    {
      hits: oneIn(5),
      ...KSERVE,
    },
  ),
  onPredictions(
    "no-outputs",
    "leaves out the outputs",
    changed(({ outputs: _, ...answer }) => answer),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "empty-outputs",
    "answers an empty list of outputs",
    changed((answer) => ({ ...answer, outputs: [] })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "outputs-are-words",
    "writes a text for the outputs",
    changed((answer) => ({ ...answer, outputs: "0.5" })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "output-is-null",
    "writes null for an output",
    outputs(() => null),
    fails(["malformed", "rejected"]),
    KSERVE,
  ),
  onPredictions(
    "data-is-null",
    "writes null for the data",
    outputs((output) => ({ ...output, data: null })),
    fails("rejected"),
    KSERVE,
  ),
  onPredictions(
    "data-of-nulls",
    "writes nulls for the numbers",
    outputs((output) => ({ ...output, data: output.data.map(() => null) })),
    fails("rejected"),
    KSERVE,
  ),
  onPredictions(
    "wrong-batch",
    "answers one row more than was asked for",
    outputs((output) => ({
      ...output,
      shape: [output.shape[0] + 1, output.shape[1]],
      data: [...output.data, 0, 0],
    })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "shape-beyond-data",
    "says a shape that holds more than comes",
    outputs((output) => ({ ...output, shape: [...output.shape, 1000] })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "shape-of-billions",
    "says a shape of 10^18 numbers",
    outputs((output) => ({ ...output, shape: [output.shape[0], 1e9, 1e9] })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "negative-shape",
    "says a negative shape",
    outputs((output) => ({ ...output, shape: [-1, -2] })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions("no-shape", "leaves out the shape", outputs(({ shape: _, ...output }) => output), MALFORMED, {
    ...KSERVE,
  }),
  onPredictions(
    "shape-of-words",
    "writes the shape in words",
    outputs((output) => ({ ...output, shape: ["one", "two"] })),
    MALFORMED,
    { ...KSERVE },
  ),
  onPredictions(
    "nan-in-data",
    "writes NaN for a number, which is no JSON",
    body(({ good }) => good.body.replace(/0\.5|1(?=\])/, "NaN")),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "infinity-in-data",
    "writes 1e999 for a number",
    body(({ good }) => good.body.replace(/"data":\[[^,]*/, '"data":[1e999')),
    either("malformed"),
    { ...KSERVE },
  ),
  onPredictions(
    "words-for-numbers",
    "writes texts where the type says numbers",
    outputs((output) => ({ ...output, data: output.data.map(String) })),
    either("malformed"),
    KSERVE,
  ),
  onPredictions(
    "wrong-datatype",
    "says a type that nobody knows",
    outputs((output) => ({ ...output, datatype: "FP7" })),
    either("malformed"),
    KSERVE,
  ),
  onPredictions(
    "names-twice",
    "names the outputs twice",
    body(({ good }) => good.body.replace("{", '{"outputs":[],')),
    either("malformed"),
    KSERVE,
  ),
  onPredictions(
    "binary-without-bytes",
    "says raw bytes and sends none",
    outputs(({ data: _, ...output }) => ({
      ...output,
      parameters: { binary_data_size: 1000 },
    })),
    MALFORMED,
    KSERVE,
  ),
  onPredictions(
    "binary-negative",
    "says a negative number of raw bytes",
    outputs(({ data: _, ...output }) => ({
      ...output,
      parameters: { binary_data_size: -5 },
    })),
    MALFORMED,
    { ...KSERVE },
  ),
  onPredictions(
    "json-length-beyond-body",
    "says more JSON than the body holds",
    body(({ good }) => good.body, "inference-header-content-length: 999999"),
    MALFORMED,
    KSERVE,
  ),
];
