import { startPythonScript } from "./servers/python_script.ts";
import { SMALL_MODEL } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

const server = { name: "the server of KServe's SDK", script: "kserve_server.py", healthPath: "/v2/health/ready" };

await liveSuite("KServe's SDK", { venv: "kserve", start: (e) => startPythonScript(e, server) }, {
  protocol: "kserve-v2",
  ...SMALL_MODEL,
  batchSizes: [1, 4],
  batching: "request",
  serverTimeInAnswer: false,
  whyNoUnload: "whose load brings no model back",
  wrongModel: "status",
});
