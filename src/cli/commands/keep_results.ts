import { formatJson } from "../../report/json/format_json.ts";
import type { Report } from "../../results/report.ts";
import { writeWhole } from "../terminal/write_whole.ts";

/**
 * Keeps results that reached neither their file nor stdout: as a results file in the system's folder for temporary
 * files, which the user alone can read.
 *
 * @param report What was measured.
 * @returns Where they are, in one sentence.
 */
export async function keepResults(report: Report): Promise<string> {
  let path = "";
  try {
    path = await Deno.makeTempFile({ prefix: "torchgauge-results-", suffix: ".json" });
    await writeWhole(path, formatJson(report));
    return `The results are kept in ${path}.`;
  } catch {
    if (path !== "") await Deno.remove(path).catch(() => {});
    return "The results are lost: the folder for temporary files takes them no more than that.";
  }
}
