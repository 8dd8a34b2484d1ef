-- Reads the code that LuaJIT has compiled: which globals a function reads and sets in which line.
local util = require "jit.util"

local funcbc, funck, funcinfo, funcuvname =
  util.funcbc, util.funck, util.funcinfo, util.funcuvname
local band, rshift = bit.band, bit.rshift
local loadstring, type = loadstring, type

-- The numbers of instructions differ between versions of LuaJIT: known code has them.
local function operation(text, position)
  return band(funcbc(loadstring(text), position), 0xff)
end

local GGET, GSET = operation("return x", 1), operation("x = 1", 2)
local TGETS, TGETV = operation("local t return t.x", 2), operation("local t, k return t[k]", 2)
local TSETS = operation("local t t.x = 1", 3)
local UGET = band(funcbc(funck(loadstring("local t return function() return t end"), -1), 1), 0xff)
local KSTR = operation("return 'x'", 1)
local JMP = operation("while true do end", 2)
local indexes = { [TGETS] = true, [TGETV] = true, [operation("local t return t[1]", 2)] = true }
local calls = {
  [operation("x()", 2)] = true, [operation("return x()", 2)] = true,
  [operation("x(...)", 3)] = true, [operation("return x(...)", 3)] = true,
}

-- An instruction is its operation, then A, and either D or C and B.
local function op_of(word) return band(word, 0xff) end
local function a_of(word) return band(rshift(word, 8), 0xff) end
local function b_of(word) return rshift(word, 24) end
local function c_of(word) return band(rshift(word, 16), 0xff) end
local function d_of(word) return rshift(word, 16) end

local function line_of(f, position)
  return funcinfo(f, position).currentline
end

-- Whether what an instruction reads is indexed or called at once, which nil can't be.
local function is_used(f, position, register)
  local word = funcbc(f, position + 1)
  if word and indexes[op_of(word)] then return b_of(word) == register end
  while word and op_of(word) ~= JMP do
    if a_of(word) == register then return calls[op_of(word)] == true end
    position = position + 1
    word = funcbc(f, position + 1)
  end
  return false
end

local code = {}

-- How a line reads a name: whether as a global, whether the first time in a way that fails for nil,
-- and the registers of the tables, and of names, that it may be read from as a field.
function code.reads(f, line, name)
  local reads = { is_global = false, is_used = false, tables = {} }
  for position = 1, funcinfo(f).bytecodes - 1 do
    local word = funcbc(f, position)
    local op = op_of(word)
    if op == GGET and funck(f, -1 - d_of(word)) == name and line_of(f, position) == line then
      if not reads.is_global then reads.is_used = is_used(f, position, a_of(word)) end
      reads.is_global = true
    elseif op == TGETS and funck(f, -1 - c_of(word)) == name and line_of(f, position) == line then
      reads.tables[#reads.tables + 1] = { table = b_of(word) }
    elseif op == TGETV and line_of(f, position) == line then
      reads.tables[#reads.tables + 1] = { table = b_of(word), key = c_of(word) }
    end
  end
  return reads
end

-- Whether a line sets a name as a global, and not as a field of the globals' table.
function code.sets_global(f, line, name)
  for position = 1, funcinfo(f).bytecodes - 1 do
    local word = funcbc(f, position)
    if op_of(word) == GSET and funck(f, -1 - d_of(word)) == name and
        line_of(f, position) == line then
      return true
    end
  end
  return false
end

-- The globals that the function itself sets.
function code.globals_set(f)
  local names = {}
  code.globals(f, function(name, _, is_set)
    if is_set then names[#names + 1] = name end
  end)
  return names
end

-- Calls `visit` with each global that the function itself reads or sets: its name, the line,
-- whether it is set, and whether it is read in a way that fails for nil.
function code.globals(f, visit)
  for position = 1, funcinfo(f).bytecodes - 1 do
    local word = funcbc(f, position)
    local op = op_of(word)
    if op == GGET or op == GSET then
      visit(funck(f, -1 - d_of(word)), line_of(f, position), op == GSET,
        op == GGET and is_used(f, position, a_of(word)))
    end
  end
end

-- The field that the instruction at `position` reads of what the one before has put into a
-- register.
local function field_at(f, position, register)
  local word = funcbc(f, position)
  if not word or op_of(word) ~= TGETS or b_of(word) ~= register then return nil end
  return funck(f, -1 - c_of(word)), a_of(word)
end

-- Calls `visit` with each field that the function reads of a global, or of what it has from the
-- function around it: the table's name, the field's, the line, whether the table is a global, and
-- the field that is read of the field at once, if one is.
function code.fields(f, visit)
  for position = 1, funcinfo(f).bytecodes - 2 do
    local word = funcbc(f, position)
    local op = op_of(word)
    local is_table = op == GGET or op == UGET
    local field, register = field_at(f, position + 1, is_table and a_of(word))
    if field then
      local name = op == GGET and funck(f, -1 - d_of(word)) or funcuvname(f, d_of(word))
      local inner = field_at(f, position + 2, register)
      visit(name, field, line_of(f, position + 1), op == GGET, inner)
    end
  end
end

-- The names that the function may set in the globals' table: as its fields, and with rawset.
function code.names_given(f)
  local given, uses = {}, {}
  code.globals(f, function(name) uses[name] = true end)
  for position = 1, (uses._G or uses.rawset) and funcinfo(f).bytecodes - 1 or 0 do
    local word = funcbc(f, position)
    if op_of(word) == TSETS then given[funck(f, -1 - c_of(word))] = true end
    if op_of(word) == KSTR and uses.rawset then given[funck(f, -1 - d_of(word))] = true end
  end
  return given
end

-- The functions inside of a function.
function code.inner(f)
  local functions = {}
  for index = 1, funcinfo(f).gcconsts do
    local constant = funck(f, -index)
    if type(constant) == "proto" then functions[#functions + 1] = constant end
  end
  return functions
end

return code
