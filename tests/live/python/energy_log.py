"""What NVML says by itself, without the code that is tested: a line of JSON every 50 ms until stdin is closed, with ms since
the epoch, energy in mJ and utilisation in percent, of device 0. Ends with 3 and the reason where there is no NVML.
"""

import ctypes
import json
import sys
import threading
import time


class Utilization(ctypes.Structure):
    _fields_ = [("gpu", ctypes.c_uint), ("memory", ctypes.c_uint)]


def main():
    try:
        nvml = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError as error:
        sys.exit(refuse(str(error)))
    device, energy, utilization = ctypes.c_void_p(), ctypes.c_ulonglong(), Utilization()
    for name, *arguments in (["nvmlInit_v2"], ["nvmlDeviceGetHandleByIndex_v2", 0, ctypes.byref(device)]):
        code = getattr(nvml, name)(*arguments)
        if code != 0:
            sys.exit(refuse(f"{name} gives {code}"))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.05):
        nvml.nvmlDeviceGetUtilizationRates(device, ctypes.byref(utilization))
        before = time.time()
        code = nvml.nvmlDeviceGetTotalEnergyConsumption(device, ctypes.byref(energy))
        at_ms = 500 * (before + time.time())
        print(json.dumps({"atMs": at_ms, "energyMj": energy.value if code == 0 else None, "utilization": utilization.gpu}), flush=True)


def refuse(why):
    print(why, file=sys.stderr)
    return 3


if __name__ == "__main__":
    main()
