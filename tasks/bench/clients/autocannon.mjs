// Runs autocannon twice, the first time to warm up, and prints what the second cost.
// Arguments: its module, then what to do as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

const [folder, text] = process.argv.slice(2);
const autocannon = createRequire(`${folder}/`)("autocannon");
const { warmUpSeconds, seconds, bodyFile, ...options } = JSON.parse(text);
const run = (duration) =>
  new Promise((resolve, reject) =>
    autocannon(
      { ...options, duration, method: "POST", body: readFileSync(bodyFile) },
      (error, result) => error ? reject(error) : resolve(result),
    )
  );

await run(warmUpSeconds);
const before = process.cpuUsage();
const result = await run(seconds);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({
  requests: result["2xx"],
  failed: result.errors + result.timeouts + result.non2xx,
  seconds: result.duration,
  cpuMs: (user + system) / 1000,
}));
