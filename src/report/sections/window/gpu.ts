import { type GpuUse, throttleReasons } from "../../../results/window/gpu_use.ts";
import type { ResultBase } from "../../../results/result_base.ts";
import type { Window } from "../../../results/window/window.ts";
import { displayUnit } from "../../../words/display_unit.ts";
import { gpuSourceInWords, readingText, throttleInWords } from "../../../words/gpu/gpu_in_words.ts";
import { joined, quantity, say, type Words } from "../../../words/inline.ts";
import { inlineBytes, inlineEstimateIn, inlineTime } from "../../../words/inline_quantity.ts";
import { type Unit, UNITS } from "../../../words/quantity.ts";
import { type Block, type Column, column, type Fact, fact, facts, row, subheading, table } from "../block.ts";
import { estimateCells } from "../shared.ts";

/** Under this share of time throttling is not worth a word, 0 to 1. */
const WORTH_TELLING = 0.005;

const COLUMNS: readonly Column[] = [
  column("GPU busy", { after: " busy" }),
  column("Power"),
  column("Energy a prediction", { after: "/pred" }),
  column("95% interval"),
  column("SM clock", { isOptional: true }),
  column("Memory", { isOptional: true }),
];

const whole = (value: number | null, unit: Unit): Words => value === null ? "" : quantity(readingText(value, unit));

/** Memory of the server's processes, else of everyone on the devices. */
const memoryOf = ({ processBytes, usedBytes }: GpuUse) => processBytes ?? usedBytes;

/** That it was throttled, and why; empty where it was not. */
function throttled(gpu: GpuUse): string {
  const { throttledShare } = gpu;
  if (throttledShare === null || throttledShare < WORTH_TELLING) return "";
  return `throttled ${throttleInWords(throttledShare, throttleReasons(gpu))}`;
}

/** The clock, and where it is below it, the highest that there is. */
function clockOf({ smClockMhz, maxSmClockMhz }: GpuUse): Words {
  const clock = whole(smClockMhz, UNITS.megahertz);
  const isLower = smClockMhz !== null && maxSmClockMhz !== null && Math.round(smClockMhz) < maxSmClockMhz;
  return isLower ? say`${clock} of ${whole(maxSmClockMhz, UNITS.megahertz)}` : clock;
}

function cellsOf(gpu: GpuUse, energy: Unit): Words[] {
  const { utilizationPercent, powerWatts, energyPerPrediction, smClockMhz } = gpu;
  const memory = memoryOf(gpu);
  return [
    whole(utilizationPercent, UNITS.percent),
    whole(powerWatts, UNITS.watts),
    ...(energyPerPrediction === null ? ["", ""] : estimateCells(energyPerPrediction, energy)),
    whole(smClockMhz, UNITS.megahertz),
    memory === null ? "" : inlineBytes(memory),
  ];
}

/** That energy is not counted but made from readings of power; empty where it is counted. */
function byPower({ energyByPowerMs }: GpuUse): Words {
  return energyByPowerMs === undefined
    ? ""
    : say`, from power readings every ${inlineTime(Math.round(energyByPowerMs))}`;
}

/** Of which devices it was told, and of whom. */
function devicesOf({ devices, by = "processes" }: GpuUse, source = ""): string {
  const [cards, card] = devices.length === 1 ? ["device", "the card"] : ["devices", "the cards"];
  // What is told by device is told of everyone who uses it.
  const others = by === "processes" ? "" : `, of all programs on ${card}`;
  return `${cards} ${devices.join(", ")}${source}${others}`;
}

/** What told it, of which devices, and what they take at rest. */
function sourceOf(gpu: GpuUse): Words {
  const { source, idlePowerWatts } = gpu;
  const rest = idlePowerWatts === null ? "" : say`, ${whole(idlePowerWatts, UNITS.watts)} at rest`;
  return say`${devicesOf(gpu, ` by ${gpuSourceInWords(source)}`)}${rest}`;
}

/** Of several levels, those whose readings were the furthest apart. */
function energyFrom(uses: readonly GpuUse[]): Words {
  const apart = uses.filter(({ energyPerPrediction }) => energyPerPrediction !== null)
    .flatMap(({ energyByPowerMs }) => energyByPowerMs ?? []);
  return apart.length === 0
    ? ""
    : say`, energy from power readings every ${inlineTime(Math.round(Math.max(...apart)))}`;
}

