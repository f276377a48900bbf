/** What the fake program answers to each query. */
export interface FakeAnswers {
  /** A line for each device. The number of columns says which fields the program knows: 13, 13 of an older one, or 7. */
  readonly devices: string;
  readonly processes?: string;
  readonly code?: number;
  /** Whether it is of a driver before 535, which calls clock event reasons by another name. */
  readonly isOld?: boolean;
}

/** A program `nvidia-smi` in a folder of its own, gone when it is disposed of. */
export interface FakeNvidiaSmi extends Disposable {
  readonly path: string;
  readonly folder: string;
}

const BASIC = "index,name,uuid,memory.used,memory.total,utilization.gpu,driver_version";
const MORE = `${BASIC},power.draw,clocks.sm,clocks.max.sm,temperature.gpu,mig.mode.current`;

/** It knows the queries that the real one would be asked, and fails on any other as the real one does. */
export function fakeNvidiaSmi({ devices, processes = "", code = 0, isOld = false }: FakeAnswers): FakeNvidiaSmi {
  const format = "--format=csv,noheader,nounits";
  const columns = devices.split("\n")[0]!.split(",").length;
  const known = columns === 13 ? `${MORE},clocks_${isOld ? "throttle" : "event"}_reasons.active` : BASIC;
  // Messages answer any query.
  const fields = columns === 13 || columns === 7 ? known : `"*"`;
  return fakeScript(`
case "$1 $2" in
"--query-gpu=${fields} ${format}")
cat <<'END'
${devices}
END
;;
"--query-compute-apps=pid,used_memory,gpu_uuid ${format}")
cat <<'END'
${processes}
END
;;
*) echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2 ;;
esac
exit ${code}`);
}

export function fakeScript(body: string): FakeNvidiaSmi {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/nvidia-smi`;
  Deno.writeTextFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return { path, folder, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

/** Real output: one A100, two of them, an H100 cut by MIG, a card in a container without rights, an idle H200. */
export const A100_ID = "GPU-5d3a0f6e-8c7b-4d0e-9a43-7b1d0c7e55aa";
export const OTHER_A100_ID = "GPU-77e0c1de-1f54-47f1-8a1a-3a60c0a1b2c3";
export const A100 = `0, NVIDIA A100-SXM4-40GB, ${A100_ID}, 1234, 40960, 37, 535.104.05`;
export const TWO_A100 = `${A100}
1, NVIDIA A100-SXM4-40GB, ${OTHER_A100_ID}, 0, 40960, 0, 535.104.05`;
export const MIG = "0, NVIDIA H100 PCIe, GPU-c1f0e7a2-52b6-4a4e-9d1f-0b6a3c2d1e0f, 14366, 81559, [N/A], 570.124.06";
export const NO_RIGHTS = "NVIDIA A100-SXM4-80GB, GPU-1c2d3e4f-aaaa-bbbb-cccc-0123456789ab, " +
  "[Insufficient Permissions], [Insufficient Permissions], [N/A], 535.161.08";
export const H200 = "0, NVIDIA H200, GPU-00000000-1111-2222-3333-444444444444, 0, 143771, 0, 580.159.04, " +
  "76.14, 345, 1980, 31, Disabled, 0x0000000000000001";
export const NO_DRIVER = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. " +
  "Make sure that the latest NVIDIA driver is installed and running.";
