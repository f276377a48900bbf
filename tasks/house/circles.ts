import type { ImportEdge } from "./import_graph.ts";
import type { Violation } from "./violation.ts";

/**
 * Circles among imports: between files, and between folders that stand beside each other.
 *
 * @param edges Who imports whom.
 * @returns One violation a circle, at its first import; the way round and its other imports are named.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const edges = [
 *   { from: "src/core/a.ts", to: "src/core/b.ts", line: 3 },
 *   { from: "src/core/b.ts", to: "src/core/a.ts", line: 1 },
 * ];
 * assertEquals(circlesAmong(edges), [{
 *   path: "src/core/a.ts",
 *   line: 3,
 *   message: "imports of files must not run in a circle: found src/core/a.ts -> src/core/b.ts -> src/core/a.ts, " +
 *     "further by src/core/b.ts:1",
 * }]);
 * ```
 */
export function circlesAmong(edges: readonly ImportEdge[]): readonly Violation[] {
  const folders = edges.flatMap((edge) => {
    const siblings = siblingFolders(edge.from, edge.to);
    return siblings === undefined ? [] : [{ from: siblings[0], to: siblings[1], first: edge }];
  });
  return [
    ...circles(edges.map((edge) => ({ from: edge.from, to: edge.to, first: edge })), "files"),
    ...circles(folders, "folders beside each other"),
  ];
}

/** An import from one node of a graph to another, and the import of a file that makes it. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly first: ImportEdge;
}

/** The folders in which two files part, if both stand in one: `src/a` and `src/b` of `src/a/x.ts` and `src/b/c/y.ts`. */
function siblingFolders(from: string, to: string): readonly [string, string] | undefined {
  const [left, right] = [from.split("/"), to.split("/")];
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at === -1 || at >= left.length - 1 || at >= right.length - 1) return undefined;
  return [left.slice(0, at + 1).join("/"), right.slice(0, at + 1).join("/")];
}

function circles(arrows: readonly Arrow[], nodes: string): readonly Violation[] {
  const next = Map.groupBy(arrows, ({ from }) => from);
  const inCircle = new Set<string>();
  return [...next.keys()].sort().flatMap((start) => {
    if (inCircle.has(start)) return [];
    const way = wayRound(start, next);
    if (way === undefined) return [];
    for (const { from } of way) inCircle.add(from);
    const { from: path, line } = way[0]!.first;
    const round = [start, ...way.map(({ to }) => to)].join(" -> ");
    const others = way.slice(1).map(({ first }) => `${first.from}:${first.line}`).join(", ");
    const message = `imports of ${nodes} must not run in a circle: found ${round}, further by ${others}`;
    return [{ path, line, message }];
  });
}

/** The shortest way from a node back to itself, breadth first. */
function wayRound(start: string, next: ReadonlyMap<string, readonly Arrow[]>): readonly Arrow[] | undefined {
  const reached = new Set<string>();
  let ways: readonly (readonly Arrow[])[] = [[]];
  while (ways.length > 0) {
    const longer: (readonly Arrow[])[] = [];
    for (const way of ways) {
      for (const arrow of next.get(way.at(-1)?.to ?? start) ?? []) {
        if (arrow.to === start) return [...way, arrow];
        if (reached.has(arrow.to)) continue;
        reached.add(arrow.to);
        longer.push([...way, arrow]);
      }
    }
    ways = longer;
  }
  return undefined;
}
