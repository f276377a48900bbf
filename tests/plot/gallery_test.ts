import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Resvg } from "@resvg/resvg-js";
import { chartFigure } from "../../src/plot/kit/chart_image.ts";
import { type Exhibit, galleryCharts, snapshotOf } from "./gallery.ts";

const UPDATE = "deno task dev:gallery --update";

/** A chart at both its widths. */
interface Drawn {
  readonly wide: string;
  readonly narrow: string;
}

/** To draw takes long: each chart is drawn once for all tests. */
const drawn = new Map<string, Drawn>();

function drawnOf({ name, chart }: Exhibit): Drawn {
  let found = drawn.get(name);
  if (found === undefined) drawn.set(name, found = { wide: chart.svg, narrow: chart.svgAt(360) });
  return found;
}

Deno.test("every chart of the gallery is drawn as its snapshot says", async (t) => {
  const names = new Set<string>();
  for (const exhibit of galleryCharts()) {
    const { name } = exhibit;
    names.add(`${name}.svg`);
    await t.step(name, async () => {
      const snapshot = await Deno.readTextFile(new URL(`./snapshots/${name}.svg`, import.meta.url));
      assert(
        snapshotOf({ svg: drawnOf(exhibit).wide }) === snapshot,
        `${name} has changed: look at it, then ${UPDATE}`,
      );
    });
  }
  await t.step("and no snapshot is left over", async () => {
    const kept = await Array.fromAsync(Deno.readDir(new URL("./snapshots/", import.meta.url)), ({ name }) => name);
    assertEquals(kept.filter((name) => !names.has(name)), []);
  });
});

Deno.test("every chart of the gallery is well-formed, named, and free of numbers that are none", async (t) => {
  for (const exhibit of galleryCharts()) {
    const { name, chart } = exhibit;
    await t.step(name, () => {
      const { wide, narrow } = drawnOf(exhibit);
      for (const [svg, width] of [[wide, 640], [narrow, 360]] as const) {
        const { width: found } = new Resvg(svg); // refuses what is not well-formed XML
        assertEquals(found, width);
        assertStringIncludes(svg, `<title>${chart.title}</title><desc>`);
        assert(chart.description.length > 20, chart.description);
        const wrong = /NaN|undefined|Infinity|currentColor|var\(|\[object|null(?!a)/.exec(
          svg.replace(/<style>.*?<\/style>/, ""),
        );
        assertEquals(wrong?.[0], undefined);
        for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) assert(Number(size) >= 11, `text of ${size} px`);
      }
    });
  }
});

Deno.test("charts of a million requests and of thousands of samples stay small", () => {
  for (const exhibit of galleryCharts()) {
    const { length } = chartFigure(drawnOf(exhibit));
    assert(length < 250_000, `${exhibit.name}: ${length}`);
  }
});
