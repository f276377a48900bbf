/*
 * NVML's symbols for tests. What they answer stands in a file beside the library, `<library>.script`, which is read anew at each
 * call: a line is a key, a space and a value. Without its line a call answers "not supported"; fake_nvml.ts writes the lines.
 *
 *   count 2                        devices
 *   0.power 154000                 fields of device 0, in NVML's units
 *   0.process.0 4242 1073741824    its processes; -1 bytes are "not available"
 *   0.client.0 4243 1073741824     those that share it by CUDA MPS
 *   fail.nvmlDeviceGetName 999     a call that fails with a code
 *   hang.nvmlDeviceGetName 1       a call that hangs as long as the line is there
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEVICES 16
enum { SUCCESS = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, VERSION_MISMATCH = 25 };

typedef struct { uint64_t total, free, used; } memory_t;
typedef struct { uint32_t version; uint64_t total, reserved, free, used; } memory_v2_t;
typedef struct { uint32_t gpu, memory; } utilization_t;
typedef struct { uint32_t pid; uint64_t bytes; uint32_t gpu_instance, compute_instance; } process_t;

static int lookup(const char *key, char *value, size_t size) {
  Dl_info self;
  char path[4096], line[512];
  size_t length = strlen(key);
  int found = 0;
  if (!dladdr((void *)lookup, &self)) return 0;
  snprintf(path, sizeof path, "%s.script", self.dli_fname);
  FILE *script = fopen(path, "r");
  if (!script) return 0;
  while (!found && fgets(line, sizeof line, script)) {
    if (strncmp(line, key, length) != 0 || line[length] != ' ') continue;
    line[strcspn(line, "\n")] = 0;
    snprintf(value, size, "%s", line + length + 1);
    found = 1;
  }
  fclose(script);
  return found;
}

static int begin(const char *call) {
  char key[128], value[64];
  snprintf(key, sizeof key, "hang.%s", call);
  while (lookup(key, value, sizeof value)) usleep(5000);
  snprintf(key, sizeof key, "fail.%s", call);
  return lookup(key, value, sizeof value) ? atoi(value) : SUCCESS;
}

static int index_of(void *device) {
  return (int)(uintptr_t)device - 1;
}

static int field(void *device, const char *name, char *value, size_t size) {
  char key[128];
  snprintf(key, sizeof key, "%d.%s", index_of(device), name);
  return lookup(key, value, size) ? SUCCESS : NOT_SUPPORTED;
}

static int number(void *device, const char *name, uint64_t *out) {
  char value[64];
  int code = field(device, name, value, sizeof value);
  if (code == SUCCESS) *out = strtoull(value, NULL, 0);
  return code;
}

static int get64(const char *call, void *device, const char *name, uint64_t *out) {
  int code = begin(call);
  return code == SUCCESS ? number(device, name, out) : code;
}

static int get32(const char *call, void *device, const char *name, uint32_t *out) {
  uint64_t wide;
  int code = get64(call, device, name, &wide);
  if (code == SUCCESS) *out = (uint32_t)wide;
  return code;
}

static int get_text(const char *call, void *device, const char *name, char *out, uint32_t size) {
  char value[512];
  int code = begin(call);
  if (code == SUCCESS) code = field(device, name, value, sizeof value);
  if (code != SUCCESS) return code;
  if (strlen(value) >= size) return INSUFFICIENT_SIZE;
  strcpy(out, value);
  return SUCCESS;
}

int nvmlInit_v2(void) { return begin(__func__); }
int nvmlShutdown(void) { return begin(__func__); }

int nvmlSystemGetDriverVersion(char *out, uint32_t size) {
  char value[128];
  int code = begin(__func__);
  if (code != SUCCESS) return code;
  if (!lookup("driver", value, sizeof value)) return NOT_SUPPORTED;
  snprintf(out, size, "%s", value);
  return SUCCESS;
}

int nvmlDeviceGetCount_v2(uint32_t *out) {
  char value[64];
  int code = begin(__func__);
  *out = lookup("count", value, sizeof value) ? (uint32_t)atoi(value) : 0;
  return code;
}

int nvmlDeviceGetHandleByIndex_v2(uint32_t index, void **out) {
  uint64_t lost = SUCCESS;
  int code = begin(__func__);
  if (code != SUCCESS) return code;
  if (index >= DEVICES) return INVALID_ARGUMENT;
  *out = (void *)(uintptr_t)(index + 1);
  number(*out, "lost", &lost);
  return (int)lost;
}

int nvmlDeviceGetName(void *device, char *out, uint32_t size) { return get_text(__func__, device, "name", out, size); }
int nvmlDeviceGetUUID(void *device, char *out, uint32_t size) { return get_text(__func__, device, "uuid", out, size); }

/* Power at the last look, and the energy until then: what the script says of power is summed up over time. */
static double last_ms[DEVICES], last_mw[DEVICES], energy_mj[DEVICES];

