-- What files that scripts require see as Lua's io and package: no more than some libraries want to
-- be loaded, and to write a line. Scripts themselves hear what is called otherwise here.
local raise, print = ...

local gsub, setmetatable, tostring = string.gsub, setmetatable, tostring
local concat, select = table.concat, select

local function read_only(name, fields, advice)
  return setmetatable({}, {
    __index = fields,
    __newindex = function()
      raise(name .. " can't be changed: " .. advice)
    end,
    __metatable = false,
  })
end

local function refused(name, advice)
  return function()
    raise(name .. " is not available: " .. advice)
  end
end

local modules = "require finds modules beside the script and in the current folder"
local package = read_only("package", {
  config = "/\n;\n?\n!\n-\n", path = "?.lua;?/init.lua", cpath = "",
  loaded = read_only("package.loaded", {}, modules),
  preload = read_only("package.preload", {}, modules),
  searchpath = refused("package.searchpath", modules),
  loadlib = refused("package.loadlib", modules),
}, modules)

-- Lines of the log end by themselves.
local function write(...)
  local texts = {}
  for i = 1, select("#", ...) do texts[i] = tostring((select(i, ...))) end
  local text = gsub(concat(texts), "\n$", "")
  if text ~= "" then print(text) end
end

local files = "open(path) reads a file at the top of the script"
local output = {}
function output:write(...)
  write(...)
  return self
end
function output:flush() return self end
output.setvbuf, output.close = output.flush, output.flush

local io = {
  write = write, stdout = read_only("io.stdout", output, files),
  stderr = read_only("io.stderr", output, files),
  stdin = read_only("io.stdin", {
    read = refused("io.stdin:read", files), lines = refused("io.stdin:lines", files),
  }, files),
  type = function() return nil end,
}
for _, name in ipairs { "open", "lines", "read", "popen", "tmpfile", "input", "output", "close" } do
  io[name] = refused("io." .. name, files)
end

return { package = package, io = read_only("io", io, files) }
