import { assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { checkServed, type TransportKind } from "../../src/wire/transport_kind.ts";

const PLAIN: TransportKind = {
  ways: { http: ["unixSocket"] },
  open: () => {
    throw new Error("not to be opened");
  },
};

Deno.test("checkServed() refuses schemes and ways that a transport does not serve, and takes the others", () => {
  checkServed("plain", PLAIN, "http://a", {});
  checkServed("plain", PLAIN, "http://a", { unixSocket: "/s" });
  assertThrows(() => checkServed("plain", PLAIN, "https://a", {}), UsageError, "must be http: found https");
  assertThrows(() => checkServed("plain", PLAIN, "http://a", { proxy: "http://p" }), UsageError, "not serve proxy");
});
