---@meta

-- What handleSummary makes of a run's results.

---@class perigee.SummaryData
---@field metrics table<string, perigee.SummaryMetric> by metric or `metric{tag:value}`
---@field root_group perigee.SummaryGroup checks and groups
---@field options { summaryTrendStats: string[], summaryTimeUnit: string, noColor: boolean }
---@field state perigee.SummaryState
---@field setup_data any what setup() returned, as it was
---@field warnings? string[] what makes the results less trustworthy

---@class perigee.SummaryMetric
---@field type "counter"|"gauge"|"rate"|"trend"
---@field contains "default"|"time"|"data" times are milliseconds
---@field values table<string, number> count and rate; value, min and max; rate, passes and fails;
---or the statistics of a trend
---@field noSamples? boolean true if nothing was measured: the values are 0 for want of any
---@field thresholds? table<string, { ok: boolean }> by expression

---@class perigee.SummaryGroup
---@field name string
---@field path string "::outer::inner"
---@field id string
---@field groups perigee.SummaryGroup[]
---@field checks perigee.SummaryCheck[]

---@class perigee.SummaryCheck
---@field name string
---@field path string
---@field id string
---@field passes integer
---@field fails integer

---@class perigee.SummaryState
---@field isStdOutTTY boolean
---@field isStdErrTTY boolean
---@field testRunDurationMs number from before setup until after teardown
---@field loadDurationMs number what rates are per second of

---@class perigee.SummaryTextOptions
---@field indent? string what headings begin with; two spaces if not set
---@field enableColors? boolean

---@class perigee.summary
local summary = {}

---The text that the program prints by itself, of the data as it is now: what was taken out of it
---is not shown.
---@param data perigee.SummaryData
---@param options? perigee.SummaryTextOptions
---@return string text
function summary.text(data, options) end

---@class perigee.SummaryJunitOptions
---@field name? string of all suites; "perigee" if not set

---The thresholds and checks as test cases of JUnit: for `{ ["junit.xml"] = summary.junit(data) }`.
---A check that failed once is a failure. `--report FILE.xml` writes the same without a script, with
---a case of its own for how the run ended.
---@param data perigee.SummaryData
---@param options? perigee.SummaryJunitOptions
---@return string xml
function summary.junit(data, options) end

return summary
