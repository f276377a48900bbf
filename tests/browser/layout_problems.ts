/// <reference lib="dom" />
/**
 * What is wrong with the layout of a page: text that is cut off, lies over other text or makes the page scroll sideways.
 * Runs inside the browser, so it uses nothing from outside.
 */
export function layoutProblems(): string[] {
  const problems: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    problems.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width}`);
  }

  interface Piece {
    readonly text: string;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  const pieces: Piece[] = [];

  /** Where an element may show text: its nearest ancestor that clips or scrolls, or the page. */
  const bounds = (element: Element): { left: number; right: number } => {
    for (let box: Element | null = element; box !== null; box = box.parentElement) {
      if (box instanceof SVGSVGElement) return box.getBoundingClientRect();
      const { overflowX } = getComputedStyle(box);
      if (overflowX === "visible") continue;
      const { left } = box.getBoundingClientRect();
      if (overflowX !== "auto" && overflowX !== "scroll") return box.getBoundingClientRect();
      // What scrolls must be reachable by the keyboard.
      if (box.scrollWidth > box.clientWidth && box.getAttribute("tabindex") !== "0") return box.getBoundingClientRect();
      return { left: left - box.scrollLeft, right: left - box.scrollLeft + box.scrollWidth };
    }
    return { left: 0, right: width };
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement!;
    const text = (node.textContent ?? "").trim();
    if (text === "" || parent.closest(".unseen, .skip, title, desc, style") !== null || !parent.checkVisibility()) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right } = bounds(parent);
    for (const line of range.getClientRects()) {
      if (line.width < 1) continue;
      // The box of a line is higher than its letters.
      const slack = line.height * 0.22;
      const piece = { text, left: line.left, right: line.right, top: line.top + slack, bottom: line.bottom - slack };
      if (piece.left < left - 1.5 || piece.right > right + 1.5) {
        problems.push(
          `cut off: "${text}" from ${piece.left | 0} to ${piece.right | 0} px in ${left | 0} to ${right | 0}`,
        );
      }
      pieces.push(piece);
    }
  }

  pieces.sort((a, b) => a.top - b.top);
  for (const [index, piece] of pieces.entries()) {
    for (let next = index + 1; next < pieces.length && pieces[next]!.top < piece.bottom; next++) {
      const other = pieces[next]!;
      const across = Math.min(piece.right, other.right) - Math.max(piece.left, other.left);
      const down = Math.min(piece.bottom, other.bottom) - other.top;
      if (across > 1 && down > 1) problems.push(`overlap: "${piece.text}" and "${other.text}"`);
    }
  }
  return problems;
}
