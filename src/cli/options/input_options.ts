import type { OptionSpec } from "./option.ts";
import { FLAG, text } from "./option_values.ts";

const SEND = { group: "What to send" } as const;

/** The options that say what the model's inputs are. */
export const INPUT_OPTIONS = [
  {
    ...SEND,
    name: "input-shape",
    value: text("NAME:N,N,..."),
    description: "Dimensions of one of the model's inputs, for those that may have any; may be given several times",
    default: "what the server says, 16 where it takes any",
    repeatable: true,
    key: "inputs.tensors",
  },
  {
    ...SEND,
    name: "input-datatype",
    value: text("NAME:TYPE"),
    description: "Element type of one of the model's inputs: FP32, INT64, ...; may be given several times",
    default: "what the server says",
    repeatable: true,
    key: "inputs.tensors.datatype",
  },
  {
    ...SEND,
    name: "omit-input",
    value: text("NAME"),
    description: "An input that the model can do without and that is not sent (KServe v2); may be given several times",
    default: "of given items those that the model's configuration calls optional may lack",
    repeatable: true,
    key: "inputs.tensors.optional",
    needsUrl: true,
  },
  {
    ...SEND,
    name: "unbatched",
    value: FLAG,
    description: "The first dimension of the model's tensors is no batch: they are sent as they are (KServe v2)",
    default: "what the model's configuration says, else a guess by its shapes",
    needsUrl: true,
    not: "batched",
    key: "batched: false",
  },
  {
    ...SEND,
    name: "batched",
    value: FLAG,
    description: "It is: a request holds several items, and every output has a row for each (KServe v2)",
    default: "as --unbatched",
    needsUrl: true,
    key: "batched: true",
  },
] as const satisfies readonly OptionSpec[];
