/// <reference lib="dom" />
/**
 * What is wrong with the charts of a page: without a name or description, blank, with an axis that has no label or a
 * label without its unit, or with text that does not stand out. Runs inside the browser, so it uses nothing from outside.
 */
export function chartProblems(): string[] {
  const problems: string[] = [];
  const isSeen = (element: Element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
  const textOf = (element: Element) => (element.textContent ?? "").trim();

  /** Groups by the name of their mark. */
  const named = (chart: Element) =>
    [...chart.querySelectorAll("[data-mark]")].map((group) => ({ group, name: group.getAttribute("data-mark")! }));

  const luminance = (color: string): number => {
    const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((channel) => {
      const share = Number(channel) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const contrast = (a: string, b: string): number => {
    const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
    return (light! + 0.05) / (dark! + 0.05);
  };

  const charts = [...document.querySelectorAll("svg.torchgauge")].filter(isSeen);
  for (const chart of charts) {
    const name = textOf(chart.querySelector(":scope > title") ?? chart);
    if (chart.querySelector(":scope > title") === null) problems.push("a chart has no title");
    if (chart.querySelector(":scope > desc") === null) problems.push(`"${name}" has no description`);
    if (chart.querySelector("[aria-label]") !== null) problems.push(`parts of "${name}" have names of their own`);
    const texts = [...chart.querySelectorAll("text")];
    const ground = getComputedStyle(chart.querySelector(":scope > rect")!).fill;
    for (const text of texts) {
      const ratio = contrast(getComputedStyle(text).fill, ground);
      if (ratio < 4.5) problems.push(`"${textOf(text)}" of "${name}" has a contrast of ${ratio.toFixed(1)}`);
    }

    const groups = named(chart);
    const called = (wanted: string) => groups.filter(({ name }) => name === wanted).map(({ group }) => group);
    const marks = groups.filter(({ name }) => !/axis|grid|tick/.test(name));
    const shapes = marks.flatMap(({ group }) => [...group.querySelectorAll("path,rect,circle,line")])
      .filter((shape) => {
        const { width, height } = shape.getBoundingClientRect();
        return width + height > 1;
      });
    const isExplained = texts.some((text) => /not |no |nothing|did not|could not/i.test(textOf(text)));
    if (shapes.length === 0 && !isExplained) problems.push(`"${name}" is blank and does not say why`);

    const labels = called("x-axis label").map(textOf).filter((label) => label !== "");
    if (labels.length === 0 && called("x-axis tick label").length > 0) {
      problems.push(`"${name}" has an x axis without a label`);
    }
    for (const label of labels) {
      if (/time|latency|memory/.test(label) && !/\(.+\)/.test(label)) {
        problems.push(`"${label}" of "${name}" has no unit`);
      }
    }
    const numbered = called("y-axis tick label")
      .filter((ticks) => [...ticks.querySelectorAll("text")].some((tick) => /^[\d.,]+[kM]?$/.test(textOf(tick))))
      .length;
    const units = texts.filter((text) => textOf(text).startsWith("↑")).length;
    if (units < numbered) problems.push(`"${name}" has ${numbered} y axes of numbers and ${units} units`);
  }
  return problems;
}
