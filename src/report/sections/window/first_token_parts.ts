import type { FirstTokenParts } from "../../../results/window/streams/first_token_parts.ts";
import type { ResultBase } from "../../../results/result_base.ts";
import type { Window } from "../../../results/window/window.ts";
import { joined, say, type Words } from "../../../words/inline.ts";
import { inlineTime, inlineTimeEstimate } from "../../../words/inline_quantity.ts";
import {
  type Block,
  type Column,
  column,
  type Fact,
  fact,
  facts,
  paragraph,
  row,
  subheading,
  table,
} from "../block.ts";
import { timeCell } from "../shared.ts";

/** Why the server's counters of first tokens are not shown, where they are of other answers too. */
function refusal({ absences }: Pick<ResultBase, "absences">): Fact[] {
  const reason = absences["firstTokenParts"];
  return reason === undefined ? [] : [fact("By the Server", { notMeasured: reason })];
}

function partsInWords({ serverMs, queueMs, prefillMs }: FirstTokenParts): Words {
  const parts = [
    ...queueMs === null ? [] : [say`queue ${inlineTime(queueMs)}`],
    ...prefillMs === null ? [] : [say`prefill ${inlineTime(prefillMs)}`],
  ];
  return parts.length === 0 ? inlineTime(serverMs) : say`${inlineTime(serverMs)} (${joined(parts, ", ")})`;
}

/**
 * The time to first token by the server's own counters, beside the client's.
 *
 * @param result Says why it is not shown.
 * @param window What was measured.
 * @returns Empty where the server does not count it.
 */
export function firstTokenBlocks(result: Pick<ResultBase, "absences">, { firstTokenParts }: Window): Block[] {
  if (firstTokenParts === undefined) {
    const refused = refusal(result);
    return refused.length === 0 ? [] : [facts(refused)];
  }
  const { clientMs, differenceMs } = firstTokenParts;
  return [
    facts([
      fact(
        "First Token",
        say`client ${inlineTime(clientMs)}, server ${partsInWords(firstTokenParts)}; they differ by ${
          inlineTimeEstimate(differenceMs)
        }`,
      ),
    ]),
  ];
}

const COLUMNS: readonly Column[] = [
  column("Client", { before: "client ", isOptional: true }),
  column("Server", { before: "server " }),
  column("Queue", { before: "queue " }),
  column("Prefill", { before: "prefill " }),
  column("Outside the server", { after: " outside" }),
];

/**
 * The same of each level, as a table.
 *
 * @param result Says why some are not shown.
 * @param level Column that names the level.
 * @param levels Levels with their names.
 * @returns Empty where the server does not count it.
 */
export function firstTokenTable(
  result: Pick<ResultBase, "absences">,
  level: Column,
  levels: readonly (readonly [name: number, measured: Window])[],
): Block[] {
  const refused = refusal(result);
  const known = levels.flatMap(([name, { firstTokenParts }]) =>
    firstTokenParts === undefined ? [] : [[name, firstTokenParts] as const]
  );
  if (known.length === 0) return refused.length === 0 ? [] : [facts(refused)];
  const source = known[0]![1].source;
  return [
    subheading("First Token by the Server's Own Counters (means)"),
    ...source === undefined ? [] : [paragraph(`Told by ${source}.`)],
    table(
      [level, ...COLUMNS],
      known.map(([name, { clientMs, serverMs, queueMs, prefillMs, differenceMs }]) =>
        row([
          name,
          inlineTime(clientMs),
          inlineTime(serverMs),
          timeCell(queueMs),
          timeCell(prefillMs),
          inlineTimeEstimate(differenceMs),
        ])
      ),
    ),
    ...refused.length === 0 ? [] : [facts(refused)],
  ];
}
