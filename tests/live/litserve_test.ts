import { startPythonScript } from "./servers/python_script.ts";
import { DESCRIBED, SMALL_MODEL } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

const server = { name: "LitServe", script: "litserve_server.py", healthPath: "/health" };

await liveSuite("LitServe", { venv: "kserve", start: (e) => startPythonScript(e, server) }, {
  ...SMALL_MODEL,
  ...DESCRIBED,
});
