/** Holds the types that stand for undici's against its own; what differs does not compile. */
import * as undici from "undici";
import type * as ours from "../../../src/wire/undici/undici_types.ts";
import { assertEquals } from "@std/assert";

Deno.test("the types that stand for undici's are what its own allow", () => {
  const buildConnector: typeof ours.buildConnector = undici.buildConnector;
  const newClient = (...[origin, options]: ConstructorParameters<typeof ours.Client>): ours.Client =>
    new undici.Client(origin, options);
  assertEquals([typeof buildConnector({}), typeof newClient], ["function", "function"]);
});
