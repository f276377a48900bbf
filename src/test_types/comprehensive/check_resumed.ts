import { UsageError } from "../../core/errors.ts";
import { option, type OptionMention, type OptionWords } from "../../core/option_words.ts";
import { VERSION } from "../../core/version.ts";
import type { Environment } from "../../results/environment.ts";
import type { Report } from "../../results/report.ts";
import type { TargetDescription } from "../../results/target_description.ts";

/** Something in which a run differs from the one that it is to go on with. */
interface Difference {
  readonly what: string | OptionMention;
  readonly before: string;
  readonly now: string;
}

/**
 * Makes sure that results are of a run that can go on, with what is asked for now.
 *
 * @param before What it measured.
 * @param asked What is asked for now, from `askedOf`; what one of both does not tell of the inputs that are sent is not
 *     compared, nor is the model, which has several names: `checkSameTarget` does.
 * @throws {UsageError} If they are of another kind or version, or of other options, each of which is named.
 */
export function checkSameRun(before: Report, asked: Readonly<Record<string, string>>): void {
  if (before.asked === undefined) {
    throw refused(["it must hold the results of a run of several tests, with its options: it holds none"], {
      hint: "Give the JSON that an interrupted comprehensive run wrote, not its text, CSV or samples.",
    });
  }
  if (before.tool.version !== VERSION) {
    throw refused([
      `it must be of this version of torchgauge, ${VERSION}: it is of ${before.tool.version}`,
    ], { hint: "Measure anew: versions may measure differently." });
  }
  const then = before.asked;
  const names = [...new Set([...Object.keys(then), ...Object.keys(asked)])].filter((name) =>
    name !== "model" && (name !== "inputs" || "inputs" in then && "inputs" in asked)
  );
  refuseOther(names.map((name) => ({
    what: name === "tests" || name === "inputs" ? `the ${name}` : option(name === GIVEN_INPUTS ? "inputs" : name),
    before: then[name] ?? NOT_GIVEN,
    now: asked[name] ?? NOT_GIVEN,
  })));
}

const NOT_GIVEN = "not given";

/** Under what a command tells the items that it was given, before it is known what the model takes. */
export const GIVEN_INPUTS = "inputs.given";

/**
 * Makes sure that a run goes on with the model that it has measured.
 *
 * @param before What it measured.
 * @param now What would be measured.
 * @throws {UsageError} Naming everything in which they differ.
 */
export function checkSameTarget({ target: before }: Pick<Report, "target">, now: TargetDescription): void {
  const told = (of: TargetDescription) => ({
    server: of.embedded ? "the embedded server" : of.url,
    protocol: of.protocol,
    model: of.model,
    device: of.device ?? "unknown",
    connections: of.connectionPerRequest ? "one a request" : "kept",
    sequences: of.sequenceLength === undefined ? "none" : `of ${of.sequenceLength} requests`,
    parameters: of.parameters ?? "none",
    certificate: of.unverified ? "not checked" : "checked",
  });
  refuseOther(differencesOf(told(before), told(now)));
}

/**
 * Makes sure that a run goes on with a machine like the one that began it.
 *
 * @param before That machine.
 * @param now This one.
 * @throws {UsageError} If they have other processors, memory or GPUs.
 */
export function checkSameMachine({ environment: before }: Pick<Report, "environment">, now: Environment): void {
  const hardware = ({ cpu, cores, memoryBytes, gpus }: Environment) => ({
    "the processor": cpu ?? "unknown",
    "cores": String(cores),
    // Kernels differ in what they keep for themselves.
    "memory": memoryBytes === null ? "unknown" : `${Math.round(memoryBytes / 2 ** 30)} GiB`,
    "GPUs": gpus.length === 0 ? "none" : gpus.map(({ name }) => name).join(" and "),
  });
  refuseOther(differencesOf(hardware(before), hardware(now)), "this machine must be like the one that began it");
}

function differencesOf(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): Difference[] {
  return Object.keys(before).map((what) => ({ what, before: before[what]!, now: now[what]! })).filter(isOther);
}

const isOther = ({ before, now }: Difference) => before !== now;

function refuseOther(all: readonly Difference[], required = "it must be the same run"): void {
  const differences = all.filter(isOther);
  if (differences.length === 0) return;
  const words = differences.flatMap(({ what, before, now }, i) => [
    ...i === 0 ? [] : [", "],
    what,
    ` was ${before} and is ${now}`,
  ]);
  throw refused([`${required}: `, ...words], { hint: "Give what was given then, or leave it out to measure anew." });
}

function refused(why: readonly (string | OptionMention)[], { hint }: { readonly hint: OptionWords }): UsageError {
  return new UsageError(['Cannot go on with "', option("resume"), '" as ', ...why], { hint });
}
