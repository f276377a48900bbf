import { type CatalogModel, type ItemSpec, MAX_BATCH_SIZE } from "../models/catalog.ts";
import type { Items } from "./items.ts";
import { RequestError } from "./request_error.ts";
import { tokenize } from "../models/tokenize.ts";

/** The items of a request, and whether they came as a list. */
export interface ReadItems {
  /** The items. */
  readonly items: Items;
  /** Whether the client sent a list: it then gets one. */
  readonly asList: boolean;
}

/**
 * Reads the items of a JSON request: one item, or a list of them. One image is a nested `[C][H][W]` list of numbers,
 * one text a string.
 *
 * @param model The model that will see them.
 * @param inputs What the request holds.
 * @throws {RequestError} With 400 if they are not items of this model.
 */
export function readItems(model: CatalogModel, inputs: unknown): ReadItems {
  return model.item.kind === "text" ? readTexts(model.item, inputs) : readTensors(model.item, inputs);
}

/**
 * Makes items of texts.
 *
 * @param spec What the model takes.
 * @param texts The texts.
 */
export function textItems(spec: ItemSpec & { readonly kind: "text" }, texts: readonly string[]): Items {
  return { kind: "text", count: texts.length, tokens: texts.map((text) => tokenize(text, spec.maxTokens)) };
}

/**
 * Refuses a batch that the server does not run, before anything is allocated for it.
 *
 * @param count Items in the batch.
 * @throws {RequestError} With 400.
 */
export function checkBatchSize(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_BATCH_SIZE) return;
  throw new RequestError(
    400,
    `Cannot predict as the batch size must be from 1 to ${MAX_BATCH_SIZE}: current value is ${count}`,
  );
}

function readTexts(spec: ItemSpec & { readonly kind: "text" }, inputs: unknown): ReadItems {
  const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  if (!list.every((text) => typeof text === "string")) {
    throw new RequestError(400, 'Cannot predict as "inputs" must be a text or a list of texts');
  }
  checkBatchSize(list.length);
  return { items: textItems(spec, list), asList: Array.isArray(inputs) };
}

function readTensors({ shape }: ItemSpec & { readonly kind: "tensor" }, inputs: unknown): ReadItems {
  const depth = nesting(inputs);
  if (depth !== shape.length && depth !== shape.length + 1) {
    const wanted = `a nested [${shape}] list of numbers or a list of them`;
    throw new RequestError(400, `Cannot predict as "inputs" must be ${wanted}: found ${depth} levels of lists`);
  }
  const asList = depth > shape.length;
  const count = asList ? (inputs as readonly unknown[]).length : 1;
  checkBatchSize(count);
  const dims = asList ? [count, ...shape] : shape;
  return { items: { kind: "tensor", count, data: flattenNumbers(inputs, dims, "inputs") }, asList };
}

/**
 * Flattens nested lists of numbers.
 *
 * @param value The lists, or a flat list of all the numbers.
 * @param dims Dimensions that they must have.
 * @param name What the client calls it.
 * @returns The numbers, row-major.
 * @throws {RequestError} With 400 if a list has another length or a number is none.
 */
export function flattenNumbers(value: unknown, dims: readonly number[], name: string): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(dims.reduce((product, size) => product * size, 1));
  let offset = 0;
  const walk = (part: unknown, level: number): void => {
    const size = dims[level]!;
    if (!Array.isArray(part) || part.length !== size) {
      const found = Array.isArray(part) ? `a list of ${part.length}` : JSON.stringify(part);
      throw new RequestError(
        400,
        `Cannot predict as "${name}" must have the shape [${dims}]: found ${found} at level ${level + 1}`,
      );
    }
    if (level < dims.length - 1) return part.forEach((inner) => walk(inner, level + 1));
    for (let i = 0; i < size; i++) {
      const number: unknown = part[i];
      if (typeof number !== "number" || !Number.isFinite(Math.fround(number))) {
        const wanted = "numbers that a 32-bit float can hold";
        throw new RequestError(400, `Cannot predict as "${name}" must hold ${wanted}: found ${JSON.stringify(number)}`);
      }
      flat[offset++] = number;
    }
  };
  walk(value, 0);
  return flat;
}

function nesting(value: unknown): number {
  let depth = 0;
  for (let inner = value; Array.isArray(inner); inner = inner[0]) depth++;
  return depth;
}
