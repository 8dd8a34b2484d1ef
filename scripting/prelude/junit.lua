-- summary.junit: the thresholds and checks of a run as test cases of JUnit, for systems of
-- continuous integration that read those.
local concat, format, gsub, sort = table.concat, string.format, string.gsub, table.sort
local error, ipairs, next, pairs, tostring, type = error, ipairs, next, pairs, tostring, type

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

-- XML has no control characters, not even as entities, but for these three, which attributes would
-- turn into blanks.
local function escape(text)
  return (gsub(gsub(text, '[&<>"]', entities), "[%z\1-\31]", function(c)
    return (c == "\t" or c == "\n" or c == "\r") and format("&#%d;", c:byte()) or "?"
  end))
end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t or {}) do keys[#keys + 1] = key end
  sort(keys)
  return keys
end

local function figures(values)
  local parts = {}
  for i, name in ipairs(sorted_keys(values)) do
    parts[i] = format("%s=%.14g", name, values[name])
  end
  return concat(parts, " ")
end

local function threshold_cases(data)
  local cases = {}
  for _, name in ipairs(sorted_keys(data.metrics)) do
    local metric = data.metrics[name]
    for _, source in ipairs(sorted_keys(metric.thresholds)) do
      local failure = not metric.thresholds[source].ok and
        format("%s: wanted %s, measured %s", name, source, figures(metric.values)) or nil
      cases[#cases + 1] = { suite = name, name = source, failure = failure }
    end
  end
  return cases
end

local function add_checks(group, cases)
  for _, check in ipairs(group.checks or {}) do
    local total = check.passes + check.fails
    local failure = check.fails > 0 and format("%d of %d failed", check.fails, total) or nil
    cases[#cases + 1] = { suite = "checks" .. (group.path or ""), name = check.name,
      failure = failure }
  end
  for _, child in ipairs(group.groups or {}) do add_checks(child, cases) end
  return cases
end

local function failures_of(cases)
  local count = 0
  for _, case in ipairs(cases) do count = count + (case.failure and 1 or 0) end
  return count
end

local function case_lines(case)
  local head = format('    <testcase classname="%s" name="%s"', escape(case.suite),
    escape(case.name))
  if not case.failure then return head .. "/>\n" end
  local message = escape(case.failure)
  return format('%s>\n      <failure message="%s">%s</failure>\n    </testcase>\n', head, message,
    message)
end

local function suite_lines(name, cases, seconds)
  if #cases == 0 then return "" end
  local lines = { format('  <testsuite name="%s" tests="%d" failures="%d" errors="0" ' ..
    'skipped="0" time="%.3f">\n', name, #cases, failures_of(cases), seconds) }
  for _, case in ipairs(cases) do lines[#lines + 1] = case_lines(case) end
  return concat(lines) .. "  </testsuite>\n"
end

local function name_of(options)
  for key, value in next, options or {} do
    if key ~= "name" then
      error("summary.junit: there is no option \"" .. tostring(key) .. "\"; there is name", 3)
    end
    if type(value) ~= "string" then
      error("summary.junit: name must be a string, got a " .. type(value), 3)
    end
  end
  return options and options.name or "perigee"
end

return function(data, options)
  local name = name_of(options)
  local thresholds = threshold_cases(data)
  local checks = add_checks(data.root_group or {}, {})
  local seconds = (data.state and data.state.testRunDurationMs or 0) / 1000
  return format('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="%s" tests="%d" ' ..
    'failures="%d" errors="0" time="%.3f">\n', escape(name), #thresholds + #checks,
    failures_of(thresholds) + failures_of(checks), seconds) ..
    suite_lines("thresholds", thresholds, seconds) .. suite_lines("checks", checks, seconds) ..
    "</testsuites>\n"
end
