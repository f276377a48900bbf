import { assert, assertEquals } from "@std/assert";
import { CONNECTION_FAILURES, FAILURE_REASONS } from "../../src/core/outcome.ts";

Deno.test("CONNECTION_FAILURES holds the reasons that say nothing of the work, and only known ones", () => {
  assertEquals(FAILURE_REASONS.filter((reason) => CONNECTION_FAILURES.has(reason)), ["refused", "reset", "closed"]);
  assert(!CONNECTION_FAILURES.has("success"));
});