static void add_energy(int index, uint64_t power_mw) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double now_ms = now.tv_sec * 1e3 + now.tv_nsec / 1e6;
  if (last_ms[index] > 0) energy_mj[index] += last_mw[index] * (now_ms - last_ms[index]) / 1e3;
  last_ms[index] = now_ms;
  last_mw[index] = power_mw;
}

int nvmlDeviceGetPowerUsage(void *device, uint32_t *out) {
  int code = get32(__func__, device, "power", out);
  if (code == SUCCESS) add_energy(index_of(device), *out);
  return code;
}

int nvmlDeviceGetTotalEnergyConsumption(void *device, uint64_t *out) {
  uint64_t power;
  int code = get64(__func__, device, "energy", out);
  if (code != NOT_SUPPORTED || number(device, "power", &power) != SUCCESS) return code;
  add_energy(index_of(device), power);
  *out = (uint64_t)energy_mj[index_of(device)];
  return SUCCESS;
}

static int memory_of(const char *call, void *device, memory_v2_t *out) {
  int code = get64(call, device, "total", &out->total);
  if (code == SUCCESS) code = number(device, "used", &out->used);
  out->reserved = 0;
  number(device, "reserved", &out->reserved);
  out->free = out->total - out->reserved - out->used;
  return code;
}

int nvmlDeviceGetMemoryInfo(void *device, memory_t *out) {
  memory_v2_t memory;
  int code = memory_of(__func__, device, &memory);
  if (code == SUCCESS) *out = (memory_t){ memory.total, memory.free, memory.used + memory.reserved };
  return code;
}

int nvmlDeviceGetUtilizationRates(void *device, utilization_t *out) {
  out->memory = 0;
  return get32(__func__, device, "utilization", &out->gpu);
}

int nvmlDeviceGetClockInfo(void *device, uint32_t type, uint32_t *out) {
  return type == 1 ? get32(__func__, device, "smClock", out) : NOT_SUPPORTED;
}

int nvmlDeviceGetMaxClockInfo(void *device, uint32_t type, uint32_t *out) {
  return type == 1 ? get32(__func__, device, "maxSmClock", out) : NOT_SUPPORTED;
}

int nvmlDeviceGetTemperature(void *device, uint32_t sensor, uint32_t *out) {
  return sensor == 0 ? get32(__func__, device, "temperature", out) : INVALID_ARGUMENT;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, uint64_t *out) {
  return get64(__func__, device, "reasons", out);
}

static int list(const char *call, const char *kind, void *device, uint32_t *count, process_t *out) {
  char name[64], value[128];
  uint32_t room = *count, found = 0;
  int code = begin(call);
  if (code != SUCCESS) return code;
  for (;; found++) {
    snprintf(name, sizeof name, "%s.%u", kind, found);
    if (field(device, name, value, sizeof value) != SUCCESS) break;
    if (found >= room) continue;
    char *end;
    memset(&out[found], 0, sizeof out[found]);
    out[found].pid = (uint32_t)strtoul(value, &end, 10);
    out[found].bytes = strtoull(end, NULL, 10);
  }
  *count = found;
  return found > room ? INSUFFICIENT_SIZE : SUCCESS;
}

int nvmlDeviceGetComputeRunningProcesses_v2(void *device, uint32_t *count, process_t *out) {
  return list(__func__, "process", device, count, out);
}

#ifndef OLD_DRIVER
int nvmlDeviceGetCurrentClocksEventReasons(void *device, uint64_t *out) {
  return get64(__func__, device, "reasons", out);
}

int nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2_t *out) {
  if (out->version != (sizeof *out | 2 << 24)) return VERSION_MISMATCH;
  return memory_of(__func__, device, out);
}

int nvmlDeviceGetMigMode(void *device, uint32_t *current, uint32_t *pending) {
  *pending = 0;
  return get32(__func__, device, "mig", current);
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, uint32_t *count, process_t *out) {
  int code = begin(__func__);
  return code == SUCCESS ? nvmlDeviceGetComputeRunningProcesses_v2(device, count, out) : code;
}

int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, uint32_t *count, process_t *out) {
  return list(__func__, "client", device, count, out);
}
#endif
