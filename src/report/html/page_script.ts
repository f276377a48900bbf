import { createHash } from "node:crypto";
import { UNITS } from "../../words/quantity.ts";

/** How much one of each unit is in the smallest of its kind, by its name: 1 s is 1000 ms. */
const SCALES = JSON.stringify(
  Object.fromEntries(Object.values(UNITS).map(({ suffix, divisor }) => [suffix.trim(), divisor])),
);

/**
 * What a page adds where a browser runs scripts; without it nothing is missing. Tables are sorted by their headings, which
 * then are buttons; a mark of a chart says its title beside the pointer, at once; the results can be saved.
 *
 * It asks nothing of the network and writes only text, never markup.
 */
export const PAGE_SCRIPT: string = `"use strict";
(() => {
  const scales = ${SCALES};
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  // Sorting: by the first number of a cell in its unit, else by its words, which stand behind numbers; what is empty stands last.
  const keyOf = (cell) => {
    const text = (cell?.textContent ?? "").replace("★", "").trim();
    const found = /^\\[?(?:at (?:least|most) )?([+-]?[\\d,]*\\.?\\d+)\\s*([^\\s,;\\]]*)/.exec(text);
    if (found === null) return text;
    return Number(found[1].replaceAll(",", "")) * (scales[found[2]] ?? 1);
  };
  const rankOf = (key) => typeof key === "number" ? 0 : key === "" ? 2 : 1;
  const compare = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true });
  for (const table of document.querySelectorAll(".scroll > table")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    for (const [column, head] of heads.entries()) {
      if (head.querySelector(".unseen") !== null) continue;
      const button = make("button", { type: "button", className: "sort", title: "Sort" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { none: "descending", descending: "ascending", ascending: "none" };
        const order = next[head.getAttribute("aria-sort") ?? "none"];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (order !== "none") head.setAttribute("aria-sort", order);
        const keys = new Map(rows.map((row) => [row, keyOf(row.cells[column])]));
        const sign = order === "descending" ? -1 : 1;
        const sorted = order === "none" ? rows : rows.toSorted((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          return rankOf(x) - rankOf(y) || sign * compare(x, y);
        });
        body.append(...sorted);
      });
    }
  }

  // Titles of marks: the nearest mark within reach of the pointer.
  const tip = make("div", { className: "tip", hidden: true });
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  const hide = () => { tip.hidden = true; };
  const marksOf = new WeakMap();
  const marks = (svg) => {
    if (!marksOf.has(svg)) {
      const titles = [...svg.querySelectorAll("title")].filter(({ parentNode }) => parentNode !== svg);
      marksOf.set(svg, titles.map((title) => {
        const mark = { element: title.parentNode, text: title.textContent };
        title.remove();
        return mark;
      }));
    }
    return marksOf.get(svg);
  };
  const show = ({ clientX, clientY, target }) => {
    const svg = target.closest?.("figure svg");
    const near = (svg == null ? [] : marks(svg)).map(({ element, text }) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const [across, down] = [Math.max(left - clientX, clientX - right, 0), Math.max(top - clientY, clientY - bottom, 0)];
      return { text, away: Math.hypot(across, down), size: (right - left) * (bottom - top) };
    }).filter(({ away }) => away < 16).sort((a, b) => a.away - b.away || a.size - b.size)[0];
    if (near === undefined) return hide();
    tip.textContent = near.text;
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(clientX + 14, document.documentElement.clientWidth - width - 8));
    const top = clientY - height - 14 < 8 ? clientY + 18 : clientY - height - 14;
    tip.style.left = left + "px";
    tip.style.top = top + "px";
  };
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });

  // The results that the page holds, as a file.
  const results = document.getElementById("results");
  for (const button of document.querySelectorAll("button.save")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = JSON.stringify(JSON.parse(results.textContent), null, 2) + "\\n";
      const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      const link = make("a", { href, download: button.dataset.file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    });
  }
})();
`;

/** What a policy of a page has to allow so that a browser runs the script, and no other. */
export const PAGE_SCRIPT_SOURCE: string = `'sha256-${createHash("sha256").update(PAGE_SCRIPT).digest("base64")}'`;
