-- Posts the lines of the file named by BODIES in turn, and prints requests a second, p50 and p95 in microseconds.
local bodies, turn = {}, 0
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function request()
  turn = turn % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[turn])
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  local each = summary.requests / summary.duration * 1e6
  io.write(string.format("MEASURED %f %d %d %d\n", each, latency:percentile(50), latency:percentile(95), failed))
end
