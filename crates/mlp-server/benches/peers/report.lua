-- Requests a second, the median and the 99th percentile in milliseconds, and how many were not answered well.
return function(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        "RESULT %.0f %.3f %.3f %d\n",
        summary.requests / summary.duration * 1e6,
        latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout
    ))
end
