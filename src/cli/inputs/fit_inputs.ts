import { UsageError } from "../../core/errors.ts";
import type { InputSpec, ModelInput, PartialInput, Tensor, TensorSpec } from "../../core/model_input.ts";
import type { Protocol } from "../../core/protocol.ts";
import { isRecord } from "../../items/given/tensor_value.ts";
import { guessedInputs, itemTensors, onlyInput } from "../../items/item_tensors.ts";
import { type InputOverrides, isEmpty } from "../options/input_overrides.ts";
import { completedInputs, namesAnother } from "./completed_inputs.ts";
import { fitArray } from "./fit_array.ts";
import { fitFile } from "./fit_file.ts";
import { folderItems } from "./folder_items.ts";
import { overriddenInputs } from "./overridden_inputs.ts";
import { perfAnalyzerItems } from "./perf_analyzer.ts";
import type { RawSample } from "./raw_sample.ts";

/** What is known where items are fitted. */
interface Known {
  /** What the model takes, `null` if nobody knows. */
  readonly spec: InputSpec | null;
  /** Whether its server takes bytes as they are. */
  readonly takesBytes: boolean;
  /** Whether it takes tensors with names. */
  readonly takesTensors: boolean;
  /** Is told what is passed over. */
  readonly note: (text: string) => void;
}

/**
 * Items that a model takes, from what the user gave.
 *
 * - An array is one item where it has as many dimensions as the input, several where it has one more.
 * - A file is sent as it is to servers and inputs that take bytes; else an image is decoded to the shape of the input.
 * - Of servers that take tensors with names, a folder may hold a file for each input, and JSON the data of perf_analyzer.
 *
 * @param raw What the files hold; `null` where items shall be made.
 * @param overrides Shapes and element types that the user gave.
 * @param known What the model takes, `null` if nobody knows.
 * @param protocol Whether its server takes bytes as they are, or tensors with names.
 * @param note Is told what is passed over.
 * @param told What the server says of the inputs where that is not all.
 * @returns `null` where nothing was given and nothing is known, or the server says too little of inputs that it names.
 * @throws {UsageError} If something given cannot be what the model takes.
 */
export async function fitInputs(
  raw: readonly RawSample[] | null,
  overrides: InputOverrides,
  known: InputSpec | null,
  { takesBytes = false, takesTensors = false }: Pick<Protocol, "takesBytes" | "takesTensors">,
  note: (text: string) => void = () => {},
  told: readonly PartialInput[] = [],
): Promise<InputSpec | null> {
  const shape = shapeOfItems(raw);
  const completed = known === null ? completedInputs(told, overrides, shape) : null;
  // What has a name is not guessed, but where the user names another, or gives files that have names and shapes of their own.
  const isGuessed = told.length === 0 || shape === null || namesAnother(told, overrides);
  if (raw !== null && known === null && completed === null && !isGuessed) return null;
  // Items have shapes of their own.
  const needsShapes = raw === null || raw.some(({ kind }) => kind !== "item");
  const spec = overriddenInputs(known ?? completed, overrides, needsShapes, takesTensors);
  if (raw === null) return spec;
  const samples: ModelInput[] = [];
  for (const sample of raw) {
    for (const item of await fitSample(sample, { spec, takesBytes, takesTensors, note })) samples.push(item);
  }
  if (!takesTensors || spec !== null && spec.kind !== "tensors") return { kind: "samples", samples, ...atFront(spec) };
  if (isEmpty(overrides) && completed === null) {
    return spec === null
      ? { kind: "samples", samples }
      : { kind: "samples", samples, ...compared(samples, spec.tensors) };
  }
  const given = known === null && completed === null ? null : spec?.tensors ?? null;
  const specsOf = (item: ModelInput) => given ?? guessedSpecs(item, spec?.tensors ?? []);
  const fitted = samples.map((sample) => {
    const item = withoutOmitted(sample, overrides);
    return { kind: "tensors", tensors: itemTensors(item, specsOf(item)) } as const;
  });
  return { kind: "samples", samples: fitted, ...compared(fitted, []) };
}

/** Texts differ where those that would be made do: a language model may keep what it knows of a beginning. */
function atFront(spec: InputSpec | null): { readonly variesAtFront?: true } {
  const isAtFront = spec?.kind === "prompts" || spec !== null && spec.kind !== "tensors" && spec.variesAtFront;
  return isAtFront ? { variesAtFront: true } : {};
}

