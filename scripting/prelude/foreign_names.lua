-- Names that scripts take from elsewhere. `foreign` are JavaScript's and k6's, with what is
-- written here, and `needless` those of them that say nothing here; `missing` are Lua's own that
-- scripts do not get, with what is there instead; `probed` are those by which libraries find out
-- what they run in: nil, as everywhere else that has them not.
local json = "json.encode and json.decode, with local json = require \"perigee.json\""
local perigee = ", with local perigee = require \"perigee\""
local url = ", with local url = require \"perigee.url\""
local metrics = ", with local metrics = require \"perigee.metrics\""
local random = ", with local random = require \"perigee.random\""
local execution = ", with local execution = require \"perigee.execution\""
local text = ", with local text = require \"perigee.text\""
local encoding = ", with local encoding = require \"perigee.encoding\""
local time = "perigee.now() for milliseconds, and perigee.time for texts"
local bytes = "a string, which holds any bytes"
local timers = "perigee.sleep(seconds), or ws:set_timeout and ws:set_interval of a WebSocket"
local export = "M.name = ..., with local M = {} at the top and return M at the end"
local env = "__ENV.NAME, os.getenv(\"NAME\")"
local lists = "a table: #list is its length, ipairs goes through it, and table has functions for it"

local foreign = {
  Promise = "http.async_request, whose promise has :await(), http.batch for Promise.all, and " ..
    "http.race for Promise.race",
  null = "nil, or json.null" .. ", with local json = require \"perigee.json\"",
  undefined = "nil", NaN = "0 / 0", Infinity = "math.huge",
  JSON = json, stringify = json,
  Math = "math, with functions in lower case: math.floor, math.random, ...",
  Date = time, performance = "time.monotonic(), with local time = require \"perigee.time\"",
  setTimeout = timers, setInterval = timers, clearTimeout = timers, clearInterval = timers,
  setImmediate = timers, queueMicrotask = timers,
  fetch = "http.get(url), http.request(method, url, body), with local http = require " ..
    "\"perigee.http\"",
  XMLHttpRequest = "http.request, with local http = require \"perigee.http\"",
  FormData = "a table as the body, with http.file(...) in it for files",
  WebSocket = "websocket.connect(url), with local websocket = require \"perigee.websocket\"",
  ws = "websocket.connect(url), with local websocket = require \"perigee.websocket\"",
  URL = "url.parse(text)" .. url, URLSearchParams = "url.parse_query, url.build_query" .. url,
  encodeURIComponent = "url.encode(text)" .. url, decodeURIComponent = "url.decode(text)" .. url,
  encodeURI = "url.encode(text)" .. url, decodeURI = "url.decode(text)" .. url,
  btoa = "encoding.b64encode(text)" .. encoding, atob = "encoding.b64decode(text)" .. encoding,
  b64encode = "encoding.b64encode(text)" .. encoding,
  b64decode = "encoding.b64decode(text)" .. encoding,
  Number = "tonumber(x)", parseInt = "tonumber(text), math.floor(x)", parseFloat = "tonumber(text)",
  BigInt = "a number, or 5LL for 64 bits", String = "tostring(x)", Boolean = "x and true or false",
  isNaN = "x ~= x", isFinite = "math.abs(x) < math.huge",
  Array = lists, Object = "a table: pairs goes through it", Map = "a table", Set = "a table",
  RegExp = "text:match(pattern), with Lua's patterns", Error = "error(message)",
  Symbol = "a table", Buffer = bytes, ArrayBuffer = bytes, DataView = bytes, Uint8Array = bytes,
  TextEncoder = bytes, TextDecoder = bytes, structuredClone = "json.decode(json.encode(value))",
  continue = "goto continue, and ::continue:: before the end of the loop",
  const = "local", let = "local", var = "local", new = "the function that makes one, without new",
  typeof = "type(x)", throw = "error(message)", switch = "if ... elseif ... end",
  this = "self, in function object:method() ... end", export = export, exports = export,
  import = "local http = require \"perigee.http\"",
  globalThis = "_G", window = "_G", global = "_G",
  process = env, __dirname = "the path alone: files are looked for beside the script",
  __filename = "the path alone: files are looked for beside the script",
  alert = "print(...)", printf = "print(format:format(...))",

  check = "perigee.check(value, checks)" .. perigee,
  group = "perigee.group(name, f)" .. perigee,
  sleep = "perigee.sleep(seconds)" .. perigee,
  fail = "perigee.fail(message)" .. perigee,
  abort = "perigee.abort(message)" .. perigee,
  Counter = "metrics.counter(name)" .. metrics, Gauge = "metrics.gauge(name)" .. metrics,
  Rate = "metrics.rate(name)" .. metrics, Trend = "metrics.trend(name)" .. metrics,
  SharedArray = "data.shared(name, make), with local data = require \"perigee.data\"",
  exec = "execution, with local execution = require \"perigee.execution\"",
  k6 = "perigee, with local perigee = require \"perigee\"",
  jsonpath = "json.find(text, path), with local json = require \"perigee.json\"",
  parseHTML = "text:match(pattern), with Lua's patterns",
  textSummary = "summary.text(data), with local summary = require \"perigee.summary\"",
  randomIntBetween = "random.integer(low, high)" .. random,
  randomItem = "random.item(list)" .. random,
  randomString = "random.string(length)" .. random, uuidv4 = "random.uuid()" .. random,
  findBetween = "text.between(text, left, right)" .. text,
  normalDistributionStages = "the stages themselves, as stages = { { duration = ..., target = " ..
    "... }, ... }",
  getCurrentStageIndex = "execution.scenario.progress" .. execution,
  tagWithCurrentStageIndex = "execution.vu.tags.stage = ..." .. execution,
  tagWithCurrentStageProfile = "execution.vu.tags.stage_profile = ..." .. execution,
  parseDuration = "the milliseconds as a number",
}

local needless = {
  await = "a call that waits lets other VUs go on by itself",
  async = "any function may wait, and other VUs go on meanwhile",
  __K6 = "nothing has it", __TEST = "nothing has it",
}

local missing = {
  io = "open(path) reads a file, print(...) and console.log(...) write lines",
  package = "require finds modules beside the script and in the current folder",
  dofile = "require runs a file", loadfile = "require runs a file",
}

local probed = {}
for name in ("utf8 bit32 jit ffi setfenv getfenv module newproxy gcinfo warn rawlen _ENV arg " ..
    "script lfs ngx love lpeg cjson minetest game vim redis js _PROMPT _PROMPT2 _DEBUG " ..
    "LUA_PATH LUA_CPATH LUA_INIT"):gmatch("%S+") do
  probed[name] = true
end

return { foreign = foreign, needless = needless, missing = missing, probed = probed }
