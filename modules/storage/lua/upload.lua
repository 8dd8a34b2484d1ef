-- The script of `perigee upload`: its files and where they go are in __ENV.JOBS, as JSON.
local execution = require "perigee.execution"
local json = require "perigee.json"
local storage = require "perigee.storage"

local jobs = json.decode(__ENV.JOBS)
-- A URI that can't be read is an error before anything is sent.
for _, job in ipairs(jobs) do storage.parse(job.uri) end

local function send(job)
  local files, failure = storage.upload(job.path, job.uri)
  if not files then error(tostring(failure), 0) end
  if #files == 0 then console.warn(job.path .. ": the folder has no files") end
  for _, file in ipairs(files) do
    local there = file.resumed or 0
    console.log(("%s: %d bytes from %s%s"):format(file.uri, file.size, file.path,
      there > 0 and (", of which %d were there"):format(there) or ""))
  end
end

return {
  options = {
    scenarios = {
      upload = {
        executor = "per-vu-iterations", vus = 1, iterations = 1, maxDuration = "24h",
        gracefulStop = "0s",
      },
    },
  },
  default = function()
    for _, job in ipairs(jobs) do
      local sent, message = true, nil
      if job.path ~= "" then sent, message = pcall(send, job) end
      if not sent then
        execution.test.fail((tostring(message):gsub("^perigee upload:%d+: ", "")
          :gsub("^storage%.%w+: ", "")))
      end
    end
  end,
}
