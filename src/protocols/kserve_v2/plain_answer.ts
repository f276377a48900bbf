import type { Asked } from "../../core/protocol.ts";
import { JsonSkim } from "../shared/json_skim.ts";

const word = (text: string) => new TextEncoder().encode(text);
const OUTPUTS = word("outputs"), MODEL_NAME = word("model_name"), ERROR = word("error");
const SHAPE = word("shape"), DATA = word("data"), PARAMETERS = word("parameters"), RAW_SIZE = word("binary_data_size");

const skim = new JsonSkim();

/** What is asked of a plain answer. */
export interface PlainlyAsked {
  /** The request. */
  readonly asked: Asked;
  /** Whether the leading dimension of an output is known to be the batch. */
  readonly countsRows: boolean;
  /** The name by which the answers before called the model. */
  readonly name: Uint8Array;
  /** Bytes of raw tensors behind the JSON. */
  readonly rawBytes: number;
}

/**
 * Whether an answer is a success of the usual form: the model by its usual name, and outputs whose shapes agree with a flat list
 * of as many elements, none of them null, or with the raw tensors that follow. It reads no more than that takes, and makes no
 * value: of every such answer the judge says the same.
 *
 * @param json The JSON part of the answer.
 * @param plain What is asked of it.
 * @returns `false` where it is to be judged with care, whatever it is worth.
 */
export function isPlainSuccess(json: Uint8Array, plain: PlainlyAsked): boolean {
  skim.begin(json);
  const is = isAnswer(plain);
  skim.end();
  return is;
}

function isAnswer(plain: PlainlyAsked): boolean {
  if (!skim.opensObject()) return false;
  let namesModel = false, rawBytes = -1;
  do {
    if (!skim.key() || skim.textIs(ERROR)) return false;
    if (skim.textIs(MODEL_NAME)) {
      if (namesModel || !skim.text() || !skim.textIs(plain.name)) return false;
      namesModel = true;
    } else if (skim.textIs(OUTPUTS)) {
      if (rawBytes >= 0 || (rawBytes = rawBytesOfOutputs(plain)) < 0) return false;
    } else if (!skim.value()) return false;
  } while (skim.isNext());
  return skim.closesObject() && skim.isOver() && namesModel && rawBytes === plain.rawBytes;
}

/** Bytes of raw tensors that the outputs name, -1 where they are not plain. */
function rawBytesOfOutputs(plain: PlainlyAsked): number {
  if (!skim.opensList()) return -1;
  let sum = 0;
  do {
    const bytes = rawBytesOfOutput(plain);
    if (bytes < 0) return -1;
    sum += bytes;
  } while (skim.isNext());
  return skim.closesList() ? sum : -1;
}

function rawBytesOfOutput({ asked, countsRows }: PlainlyAsked): number {
  if (!skim.opensObject()) return -1;
  let rows = -1, wanted = -1, found = -1, rawBytes = -1;
  do {
    if (!skim.key()) return -1;
    if (skim.textIs(SHAPE)) {
      if (wanted >= 0 || !skim.opensList()) return -1;
      rows = wanted = 1;
      if (skim.closesList()) continue;
      rows = -1;
      do {
        if (!skim.number() || Number.isNaN(skim.whole)) return -1;
        if (rows < 0) rows = skim.whole;
        wanted *= skim.whole;
      } while (skim.isNext());
      if (!skim.closesList()) return -1;
    } else if (skim.textIs(DATA)) {
      if (found >= 0 || (found = elements()) < 0) return -1;
    } else if (skim.textIs(PARAMETERS)) {
      if (rawBytes >= 0 || !skim.opensObject()) return -1;
      // Without a size among them it is judged with care.
      if ((rawBytes = rawSize()) < 0) return -1;
    } else if (!skim.value()) return -1;
  } while (skim.isNext());
  if (!skim.closesObject() || wanted < 0 || countsRows && rows !== asked.predictions) return -1;
  if (rawBytes >= 0) return rawBytes;
  return found === wanted ? 0 : -1;
}

/** How many scalars a flat list holds; -1 where it holds anything else, null among it. */
function elements(): number {
  if (!skim.opensList()) return -1;
  if (skim.closesList()) return 0;
  let count = 0;
  do {
    if (!skim.scalar()) return -1;
    count++;
  } while (skim.isNext());
  return skim.closesList() ? count : -1;
}

/** The size of a raw tensor in the parameters of an output, which were opened; -1 without one. */
function rawSize(): number {
  if (skim.closesObject()) return -1;
  let size = -1;
  do {
    if (!skim.key()) return -1;
    if (skim.textIs(RAW_SIZE)) {
      if (size >= 0 || !skim.number() || Number.isNaN(skim.whole)) return -1;
      size = skim.whole;
    } else if (!skim.value()) return -1;
  } while (skim.isNext());
  return skim.closesObject() ? size : -1;
}
