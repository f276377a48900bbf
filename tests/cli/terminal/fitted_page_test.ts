import { assertEquals, assertStringIncludes } from "@std/assert";
import { helpText } from "../../../src/cli/help/help_text.ts";
import { welcome } from "../../../src/cli/commands/serve_command.ts";
import { fittedPage } from "../../../src/cli/terminal/fitted_page.ts";

Deno.test("fittedPage() makes every page as narrow as the terminal and loses no word", () => {
  for (const page of [helpText(null), welcome("http://127.0.0.1:8000", ["mobilenet_v2"])]) {
    for (const columns of [60, 72]) {
      const fitted = fittedPage(page, columns);
      assertEquals(fitted.split("\n").filter((line) => line.length > columns), []);
      assertEquals(fitted.replaceAll(/\s/g, ""), page.replaceAll(/\s/g, ""));
    }
    assertEquals([fittedPage(page, 80), fittedPage(page)], [page, page]);
  }
});

Deno.test("fittedPage() keeps commands apart, and their further lines further in", () => {
  const page = "Examples\n  deno task basic --url http://a:8000\n  deno task load --slo 'p99<100ms'\n";
  assertEquals(
    fittedPage(page, 30),
    "Examples\n  deno task basic --url\n      http://a:8000\n  deno task load --slo\n      'p99<100ms'\n",
  );
  assertStringIncludes(
    fittedPage("Exit\n  1      a gate was not kept by\n         the results\n", 32),
    "  1      a gate was not kept by\n",
  );
});
