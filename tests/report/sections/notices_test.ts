import { assertEquals } from "@std/assert";
import { sectionsOf } from "../../../src/report/sections/section_of.ts";
import { plainText } from "../../../src/words/inline.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";

/** The first sentence of what stands above the facts. */
function noticed(resentRequests: number | undefined): string[] {
  const basic = { ...basicResult(), ...(resentRequests === undefined ? {} : { resentRequests }) };
  return sectionsOf({ basic }).flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.kind === "paragraph" && block.tone === "warning" ? [plainText(block.text).replace(/, behind.*/, "")] : []
    )
  );
}

Deno.test("sectionsOf() says how many requests were sent once more, where any were", () => {
  assertEquals(noticed(undefined), []);
  assertEquals(noticed(1), ["1 request met a connection that the server had closed without saying so"]);
  assertEquals(noticed(73), ["73 requests met a connection that the server had closed without saying so"]);
});