/** The shape that given items have where no other is known, `null` if one must be. */
function shapeOfItems(raw: readonly RawSample[] | null): readonly number[] | null {
  const [first] = raw ?? [];
  if (first?.kind === "array") return first.array.shape.map(() => -1);
  return raw !== null && raw.every(({ kind }) => kind === "item") ? [] : null;
}

/** Refuses now, not when it is its turn, what cannot be sent, and finds items that cannot stand in one batch. */
function compared(samples: readonly ModelInput[], specs: readonly TensorSpec[]): { readonly unlike?: string } {
  let first: readonly Tensor[] | undefined, unlike: string | undefined;
  for (const item of samples) {
    const tensors = itemTensors(item, specs);
    first ??= tensors;
    unlike ??= difference(first, tensors);
  }
  return unlike === undefined ? {} : { unlike };
}

function difference(first: readonly Tensor[], other: readonly Tensor[]): string | undefined {
  const [names, others] = [first, other].map((tensors) => tensors.map(({ name }) => name).join(", "));
  if (names !== others) return `those given have the inputs ${names} and ${others}`;
  const i = first.findIndex(({ shape }, i) => String(shape) !== String(other[i]!.shape));
  if (i < 0) return undefined;
  return `those given for "${first[i]!.name}" are of the shapes [${first[i]!.shape}] and [${other[i]!.shape}]`;
}

/** Of a model that nobody describes: what the user says of its inputs, and the others as the item has them. */
function guessedSpecs(item: ModelInput, said: readonly TensorSpec[]) {
  const isNamed = item.kind === "json" && isRecord(item.value);
  const others = isNamed || said.length === 0 && item.kind === "json" ? guessedInputs(item.value) : [];
  return [...said, ...others.filter(({ name }) => said.every((spec) => spec.name !== name))];
}

/** An item that may still name inputs that are not sent. */
function withoutOmitted(item: ModelInput, { omitted = [] }: InputOverrides): ModelInput {
  if (omitted.length === 0 || item.kind !== "json" || !isRecord(item.value)) return item;
  const kept = Object.entries(item.value).filter(([name]) => !omitted.includes(name));
  return { ...item, value: Object.fromEntries(kept) };
}

async function fitSample(sample: RawSample, known: Known): Promise<readonly ModelInput[]> {
  const { spec, takesBytes, takesTensors, note } = known;
  const tensors = spec?.kind === "tensors" ? spec.tensors : null;
  switch (sample.kind) {
    case "item": {
      const { item } = sample;
      const items = takesTensors && item.kind === "json" ? perfAnalyzerItems(item.value, tensors, note) : null;
      // That its numbers may be floats is told of the whole document.
      const how = item.kind === "json" && item.written !== undefined ? { written: item.written } : {};
      return items?.map((value) => ({ kind: "json", value, ...how })) ?? [item];
    }
    case "array": {
      const arrays = fitArray(sample.array, onlyTensor(spec, sample.path), sample.path);
      return arrays.map((tensor) => ({ kind: "tensors", tensors: [tensor] }));
    }
    case "file": {
      const { bytes, contentType, path } = sample;
      if (takesBytes || takesTensors && spec?.kind === "text") return [{ kind: "bytes", bytes, contentType }];
      const tensor = await fitFile(sample, onlyTensor(spec, path), takesTensors);
      return [{ kind: "tensors", tensors: [tensor] }];
    }
    case "folder": {
      const items = takesTensors && tensors !== null ? await folderItems(sample, tensors, note) : null;
      if (items !== null) return items;
      const all: ModelInput[] = [];
      for (const file of sample.files) {
        for (const inner of await file.samples()) {
          for (const item of await fitSample(inner, known)) all.push(item);
        }
      }
      return all;
    }
  }
}

/** The model's input, if it is known and there is one. */
function onlyTensor(spec: InputSpec | null, path: string): TensorSpec | null {
  if (spec === null || spec.kind === "samples") return null;
  const only = spec.kind === "tensors" ? onlyInput(spec.tensors) : null;
  if (only !== null) return only;
  const found = spec.kind === "tensors" ? spec.tensors.map(({ name }) => name).join(" and ") : "a text";
  throw new UsageError(
    `Cannot send "${path}" as the model must take one tensor: it takes ${found}`,
    spec.kind !== "tensors" ? {} : { hint: "Give a folder with a file for each input, named like it." },
  );
}
