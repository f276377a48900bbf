-- Posts one body again and again and prints what was measured in one line. The request is formatted once, so that no Lua
-- runs while it measures. The body's file comes by the environment, since this is read before there are arguments.
local file = assert(io.open(os.getenv("TORCHGAUGE_BODY"), "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    "torchgauge requests=%d failed=%d duration=%d p50=%d\n",
    summary.requests, failed, summary.duration, latency:percentile(50)
  ))
end
