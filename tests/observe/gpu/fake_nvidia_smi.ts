/** What the fake program answers to each query. */
export interface FakeAnswers {
  readonly devices: string;
  readonly processes?: string;
  readonly code?: number;
}

/** A program `nvidia-smi` in a folder of its own, gone when it is disposed of. */
export interface FakeNvidiaSmi extends Disposable {
  readonly path: string;
  readonly folder: string;
}

/** It knows the two queries that the real one would be asked, and fails on any other as the real one does. */
export function fakeNvidiaSmi({ devices, processes = "", code = 0 }: FakeAnswers): FakeNvidiaSmi {
  const format = "--format=csv,noheader,nounits";
  return fakeScript(`
case "$*" in
"--query-gpu=index,name,uuid,memory.used,memory.total,utilization.gpu,driver_version ${format}")
cat <<'END'
${devices}
END
;;
"--query-compute-apps=pid,used_memory ${format}")
cat <<'END'
${processes}
END
;;
*) echo "Field is not a valid field to query."; exit 2 ;;
esac
exit ${code}`);
}

export function fakeScript(body: string): FakeNvidiaSmi {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/nvidia-smi`;
  Deno.writeTextFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return { path, folder, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

/** Real output: one A100, two of them, an H100 cut by MIG, a card in a container without rights. */
export const A100 = "0, NVIDIA A100-SXM4-40GB, GPU-5d3a0f6e-8c7b-4d0e-9a43-7b1d0c7e55aa, 1234, 40960, 37, 535.104.05";
export const TWO_A100 = `${A100}
1, NVIDIA A100-SXM4-40GB, GPU-77e0c1de-1f54-47f1-8a1a-3a60c0a1b2c3, 0, 40960, 0, 535.104.05`;
export const MIG = "0, NVIDIA H100 PCIe, GPU-c1f0e7a2-52b6-4a4e-9d1f-0b6a3c2d1e0f, 14366, 81559, [N/A], 570.124.06";
export const NO_RIGHTS = "NVIDIA A100-SXM4-80GB, GPU-1c2d3e4f-aaaa-bbbb-cccc-0123456789ab, " +
  "[Insufficient Permissions], [Insufficient Permissions], [N/A], 535.161.08";
export const NO_DRIVER = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. " +
  "Make sure that the latest NVIDIA driver is installed and running.";
