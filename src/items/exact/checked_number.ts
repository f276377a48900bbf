import { UsageError } from "../../core/errors.ts";
import type { Datatype } from "../../core/model_input.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import { toBfloat16 } from "./bfloat16.ts";

/** The least and the largest integer of the types that hold them. */
const RANGES: Readonly<Partial<Record<Datatype, readonly [least: bigint, most: bigint]>>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => {
    const half = 2n ** BigInt(bits - 1);
    return [[`INT${bits}`, [-half, half - 1n]], [`UINT${bits}`, [0n, 2n * half - 1n]]];
  }),
);

/** How a number is rounded by the shorter of the floats. */
const ROUNDS: Readonly<Partial<Record<Datatype, (value: number) => number>>> = {
  FP16: Math.f16round,
  BF16: toBfloat16,
  FP32: Math.fround,
};

/**
 * A given number that an element type can hold: an integer as it is, as it may be an id; another rounded at most as its type
 * does.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(checkedNumber("ids", "INT64", 9007199254740993n), 9007199254740993n);
 * assertThrows(() => checkedNumber("ids", "UINT8", 256));
 * assertThrows(() => checkedNumber("ids", "FP32", 16777217));
 * assertEquals(checkedNumber("ids", "FP32", 16777217, true), 16777217);
 * ```
 *
 * @param name The model's input, for messages.
 * @param datatype The element type.
 * @param element The number.
 * @param mayBeFloat Whether a number that is an integer may have been given as a float, `16777217.0`. @default {false}
 * @returns The number; a bigint only where the type has 64 bits.
 * @throws {UsageError} If it would become another: too large, a fraction that is no integer, or an integer that is rounded.
 */
export function checkedNumber<N extends number | bigint>(
  name: string,
  datatype: Datatype,
  element: N,
  mayBeFloat = false,
): N | number {
  const range = RANGES[datatype];
  if (range === undefined) {
    const number = Number(element), rounded = ROUNDS[datatype]?.(number) ?? number;
    const overflows = !Number.isFinite(rounded) && (typeof element === "bigint" || Number.isFinite(number));
    if (overflows) throw refused(name, datatype, element);
    const isAltered = typeof element === "bigint"
      ? BigInt(rounded) !== element
      : !mayBeFloat && rounded !== number && Number.isSafeInteger(number);
    if (isAltered) throw refused(name, datatype, element, roundedHint(element));
    return number;
  }
  if (typeof element !== "bigint" && !Number.isInteger(element)) throw refused(name, datatype, element);
  if (element < range[0] || element > range[1]) throw refused(name, datatype, element);
  return datatype.endsWith("64") ? element : Number(element);
}

function refused(name: string, datatype: Datatype, element: number | bigint, hint?: OptionWords): UsageError {
  return new UsageError(
    `Cannot send the input "${name}" as ${datatype} must hold its numbers: found ${element}`,
    hint === undefined ? {} : { hint },
  );
}

function roundedHint(element: number | bigint): OptionWords {
  return naming`Say what is sent in its place with ${
    option("inputs.tensors.datatype")
  }, or give a float, ${element.toString()}.0, which is rounded.`;
}
