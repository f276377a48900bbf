import { startPythonScript } from "./servers/python_script.ts";
import { DESCRIBED, SMALL_MODEL } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

const server = { name: "a server with FastAPI", script: "fastapi_server.py", healthPath: "/health" };

await liveSuite("FastAPI", { venv: "kserve", start: (e) => startPythonScript(e, server) }, {
  ...SMALL_MODEL,
  ...DESCRIBED,
});
