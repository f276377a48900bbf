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

const made = new Map<Numeric, NumberArray>();

/**
 * The values of tensors that are made: hundredths from 0 to 0.99, integers from 0 to 99, for BOOL 0 and 1. They are valid
 * pixels of either scale and token ids of every vocabulary.
 *
 * @param datatype The element type.
 */
export function madeValues(datatype: Numeric): NumberArray {
  let values = made.get(datatype);
  if (values === undefined) {
    const count = datatype === "BOOL" ? 2 : 100;
    const step = isFloat(datatype) ? 100 : 1;
    made.set(datatype, values = numberArray(datatype, Array.from({ length: count }, (_, i) => i / step)));
  }
  return values;
}

const fine = new Map<Numeric, NumberArray>();
const FINE_STEPS = 10_000;

/**
 * The values by which tensors of few elements differ from request to request: ten-thousandths where the element type is fine
 * enough for them, else those of {@linkcode madeValues}.
 *
 * @param datatype The element type.
 */
export function fineValues(datatype: Numeric): NumberArray {
  if (datatype !== "FP32" && datatype !== "FP64") return madeValues(datatype);
  let values = fine.get(datatype);
  if (values === undefined) {
    fine.set(datatype, values = numberArray(datatype, Array.from({ length: FINE_STEPS }, (_, i) => i / FINE_STEPS)));
  }
  return values;
}
