/** One GPU as a DCGM exporter tells of it: values by the names of its metrics, without the prefix. */
export interface DcgmGpu {
  readonly gpu: number;
  readonly uuid: string;
  readonly values: Readonly<Record<string, number | string>>;
  /** Part of the GPU that MIG has cut. */
  readonly part?: string;
}

/** The text of a DCGM exporter 4, in its order and with its labels: by metric, then by GPU. */
export function dcgmText(gpus: readonly DcgmGpu[]): string {
  const names = [...new Set(gpus.flatMap(({ values }) => Object.keys(values)))];
  return names.flatMap((name) => [
    `# HELP DCGM_FI_DEV_${name} Something (in some unit).`,
    `# TYPE DCGM_FI_DEV_${name} ${name.startsWith("TOTAL_") ? "counter" : "gauge"}`,
    ...gpus.filter(({ values }) => name in values).map(({ gpu, uuid, values, part }) =>
      `DCGM_FI_DEV_${name}{gpu="${gpu}",UUID="${uuid}",pci_bus_id="00000000:0${gpu}:07.0",device="nvidia${gpu}",` +
      `modelName="NVIDIA L40S"${part === undefined ? "" : `,GPU_I_PROFILE="2g.20gb",GPU_I_ID="${part}"`},` +
      `Hostname="gpu1-wl8sg",DCGM_FI_DRIVER_VERSION="595.58.03"} ${values[name]}`
    ),
  ]).join("\n") + "\n";
}

/** What the exporter's default list of metrics gives of a GPU at work. */
export const L40S: DcgmGpu = {
  gpu: 0,
  uuid: "GPU-5b4e07f6-3a86-4340-039d-25f2a83cdc43",
  values: {
    SM_CLOCK: 2520,
    MEM_CLOCK: 9001,
    MEMORY_TEMP: 0,
    GPU_TEMP: 61,
    POWER_USAGE: "235.686000",
    TOTAL_ENERGY_CONSUMPTION: 5551899580,
    PCIE_REPLAY_COUNTER: 0,
    GPU_UTIL: 87,
    MEM_COPY_UTIL: 12,
    FB_FREE: 35459,
    FB_USED: 10000,
    FB_RESERVED: 608,
    VGPU_LICENSE_STATUS: 0,
  },
};

/** An idle one beside it. */
export const IDLE_L40S: DcgmGpu = {
  gpu: 1,
  uuid: "GPU-77e0c1de-1f54-47f1-8a1a-3a60c0a1b2c3",
  values: { ...L40S.values, SM_CLOCK: 210, GPU_TEMP: 32, POWER_USAGE: "35.1", GPU_UTIL: 0, FB_USED: 0, FB_FREE: 45459 },
};
