import { assert, assertEquals, assertRejects } from "@std/assert";
import { TargetError, UsageError } from "../../../src/core/errors.ts";
import { startEmbeddedServer } from "../../../src/embedded/start.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { kserveV2 } from "../../../src/protocols/kserve_v2.ts";
import { torchserve } from "../../../src/protocols/torchserve.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";

Deno.test("versionedPath() puts the version behind the model, and nowhere else", () => {
  const kserve = (path: string) => kserveV2.versionedPath!(path, "2");
  assertEquals(kserve("/v2/models/m/infer"), "/v2/models/m/versions/2/infer");
  assertEquals(kserve("/v2/models/m"), "/v2/models/m/versions/2");
  assertEquals(kserve("/v2/models/a%2Fb/ready"), "/v2/models/a%2Fb/versions/2/ready");
  for (const path of ["/v2", "/v2/health/ready", "/v2/repository/models/m/load"]) assertEquals(kserve(path), path);
  const serve = (path: string) => torchserve.versionedPath!(path, "1.0");
  assertEquals(serve("/predictions/m"), "/predictions/m/1.0");
  assertEquals(serve("/models/m?min_worker=1"), "/models/m/1.0?min_worker=1");
  for (const path of ["/models", "/models?url=m.mar", "/ping"]) assertEquals(serve(path), path);
});

Deno.test("connect() measures one version of a model", async () => {
  await using server = await startEmbeddedServer({ models: ["mobilenet_v2"] });
  const model = "mobilenet_v2";
  await using target = await connect(server.url, { protocol: "kserve-v2", model, modelVersion: "1" });
  const request = target.protocol.encode(model, [{ kind: "tensors", tensors: [] }]);
  assert(request.path.includes("/versions/1/"), request.path);
  const { succeeded, failed } = await runBasicTest(target, { requests: 5, warmUpRequests: 1, quick: true });
  assertEquals([succeeded, failed], [5, 0]);
  await assertRejects(
    () => connect(server.url, { protocol: "kserve-v2", model, modelVersion: "7" }),
    TargetError,
  );
  await assertRejects(
    () => connect(server.url, { protocol: "torch-inference", model, modelVersion: "1" }),
    UsageError,
    "torch-inference has none",
  );
});
