import { createHash, type Hash } from "node:crypto";
import type { InputSpec, ModelInput, TensorData } from "../../core/model_input.ts";
import type { Setting, SettingKey } from "../../measure/settings/setting.ts";
import { SETTING_ROWS } from "../../measure/settings/settings.ts";

/** Settings that a run may go on with others of: where something is looked at, and what the description of the target tells. */
const NOT_ASKED: readonly SettingKey[] = [
  "pid",
  "gpuMetricsUrl",
  "gpuDevices",
  "parameters",
  "sequenceLength",
  "inputs",
];

/**
 * What was asked of a run, by option, so that it can be told whether another one asks the same. What has its usual value is left
 * out.
 *
 * @param tests The tests, in their order.
 * @param options Options of the tests.
 * @returns Values in words.
 */
export function askedOf(tests: readonly string[], options: object): Record<string, string> {
  const given = options as Readonly<Partial<Record<SettingKey, unknown>>>;
  const rows = SETTING_ROWS.filter(([key, setting]) =>
    given[key] !== undefined && !NOT_ASKED.includes(key) && !isUsual(given[key], setting, given["quick"] === true)
  );
  return {
    tests: tests.join(", "),
    ...Object.fromEntries(rows.map(([key, setting]) => [key, valueInWords(given[key], setting)])),
  };
}

/** Whether a value is the one that holds where none is given, in every test. */
function isUsual(value: unknown, { default: usual, value: { kind } }: Setting, isQuick: boolean): boolean {
  if (kind === "flag" && value === false) return true;
  if (typeof usual !== "object" || usual.of !== undefined) return false;
  return JSON.stringify(value) === JSON.stringify(isQuick ? usual.quick ?? usual.usual : usual.usual);
}

function valueInWords(value: unknown, { value: { kind } }: Setting): string {
  switch (kind) {
    case "flag":
      return value === true ? "on" : "off";
    case "ms":
      return `${Number(value) / 1000} s`;
    case "wholes":
    case "numbers":
      return [...new Set(value as readonly number[])].sort((a, b) => a - b).join(",");
    case "moments":
    case "span":
      return shortDigest((hash) => hash.update(JSON.stringify(value)));
    default:
      return String(value);
  }
}

/**
 * What is sent, as a digest.
 *
 * @param input Items, or what they are made from.
 */
export function digestOfInputs(input: InputSpec): string {
  return shortDigest((hash) => {
    if (input.kind !== "samples") return void hash.update(JSON.stringify(input));
    if (input.outputTokens !== undefined) hash.update(JSON.stringify(input.outputTokens));
    for (const item of input.samples) addItem(hash, item);
  });
}

function shortDigest(add: (hash: Hash) => void): string {
  const hash = createHash("sha256");
  add(hash);
  return `sha256 ${hash.digest("hex").slice(0, 16)}`;
}

function addItem(hash: Hash, item: ModelInput): void {
  switch (item.kind) {
    case "prompt":
      hash.update(JSON.stringify(item, (_, value) => typeof value === "bigint" ? `${value}n` : value));
      return;
    case "text":
      hash.update(JSON.stringify(item.text));
      return;
    case "json":
      if (item.written !== undefined) return void hash.update(item.written);
      hash.update(JSON.stringify(item.value, (_, value) => typeof value === "bigint" ? `${value}n` : value));
      return;
    case "bytes":
      hash.update(JSON.stringify(item.contentType)).update(item.bytes);
      return;
    case "tensors":
      for (const { name, datatype, shape, data } of item.tensors) {
        hash.update(JSON.stringify([name, datatype, shape]));
        addData(hash, data);
      }
  }
}

function addData(hash: Hash, data: TensorData): void {
  if (ArrayBuffer.isView(data)) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return;
  }
  for (const element of data) hash.update(element instanceof Uint8Array ? element : JSON.stringify(element));
}
