import { assertEquals } from "@std/assert";
import { estimateOf } from "../../../src/results/measured.ts";
import { atLeast, ratioOfServer } from "../../../src/results/window/at_least.ts";
import { WINDOW_FIGURES } from "../../../src/results/window/window_figures.ts";
import { basicResult } from "../kinds/basic_result.ts";

const limited = { ...basicResult(), clientLimited: true };

Deno.test("atLeast() leaves the upper end of a rate open where the client limited it, and alone there", () => {
  assertEquals(atLeast(limited, "requests"), { ...limited.requestsPerSecond!, high: null });
  assertEquals(atLeast({ ...limited, clientLimited: false }, "requests"), limited.requestsPerSecond);
  assertEquals(atLeast(null, "requests"), null);
});

Deno.test("ratioOfServer() leaves the end open at which the client limited either window, but not of one relative to itself", () => {
  const ratio = { value: 2, low: 1.9, high: 2.1, level: 0.95, n: 100 };
  const free = { clientLimited: false }, bound = { clientLimited: true };
  assertEquals(ratioOfServer(ratio, free, { ...free }), ratio);
  assertEquals(ratioOfServer(ratio, bound, free), { ...ratio, high: null });
  assertEquals(ratioOfServer(ratio, free, bound), { ...ratio, low: null });
  assertEquals(ratioOfServer(ratio, bound, bound), ratio);
  assertEquals(ratioOfServer(null, bound, free), null);
});

Deno.test("WINDOW_FIGURES know rates of a window that the client limited as at least, and nothing else so", () => {
  for (const { id, better, read } of WINDOW_FIGURES) {
    const figure = estimateOf(read(limited));
    if (figure === null) continue;
    const open = estimateOf(read({ ...limited, clientLimited: false }))!;
    assertEquals(figure, better === "more" ? { ...open, high: null } : open, id);
  }
});
