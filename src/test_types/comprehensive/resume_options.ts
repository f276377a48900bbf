import type { BusyMachine } from "../../results/evidence/busy_machine.ts";
import type { Measurements, Report } from "../../results/report.ts";

/** How a run of several tests is kept while it measures, and goes on after it broke off. */
export interface ResumeOptions {
  /**
   * What a run of the same tests and options measured before it broke off. Its whole tests are not measured again; the others are,
   * from their beginning. @default {nothing was measured}
   */
  readonly resume?: Report;
  /**
   * Is handed all that was measured so far, each time that a test or a level of a sweep has ended: never inside a window, and
   * the run waits for it. What it throws ends the run. @default {nobody is}
   */
  readonly onMeasured?: (soFar: Measurements) => void | Promise<void>;
  /**
   * What else was asked for, by option: a run that goes on has to have the same. @default {nothing}
   *
   * @internal
   */
  readonly asked?: Readonly<Record<string, string>>;
  /**
   * How busy this machine was before a server was started for the run; `null` where it was not. @default {looked at as it begins}
   *
   * @internal
   */
  readonly busy?: BusyMachine | null;
}
