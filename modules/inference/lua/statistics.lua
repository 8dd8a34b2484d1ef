-- The figures of a series under the names of the OpenVINO client, each of them of all inferences
-- of all clients together.
local raw = ...
local ipairs, max, sqrt = ipairs, math.max, math.sqrt

local statistics = {}

local LEAST_SAMPLES = 6  -- above a quantile, for it to mean something

local function ratio(a, b)
  return b ~= 0 and a / b or 0
end

-- The mean of latencies, that of their squares, deviation and its share of the mean.
local function moments(count, latency, latency2)
  local mean, mean2 = ratio(latency, count), ratio(latency2, count)
  local deviation = sqrt(max(0, mean2 - mean * mean))
  return mean, mean2, deviation, ratio(deviation, mean)
end

-- A list of { name, value, is_whole }.
function statistics.figures(prefix, series)
  local list = {}
  local function add(name, value, is_whole)
    list[#list + 1] = { prefix .. name, value, is_whole }
  end
  local passed, failed = series.passed, series.failed
  local duration = max(0, series.stop - series.start)
  local batches, frames = passed.batches + failed.batches, passed.frames + failed.frames
  add("total_duration", duration)
  add("total_batches", batches, true)
  add("total_frames", frames, true)
  add("start_timestamp", series.start)
  add("stop_timestamp", series.stop)
  add("pass_batches", passed.batches, true)
  add("fail_batches", failed.batches, true)
  add("pass_frames", passed.frames, true)
  add("fail_frames", failed.frames, true)
  add("first_latency", series.first_latency)
  add("pass_max_latency", passed.max_latency)
  add("fail_max_latency", failed.max_latency)
  add("brutto_batch_rate", ratio(passed.batches, duration))
  add("brutto_frame_rate", ratio(passed.frames, duration))
  add("netto_batch_rate", series.netto_batch_rate)
  add("netto_frame_rate", series.netto_frame_rate)
  add("frame_passrate", ratio(passed.frames, frames))
  add("batch_passrate", ratio(passed.batches, batches))
  local function add_moments(kind, ...)
    local mean, mean2, deviation, variation = moments(...)
    add(kind .. "mean_latency", mean)
    add(kind .. "mean_latency2", mean2)
    add(kind .. "stdev_latency", deviation)
    add(kind .. "cv_latency", variation)
  end
  add_moments("", batches, passed.latency + failed.latency, passed.latency2 + failed.latency2)
  add_moments("pass_", passed.batches, passed.latency, passed.latency2)
  add_moments("fail_", failed.batches, failed.latency, failed.latency2)
  return list
end

local function edge(settings, bucket)
  return bucket ^ (1 / settings.hist_base) / settings.hist_factor
end

-- The latency that the share `q` of the frames is below, and how far off it may be; nil where too
-- few are above it.
function statistics.quantile(settings, buckets, q)
  local total = 0
  for _, bucket in ipairs(buckets) do total = total + bucket[2] end
  if (1 - q) * total < LEAST_SAMPLES then return nil, 0 end
  local remaining, wanted = total, total * q
  for i = #buckets, 1, -1 do
    local bucket, count = buckets[i][1], buckets[i][2]
    remaining = remaining - count
    if remaining <= wanted then
      local low = edge(settings, bucket)
      local width = edge(settings, bucket + 1) - low
      return low + width * (wanted - remaining) / count, width
    end
  end
end

-- The window's histogram, or the quantiles of it that were asked for.
local function distribution(settings)
  local list, buckets = {}, raw.histogram()
  local function add(name, value, is_whole) list[#list + 1] = { name, value, is_whole } end
  if not settings.quantiles then
    for _, bucket in ipairs(buckets) do
      add(("window_hist_latency_%.0f"):format(bucket[1]), bucket[2], true)
    end
  else
    for k, q in ipairs(settings.quantiles) do
      local latency, width = statistics.quantile(settings, buckets, q)
      local number = ("%d"):format(k - 1)
      add("qos_quantile_" .. number, q)
      add("qos_latency_" .. number, latency or "")
      add("qos_error_" .. number, width)
    end
  end
  add("window_hist_factor", settings.hist_factor)
  add("window_hist_base", settings.hist_base)
  return list
end

local function append(list, more)
  for _, item in ipairs(more) do list[#list + 1] = item end
end

-- All that the settings ask for, in order.
function statistics.all(settings)
  local total = raw.series("total")
  local list = statistics.figures("", total)
  append(list, statistics.figures("window_", raw.series("window")))
  append(list, distribution(settings))
  if settings.report_warmup then
    append(list, statistics.figures("warmup_", raw.series("warmup")))
  end
  list[#list + 1] = { "submetrics", total.clients, true }
  return list
end

return statistics
