import type { Target } from "../../core/target.ts";
import { VERSION } from "../../core/version.ts";
import { describeTarget } from "../../measure/describe_target.ts";
import type { SampleLog } from "../../measure/sample_log.ts";
import { readEnvironment } from "../../observe/environment.ts";
import type { Report } from "../../results/report.ts";
import { shownSettings } from "../options/setting_options.ts";
import type { Console } from "../terminal/console.ts";
import { SamplesFile } from "./samples_file.ts";

/** The file of samples of a run, if one is wanted. */
export interface OpenSamples extends AsyncDisposable {
  /** The option of the tests that tells them to fill it. */
  readonly option: { readonly sampleLog?: SampleLog };
  /**
   * Ends the file, and says where it is or where it ended.
   *
   * @param report What the run found.
   * @returns True if it holds everything, or none is wanted.
   */
  end(report: Report): Promise<boolean>;
}

/**
 * Begins the file of samples.
 *
 * @param path The file, which can be written; `null` where none is wanted.
 * @param run What the run is.
 * @param console Where it prints.
 * @returns Disposed before it was ended, it ends like that of a run that was cut off.
 */
export async function openSamples(
  path: string | null,
  run: { readonly command: string; readonly targets: readonly Target[]; readonly options: object },
  console: Console,
): Promise<OpenSamples> {
  if (path === null) {
    return {
      option: {},
      end: () => Promise.resolve(true),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const { command, targets, options } = run;
  const file = new SamplesFile(path, {
    tool: { name: "torchgauge", version: VERSION },
    command,
    startedAt: new Date().toISOString(),
    targets: targets.map((target) => describeTarget(target, options)),
    options: shownSettings(options),
    saysWhatCounts: true,
    environment: await readEnvironment(),
  }, targets.some(({ protocol }) => protocol.openStream !== undefined));
  let ended = false;
  return {
    option: { sampleLog: file },
    async end(report) {
      ended = true;
      const failure = await file.end(report);
      console.error(
        failure === null
          ? `The samples are in ${path}.`
          : `Error: The samples in ${path} are not all there as each must be written: ${failure}.`,
      );
      return failure === null;
    },
    async [Symbol.asyncDispose]() {
      if (!ended) await file.end(null);
    },
  };
}
