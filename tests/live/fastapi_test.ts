import type { ModelInput } from "../../src/core/model_input.ts";
import { seededRandom } from "../../src/core/random.ts";
import { startPythonScript } from "./servers/python_script.ts";
import { DESCRIBED, SMALL_MODEL } from "./expectations.ts";
import type { Launcher } from "./live_case.ts";
import { liveSuite } from "./suite.ts";

const server = { name: "a server with FastAPI", script: "fastapi_server.py", healthPath: "/health" };
const launcher: Launcher = { venv: "kserve", start: (e) => startPythonScript(e, server) };
const random = seededRandom(1);
const samples = Array.from({ length: 4 }, (): ModelInput => {
  const bytes = new Uint8Array(Float32Array.from({ length: 64 }, () => random()).buffer);
  return { kind: "bytes", bytes, contentType: "application/octet-stream" };
});

await liveSuite("FastAPI with JSON", launcher, { ...SMALL_MODEL, ...DESCRIBED, comprehensive: false });

await liveSuite("FastAPI with a form", launcher, {
  ...SMALL_MODEL,
  ...DESCRIBED,
  description: {
    predict: { path: "/predict/form", form: { files: ["{{input}}"], top: 5 } },
    predictions: "/scores",
    health: { path: "/health" },
  },
  inputs: { kind: "samples", samples },
});