/** Figures that a short window does not tell. */
const OF_LONGER_WINDOWS = [
  ["GPU Busy", "utilizationPercent"],
  ["GPU Power", "powerWatts"],
  ["Energy a Prediction", "energyPerPrediction"],
] as const;

/** Why figures are not told, where the windows were too short for them. */
function untold({ absences }: Pick<ResultBase, "absences">, uses: readonly GpuUse[]): Fact[] {
  return OF_LONGER_WINDOWS.flatMap(([label, field]) => {
    const without = uses.filter((gpu) => gpu[field] === null).length;
    const reason = absences[`gpu.${field}`];
    if (without === 0 || reason === undefined) return [];
    return [fact(without === uses.length ? label : `${label} at Some Levels`, { notMeasured: reason })];
  });
}

/**
 * What the GPUs did in a test without levels.
 *
 * @param result Says why figures were not measured.
 * @param window What was measured.
 * @returns Empty where they were not seen: the absences of the result say why.
 */
export function gpuFacts(result: Pick<ResultBase, "absences">, { gpu }: Window): Fact[] {
  if (!gpu) return [];
  const { utilizationPercent, powerWatts, energyPerPrediction, smClockMhz } = gpu;
  const memory = memoryOf(gpu);
  const reasons = throttled(gpu);
  // Said of all figures where it holds for all of them.
  const isOthersToo = gpu.processBytes === null && (gpu.by ?? "processes") === "processes";
  const parts: Words[] = [
    ...(utilizationPercent === null ? [] : [say`${whole(utilizationPercent, UNITS.percent)} busy`]),
    ...(powerWatts === null ? [] : [whole(powerWatts, UNITS.watts)]),
    ...(smClockMhz === null ? [] : [clockOf(gpu)]),
    ...(reasons === "" ? [] : [reasons]),
    ...(memory === null ? [] : [say`${inlineBytes(memory)}${isOthersToo ? " of all programs" : ""}`]),
  ];
  return [
    fact("GPU", say`${joined(parts, ", ")} (${sourceOf(gpu)})`, reasons === "" ? "plain" : "warning"),
    ...(energyPerPrediction === null
      ? []
      : [fact("Energy a prediction", say`${inlineEstimateIn(energyPerPrediction, "J")}${byPower(gpu)}`)]),
    ...untold(result, [gpu]),
  ];
}

/**
 * A table of what the GPUs did at each level.
 *
 * @param result Says why figures were not measured.
 * @param names Columns that name the level.
 * @param levels Windows with the cells under those columns.
 * @returns Empty where they were seen at none.
 */
export function gpuTable(
  result: Pick<ResultBase, "absences">,
  names: readonly Column[],
  levels: readonly (readonly [name: readonly Words[], measured: Window])[],
): Block[] {
  const seen = levels.flatMap(([name, { gpu }]) => gpu ? [{ name, gpu }] : []);
  const [first] = seen;
  if (first === undefined) return [];
  // A server may come to compute on other devices from one level to the next.
  const isSame = seen.every(({ gpu }) => devicesOf(gpu) === devicesOf(first.gpu));
  const source = isSame ? sourceOf(first.gpu) : `by ${gpuSourceInWords(first.gpu.source)}`;
  const highest = Math.max(...seen.map(({ gpu }) => gpu.energyPerPrediction?.value ?? 0));
  const rows = seen.map(({ name, gpu }) => ({
    cells: [...name, ...cellsOf(gpu, displayUnit("J", highest))],
    note: [throttled(gpu), isSame ? "" : devicesOf(gpu)].filter((text) => text !== "").join("; "),
  }));
  const columns = [...names, ...COLUMNS];
  const used = columns.map((_, i) => rows.some(({ cells }) => joined([cells[i]!]).length > 0));
  const absent = untold(result, seen.map(({ gpu }) => gpu));
  return [
    subheading("The GPU at Each Level", say`${source}${energyFrom(seen.map(({ gpu }) => gpu))}`),
    table(
      columns.filter((_, i) => used[i]),
      rows.map(({ cells, note }) => row(cells.filter((_, i) => used[i]), { note })),
    ),
    ...(absent.length === 0 ? [] : [facts(absent)]),
  ];
}
