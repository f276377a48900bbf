const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });

/** What a server of the Open Inference Protocol with one small model answers, by method and path. */
export const INFERENCE_ANSWERS: Readonly<Record<string, unknown>> = {
  "GET /v2": { name: "server", version: "1", extensions: [] },
  "GET /v2/health/ready": {},
  "GET /v2/models/m": { name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] },
  "GET /v2/models/m/ready": {},
  "POST /v2/repository/index": [{ name: "m", state: "READY" }],
  "POST /v2/models/m/infer": { model_name: "m", outputs: [{ ...tensor("y", [1, 1]), data: [0.5] }] },
};
