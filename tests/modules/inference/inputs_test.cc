// Inputs that fit what a server says of its model.
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// What the code returns as text, or the error that it raises; it has `inputs`, a function of the
// shape and datatype of the model's only input "x", and of options.
std::string made(const std::string& code) {
  ScriptFixture script(R"lua(
    local inference = require "perigee.inference"
    local tensor = require "perigee.tensor"
    local function shape_text(shape) return table.concat(shape, ",") end
    local function inputs(shape, datatype, options)
      return inference.inputs({ name = "m", outputs = {},
        inputs = { { name = "x", datatype = datatype, shape = shape } } }, options)
    end
    return { default = function()
      local function code() )lua" +
                       code + R"lua( end
      local ok, result = pcall(code)
      print((tostring(result):gsub("^script.lua:%d+: ", "")))
    end }
  )lua");
  script.iterate();
  INFO(script.vu().error());
  REQUIRE(!script.lines().empty());
  // The log quotes what was printed.
  std::string line = script.lines().back();
  std::erase(line, '\\');
  return line;
}

void has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a size that may be any is one if it is the batch, and asked for otherwise") {
  has(made("return shape_text(inputs({ -1, 4 }, 'FP32')[1].shape)"), "1,4");
  has(made("return shape_text(inputs({ -1, 3, -1, 224 }, 'FP32')[1].shape)"),
      "input \"x\" has the shape [-1,3,-1,224]: size 3 is for you to choose: write -s x: 1 3 8 "
      "224");
}

TEST_CASE("sizes that were said stand in for the model's") {
  has(made("return shape_text(inputs({ -1, -1 }, 'FP32', { shapes = { x = { 2, 7 } } })[1].shape)"),
      "2,7");
  has(made("return shape_text(inputs({ -1, -1 }, 'FP32', { shape = { 1, 9 } })[1].shape)"), "1,9");
  has(made("return inputs({ -1 }, 'FP32', { shapes = { y = { 2 } } })"),
      "sizes are for \"y\", which is no input of the model");
  has(made("return inputs({ -1 }, 'FP32', { shapes = { x = { 0 } } })"),
      "the sizes of x must be whole numbers above 0, got 0");
}

TEST_CASE("the size of a batch takes the place of the first size") {
  has(made("return shape_text(inputs({ 1, 4 }, 'FP32', { batch_sizes = { 8 } })[1].shape)"), "8,4");
  has(made("local _, frames = inputs({ -1, 4 }, 'FP32', { batch_sizes = { 8 } }) return frames"),
      "8");
  has(made("local _, frames = inputs({ 5, 4 }, 'FP32') return frames"), "5");
}

TEST_CASE("values of every datatype are made, within the range that it has") {
  for (const std::string datatype : {"BOOL", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16",
                                     "UINT32", "UINT64", "FP16", "BF16", "FP32", "FP64"}) {
    INFO(datatype);
    has(made("local x = inputs({ 1, 50 }, '" + datatype +
             "')[1] local list = tensor.unpack(x.datatype, x.bytes, x.shape) "
             "for _, v in ipairs(list) do v = tonumber(v) or 0 "
             "assert(v >= 0 and v <= 256, v) end return #list .. ' values'"),
        "50 values");
  }
  has(made("local x = inputs({ 1, 3 }, 'BYTES')[1] "
           "return #tensor.unpack('BYTES', x.bytes, x.shape)[3] .. ' letters'"),
      "16 letters");
}

TEST_CASE("a range of values is kept to") {
  has(made("local x = inputs({ 1, 100 }, 'INT8', { min_value = -3, max_value = -2 })[1] "
           "for _, v in ipairs(tensor.unpack('INT8', x.bytes)) do assert(v == -3 or v == -2) end "
           "return 'kept'"),
      "kept");
  has(made("return inputs({ 1 }, 'INT8', { min_value = 3, max_value = 2 })"),
      "min_value is 3, which is above max_value, 2");
}

TEST_CASE("data that does not fit is refused with the input's name") {
  has(made("return inputs({ 1 }, 'FP32', { data = 'string' })"),
      "input \"x\" takes FP32, no strings");
  has(made("return inputs({ 1 }, 'FP32', { data = 'randon' })"),
      "there is no data method \"randon\" (did you mean \"random\"?)");
  has(made("return inputs({ 1 }, 'COMPLEX64')"), "input \"x\" is of the datatype COMPLEX64");
  has(made("return inputs({ 1 }, 'FP32', { dato = 'random' })"),
      "there is no setting dato (did you mean \"data\"?)");
  has(made("return inference.inputs({ name = 'm', inputs = {}, outputs = {} })"),
      "the server says nothing of the inputs of model \"m\"");
}

TEST_CASE("rows of a file of NumPy fill batches, in the model's datatype") {
  const ScratchFolder folder;
  const std::string path = folder / "rows.npy";
  // Three rows of two bytes.
  const std::string header = "{'descr': '|i1', 'fortran_order': False, 'shape': (3, 2), }\n";
  std::ofstream(path, std::ios::binary)
      << "\x93NUMPY\x01" << '\0' << static_cast<char>(header.size()) << '\0' << header
      << std::string("\x01\x02\x03\x04\xff\x06");
  const std::string options = "{ batch_sizes = { 2 }, data = '" + path + "' }";
  has(made("local x = inputs({ -1, 2 }, 'FP32', " + options +
           ")[1] return table.concat(tensor.unpack('FP32', x.bytes), ' ')"),
      "1 2 3 4");
  has(made("return inputs({ -1, 5 }, 'FP32', " + options + ")"),
      "has the shape [3,2], which does not fit input \"x\" of the shape [2,5]");
  has(made("return inputs({ -1, 2 }, 'FP32', { data = 'none.npy' })"),
      "none.npy: no such file, or one that can't be read");
  std::ofstream(path, std::ios::binary) << "no array at all";
  has(made("return inputs({ -1, 2 }, 'FP32', " + options + ")"), "this is no file of NumPy (.npy)");
}

TEST_CASE("a method is chosen for each input by its name") {
  has(made("local x = inputs({ 1, 2 }, 'BYTES', { data = { x = 'string' } })[1] "
           "return tensor.unpack('BYTES', x.bytes)[1]"),
      "The quick brown fox");
}

}  // namespace perigee
