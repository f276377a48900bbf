/** The model of small requests: one item is 1680 bytes, which makes a request of 1.9 KB. */
export const SMALL_MODEL = "small";
/** The model of images. */
export const IMAGE_MODEL = "image";
/** Bytes of one item of {@linkcode IMAGE_MODEL}: 3x224x224 FP32. */
export const IMAGE_BYTES = 3 * 224 * 224 * 4;

const SHAPES: Readonly<Record<string, readonly number[]>> = { [SMALL_MODEL]: [420], [IMAGE_MODEL]: [3, 224, 224] };
const BATCHES = [1, 4, 16, 64] as const;
const SCORES = [0.125, 0.5, 0.25, 0.125];

/** What a server says to one kind of request. */
export interface Answer {
  /** Method. */
  readonly method: "GET" | "POST";
  /** Path without query. */
  readonly path: string;
  /** It is the answer to bodies of so many bytes or more, up to the next of the same path. */
  readonly leastBodyBytes: number;
  /** Time between the last byte of a request and the answer, us. */
  readonly delayUs: number;
  /** JSON body. */
  readonly body: string;
}

/**
 * What a server of the Open Inference Protocol says that has the models of the benchmark: of each batch size the scores
 * of as many items.
 *
 * @param delayUs Time between the last byte of an inference request and its answer, us.
 */
export function answersOf(delayUs: number): Answer[] {
  const say = (path: string, value: unknown): Answer => ({
    method: "GET",
    path,
    leastBodyBytes: 0,
    delayUs: 0,
    body: JSON.stringify(value),
  });
  return [
    say("/v2", { name: "sink", version: "1", extensions: ["binary_tensor_data"] }),
    say("/v2/health/ready", { ready: true }),
    ...Object.entries(SHAPES).flatMap(([model, shape]) => [
      say(`/v2/models/${model}`, metadata(model, shape)),
      ...BATCHES.map((batch): Answer => ({
        method: "POST",
        path: inferencePath(model),
        leastBodyBytes: batch === 1 ? 0 : batch * elements(shape) * 4,
        delayUs,
        body: JSON.stringify(scores(model, batch)),
      })),
    ]),
  ];
}

/** Path of inference requests. */
export function inferencePath(model: string): string {
  return `/v2/models/${model}/infer`;
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function metadata(name: string, shape: readonly number[]): unknown {
  return {
    name,
    platform: "none",
    inputs: [{ name: "image", datatype: "FP32", shape: [-1, ...shape] }],
    outputs: [{ name: "scores", datatype: "FP32", shape: [-1, SCORES.length] }],
  };
}

function scores(model: string, batch: number): unknown {
  const data = Array.from({ length: batch }, () => SCORES).flat();
  return { model_name: model, outputs: [{ name: "scores", datatype: "FP32", shape: [batch, SCORES.length], data }] };
}
