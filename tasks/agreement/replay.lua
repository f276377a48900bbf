-- Sends recorded bodies in turn and prints what it measured in one line of microseconds.
-- Arguments: folder, number of bodies, path, bytes of each body that are JSON.
--
-- wrk's own percentiles are not used: it adds the latencies that requests would have had which a slow one held up, which
-- no other tool here does in a closed loop. With one connection a thread, sending and answering alternate, so that the
-- clock is read right before the one and right after the other.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } torchgauge_moment;
  int clock_gettime(int clock, torchgauge_moment *moment);
]]
local MONOTONIC = 1
local moment = ffi.new("torchgauge_moment")
local threads, requests, at, sent_us = {}, {}, 0, 0
latencies = {}

local function now_us()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  wrk.headers["content-type"] = "application/octet-stream"
  wrk.headers["inference-header-content-length"] = args[4]
  for i = 1, tonumber(args[2]) do
    local file = assert(io.open(args[1] .. "/body_" .. i, "rb"))
    requests[i] = wrk.format("POST", args[3], wrk.headers, file:read("*a"))
    file:close()
  end
end

function request()
  at = at % #requests + 1
  sent_us = now_us()
  return requests[at]
end

function response()
  latencies[#latencies + 1] = now_us() - sent_us
end

function done(summary)
  local all = {}
  for _, thread in ipairs(threads) do
    for _, latency in ipairs(thread:get("latencies")) do
      table.insert(all, latency)
    end
  end
  table.sort(all)
  local function percentile(p)
    return all[math.max(1, math.ceil(p / 100 * #all))] or 0
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    "torchgauge requests=%d failed=%d duration=%d p50=%d p95=%d p99=%d\n",
    summary.requests, failed, summary.duration, percentile(50), percentile(95), percentile(99)
  ))
end
