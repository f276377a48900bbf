/** What stands in for the charts of a kind that has none of its own. */
import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { plotWindows } from "../../src/plot/charts_of.ts";
import { compareBest } from "../../src/plot/comparison.ts";
import { Chart } from "../../src/plot/kit/chart.ts";
import { COLORS } from "../../src/plot/kit/palette.ts";
import { windowsPart } from "../../src/plot/overview.ts";
import { KINDS } from "../../src/results/kinds.ts";
import type { Kind } from "../../src/results/kinds/kind.ts";
import type { ResultBase, Window } from "../../src/results/result.ts";
import * as synthetic from "./synthetic.ts";

/** A kind that has no chart of its own: servers in turn. */
interface DummyResult extends ResultBase {
  readonly servers: Readonly<Record<string, Window>>;
}

const dummyKind: Kind<DummyResult> = {
  ...(KINDS.throughput as unknown as Kind<DummyResult>),
  title: "Dummy",
  question: "Which server answers first?",
  axis: { label: "server", id: "server" },
  windows: ({ servers }) => Object.entries(servers).map(([level, window]) => ({ level, window })),
  best: ({ servers }) => ({ level: "one", window: servers["one"]! }),
};

Deno.test("plotWindows() draws a kind that has no chart of its own by its windows, and stars the best", () => {
  const one = synthetic.level({ rate: 100, medianMs: 10 });
  const servers = { one, two: synthetic.level({ rate: 0, medianMs: 0, failedShare: 1 }) };
  const { title, svg, description } = plotWindows(dummyKind, { ...synthetic.BASE, servers });
  assertEquals(title, "Dummy");
  assertStringIncludes(description, "Which server answers first?");
  for (const words of [">server one<", ">server two<", "100&#160;req/s", "16.0&#160;ms", "not measured", ">best<"]) {
    assertStringIncludes(svg, words);
  }
  const limited = { one: { ...one, clientLimited: true } };
  const bound = plotWindows(dummyKind, {
    ...synthetic.BASE,
    client: { ...synthetic.BASE.client, limited: true },
    servers: limited,
  });
  assertStringIncludes(bound.svg, ">at&#160;least&#160;100");
  assertStringIncludes(bound.description, "The client, not the server, may have set these numbers.");
});

Deno.test("plotWindows() stars no window that failed, names a single window as its kind, and tells of none", () => {
  const failing = { one: synthetic.level({ rate: 100, medianMs: 10, failedShare: 0.02 }) };
  const { svg } = plotWindows({ ...dummyKind, axis: null }, { ...synthetic.BASE, servers: failing });
  assertNotMatch(svg, />best</);
  const single: Kind<DummyResult> = {
    ...dummyKind,
    windows: ({ servers: { one } }) => [{ level: null, window: one! }],
  };
  assertStringIncludes(plotWindows(single, { ...synthetic.BASE, servers: failing }).svg, ">Dummy<");
  const none: Kind<DummyResult> = { ...dummyKind, windows: () => [], best: null };
  assertStringIncludes(plotWindows(none, { ...synthetic.BASE, servers: {} }).svg, "Nothing was measured");
});

Deno.test("windowsPart() puts a kind that has no part of its own on the sheet, and says where nothing was measured", () => {
  const servers = {
    one: synthetic.level({ rate: 100, medianMs: 10 }),
    two: synthetic.level({ rate: 50, medianMs: 20 }),
  };
  const { panels, legend } = windowsPart(dummyKind, { ...synthetic.BASE, servers });
  const { svg } = new Chart({ title: "Sheet", subtitle: "", legend, rows: [panels], notes: [] });
  for (const words of [">Dummy<", ">server one<", ">server two<", "100&#160;req/s", ">best<"]) {
    assertStringIncludes(svg, words);
  }
  const none: Kind<DummyResult> = { ...dummyKind, windows: () => [], best: null };
  assertEquals(windowsPart(none, { ...synthetic.BASE, servers: {} }), {
    panels: [],
    legend: [],
    summary: "Dummy: nothing was measured.",
  });
});

Deno.test("compareBest() holds results of a kind that has no comparison of its own by the window that stands for each", () => {
  const of = (label: string, rate: number) => ({
    label,
    color: COLORS.blue,
    result: { ...synthetic.BASE, servers: { one: synthetic.level({ rate, medianMs: 10 }) } },
  });
  const { title, svg, description } = new Chart(compareBest([of("before", 100), of("after", 200)], dummyKind));
  assertEquals(title, "Dummy compared");
  for (const words of [">before<", ">after<", "100&#160;req/s", "200&#160;req/s"]) assertStringIncludes(svg, words);
  assertStringIncludes(description, "before: closed loop, concurrency 1, batch size 1; after: closed loop");
  const undecided = new Chart(compareBest([of("before", 100)], { ...dummyKind, best: null }));
  assertStringIncludes(undecided.description, "before: none qualifies.");
});
