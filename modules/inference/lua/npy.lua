-- Files of NumPy: one array, whose first size is the rows that fill batches.
local raw = ...
local fail, tensor = raw.fail, raw.tensor
local byte, tonumber = string.byte, tonumber

local npy = {}

local datatypes = {
  ["|b1"] = "BOOL", ["|i1"] = "INT8", ["<i2"] = "INT16", ["<i4"] = "INT32", ["<i8"] = "INT64",
  ["|u1"] = "UINT8", ["<u2"] = "UINT16", ["<u4"] = "UINT32", ["<u8"] = "UINT64",
  ["<f2"] = "FP16", ["<f4"] = "FP32", ["<f8"] = "FP64",
}
local value_sizes = {
  BOOL = 1, INT8 = 1, UINT8 = 1, INT16 = 2, UINT16 = 2, FP16 = 2, INT32 = 4, UINT32 = 4, FP32 = 4,
  INT64 = 8, UINT64 = 8, FP64 = 8,
}

local MAGIC = "\147NUMPY"

-- The text between the magic number and the values, and where these begin.
local function header_of(text)
  if text:sub(1, #MAGIC) ~= MAGIC or #text < 12 then return nil end
  local a, b, c, d = byte(text, 9, 12)
  -- Version 1 has two bytes for the length, later ones four.
  local begin = byte(text, 7) == 1 and 11 or 13
  local length = begin == 11 and a + b * 256 or a + b * 256 + (c + d * 256) * 65536
  return text:sub(begin, begin + length - 1), begin + length
end

local function sizes_in(header)
  local sizes = {}
  local list = header:match("'shape':%s*%(([^)]*)%)")
  for size in (list or ""):gmatch("%d+") do sizes[#sizes + 1] = tonumber(size) end
  return sizes
end

local function count_from(sizes, first)
  local count = 1
  for i = first, #sizes do count = count * sizes[i] end
  return count
end

-- The array in a file: its datatype, sizes, bytes, and how many of these a row takes.
function npy.read(path)
  local text, why = raw.read_file(path)
  if not text then fail(("%s: %s"):format(path, why)) end
  local header, begin = header_of(text)
  if not header then fail(path .. ": this is no file of NumPy (.npy)") end
  local description = header:match("'descr':%s*'([^']*)'") or "?"
  local datatype = datatypes[description]
  if not datatype then
    fail(("%s: values of the type %s can't be sent"):format(path, description))
  end
  if header:find("'fortran_order':%s*True") then
    fail(path .. ": the array is column by column (fortran_order); save it row by row")
  end
  local sizes = sizes_in(header)
  if #sizes == 0 then fail(path .. ": the array has no rows") end
  local array = { path = path, datatype = datatype, sizes = sizes, bytes = text:sub(begin) }
  array.row = count_from(sizes, 2) * value_sizes[datatype]
  if #array.bytes ~= array.row * sizes[1] then
    fail(("%s: it should have %.0f bytes of values, and has %d"):format(path,
      array.row * sizes[1], #array.bytes))
  end
  return array
end

local function same_row(sizes, shape)
  if #sizes ~= #shape then return false end
  for i = 2, #shape do
    if sizes[i] ~= shape[i] then return false end
  end
  return true
end

-- An error unless the array's rows are those of the input.
function npy.check(array, input, words)
  local shape = input.shape
  if same_row(array.sizes, shape) then return end
  fail(("%s has the shape %s, which does not fit input %q of the shape %s"):format(array.path,
    words.shape(array.sizes), input.name, words.shape(shape)))
end

-- The bytes of the rows behind `skipped` others as values of the datatype; nil where there are
-- fewer.
function npy.rows(array, skipped, count, datatype)
  if skipped + count > array.sizes[1] then return nil end
  local bytes = array.bytes:sub(skipped * array.row + 1, (skipped + count) * array.row)
  if array.datatype == datatype then return bytes end
  return tensor.pack(datatype, tensor.unpack(array.datatype, bytes))
end

return npy
