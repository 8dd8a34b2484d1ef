-- Goes through the compiled functions of files and says which names they read that are nowhere
-- defined, and which fields of the program's modules there are not.
local names, text_of, module_named, console = ...
local code = names.code

local next, pcall, type = next, pcall, type
local getmetatable = debug.getmetatable
local gmatch, gsub, match = string.gmatch, string.gsub, string.match
local sort = table.sort

local function each_function(f, visit)
  visit(f)
  for _, inner in next, code.inner(f) do each_function(inner, visit) end
end

-- How often a file makes a local of each name.
local function bindings_in(text)
  local counts = {}
  local function count(list)
    for name in gmatch(list, "[%a_][%w_]*") do counts[name] = (counts[name] or 0) + 1 end
  end
  for list in gmatch(text, "local%s+([%a_][%w_, ]*)") do count(list) end
  for list in gmatch(text, "for%s+([%a_][%w_, ]*)") do count(list) end
  for list in gmatch(text, "function[%s%w_.:]*(%b())") do count(list) end
  return counts
end

local required = "^%s*require%s*%(?%s*[\"']([^\"']+)[\"']%s*%)?%s*,?()"

-- The locals of a file that hold modules of the program, and nothing else anywhere in it, as in
-- local http, json = require "perigee.http", require "perigee.json"
local function modules_in(text)
  local modules, counts = {}, bindings_in(text)
  for list, place in gmatch(text, "local%s+([%a_][%w_, ]*)%s*=%s*()require") do
    for name in gmatch(list, "[%a_][%w_]*") do
      local module, after = match(text, required, place)
      if not module then break end
      if counts[name] == 1 then modules[name] = module_named(module) end
      place = after
    end
  end
  return modules
end

-- An error's message without the place in this file.
local function message_of(err)
  return (gsub(err, "^%[[^]]*%]:%d+: ", ""))
end

-- What is wrong with `module.field`, or with `module.field.inner`. A table whose fields are read
-- live is not asked for those that it has: they exist in a run only.
local function fault_of_field(module, field, inner)
  local ok, value = pcall(function() return module[field] end)
  if not ok then return message_of(value) end
  if not inner or type(value) ~= "table" then return nil end
  local live = (getmetatable(value) or {})["perigee.fields"]
  if live and live[inner] then return nil end
  local has_inner, message = pcall(function() return value[inner] end)
  return not has_inner and message_of(message) or nil
end

-- The faults of a file, whose compiled main part `chunk` is; `env` has the globals of a VU that has
-- loaded the script, `given` what is set in their table somewhere.
local function faults_of(path, chunk, env, given, report)
  local source = "@" .. path
  local modules = modules_in(text_of(path))
  each_function(chunk, function(f)
    code.globals(f, function(name, line, is_set, is_used)
      if given[name] or names.is_defined(name, source, env, is_used) then return end
      if not is_set then return report(line, true, names.complaint(name, source, env)) end
      if f ~= chunk then report(line, true, names.unset(name)) end
    end)
    code.fields(f, function(name, field, line, is_global, inner)
      local module = is_global and name == "console" and console or modules[name]
      if not module or is_global ~= (name == "console") then return end
      local message = fault_of_field(module, field, inner)
      if message then report(line, false, message) end
    end)
  end)
end

-- The faults of all files by path, as lists of { text, is_name } in the order of lines.
return function(chunks, env)
  local given, faults = {}, {}
  for _, chunk in next, chunks do
    each_function(chunk, function(f)
      for name in next, code.names_given(f) do given[name] = true end
    end)
  end
  for path, chunk in next, chunks do
    local seen = {}
    faults_of(path, chunk, env, given, function(line, is_name, message)
      local text = path .. ":" .. line .. ": " .. message
      if seen[text] then return end
      seen[text] = true
      faults[#faults + 1] = { text = text, is_name = is_name, path = path, line = line }
    end)
  end
  sort(faults, function(a, b)
    if a.path ~= b.path then return a.path < b.path end
    if a.line ~= b.line then return a.line < b.line end
    return a.text < b.text
  end)
  return faults
end
