import { isFloat, type NumberArray, numberArray, type Numeric } from "./number_arrays.ts";

const WORDS =
  ("time year people way day man thing woman life child world school state family student group country problem hand " +
    "part place case week company system program question work government number night point home water room mother " +
    "area money story fact month lot right study book eye job word business issue side kind head house service friend " +
    "father power hour game line end member law car city community name president team minute idea body information " +
    "back parent face others level office door health person art war history party result change morning reason " +
    "research girl guy moment air teacher force education").split(" ");

/** Words of texts that are made. */
export const MADE_WORDS: readonly string[] = WORDS;

/** Words of one length, each behind a space: any of them may stand where another does. */
export const EVEN_WORDS: readonly string[] = WORDS.filter((word) => word.length === 4).map((word) => ` ${word}`);

/** The same, each with a space behind it: they may stand at the front of a text. */
export const FRONT_WORDS: readonly string[] = EVEN_WORDS.map((word) => `${word.slice(1)} `);

const made = new Map<string, NumberArray>();
/** So many different items are wanted of a small tensor. */
const WANTED = 1e8;
/** Most fractions that an element may have. */
const MOST_FRACTIONS = 1e5;

/**
 * The values of tensors that are made: hundredths from 0 to 0.99, integers from 0 to 99, for BOOL 0 and 1. They are valid
 * pixels of either scale and token ids of every vocabulary.
 *
 * @param datatype The element type.
 */
export function madeValues(datatype: Numeric): NumberArray {
  return datatype === "BOOL" ? valuesOf(datatype, 2, 1) : valuesOf(datatype, 100, isFloat(datatype) ? 100 : 1);
}

/**
 * What may stand in an element that tells requests apart: where a tensor has few, more decimals than hundredths, so that a
 * single number can still differ 100,000 times. Integers keep to the values that are made: they may be of a small vocabulary.
 *
 * @param datatype The element type.
 * @param elements How many the tensor has.
 */
export function varyingValues(datatype: Numeric, elements: number): NumberArray {
  if (datatype !== "FP32" && datatype !== "FP64") return madeValues(datatype);
  let fractions = 100;
  while (fractions ** elements < WANTED && fractions < MOST_FRACTIONS) fractions *= 10;
  return valuesOf(datatype, fractions, fractions);
}

function valuesOf(datatype: Numeric, count: number, step: number): NumberArray {
  const key = `${datatype} ${count}`;
  let values = made.get(key);
  if (values === undefined) {
    made.set(key, values = numberArray(datatype, Array.from({ length: count }, (_, i) => i / step)));
  }
  return values;
}
