// tensor.pack, unpack, fill and random as scripts use them.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// What a failed call says, without the script's line.
std::string error_of(const std::string& expression) {
  const std::string text = evaluate(expression);
  const size_t end = text.find(": ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

std::string packed(const std::string& arguments) {
  return evaluate("encoding.hex_encode(tensor.pack(" + arguments + "))");
}

std::string unpacked(const std::string& datatype, const std::string& hex) {
  return evaluate(
      fmt::format("json.encode(tensor.unpack('{}', encoding.hex_decode('{}')))", datatype, hex));
}

}  // namespace

TEST_CASE("values of every datatype become the protocol's bytes, and values again") {
  struct {
    const char *datatype, *values, *hex, *json;
  } cases[] = {
      {"BOOL", "{true, false, 1, 0}", "01000100", "[true,false,true,false]"},
      {"INT8", "{-128, 127}", "807f", "[-128,127]"},
      {"UINT8", "{0, 255}", "00ff", "[0,255]"},
      {"INT16", "{-32768, 32767}", "0080ff7f", "[-32768,32767]"},
      {"UINT16", "{1, 65535}", "0100ffff", "[1,65535]"},
      {"INT32", "{-2147483648, 2147483647}", "00000080ffffff7f", "[-2147483648,2147483647]"},
      {"UINT32", "{1, 4294967295}", "01000000ffffffff", "[1,4294967295]"},
      {"INT64", "{-2}", "feffffffffffffff", "[-2]"},
      {"UINT64", "{258}", "0201000000000000", "[258]"},
      {"FP16", "{1, -2, 65519, 1/0}", "003c00c0ff7b007c", "[1,-2,65504,inf]"},
      {"BF16", "{1, -2, 257}", "803f00c08043", "[1,-2,256]"},
      {"FP32", "{1, -2.5}", "0000803f000020c0", "[1,-2.5]"},
      {"FP64", "{1}", "000000000000f03f", "[1]"},
      {"BYTES", "{'ab', ''}", "02000000616200000000", R"(["ab",""])"},
  };
  for (const auto& [datatype, values, hex, json] : cases) {
    const std::string name = datatype;
    CAPTURE(name);
    CHECK(packed(fmt::format("'{}', {}", datatype, values)) == hex);
    if (std::string(json).find("inf") == std::string::npos) CHECK(unpacked(datatype, hex) == json);
  }
}

TEST_CASE("integers of 64 bits keep all their digits") {
  const char* const hex = "ffffffffffffff7f0000000000000080";
  CHECK(packed("'INT64', {9223372036854775807LL, '-9223372036854775808'}") == hex);
  CHECK(unpacked("INT64", hex) == "[9223372036854775807,-9223372036854775808]");
  CHECK(packed("'UINT64', 18446744073709551615ULL") == "ffffffffffffffff");
  CHECK(evaluate("tensor.unpack('UINT64', ('\\255'):rep(8))[1]") == "18446744073709551615ULL");
  CHECK(evaluate("tensor.unpack('INT64', '\\0\\0\\0\\0\\0\\0\\32\\0')[1]") == "9007199254740992");
}

TEST_CASE("what is not a number goes as null, and comes back") {
  CHECK(packed("'FP32', {json.null}") == "0000c07f");
  CHECK(evaluate("tensor.unpack('FP16', tensor.pack('FP16', 0/0))[1]") == "NaN");
  CHECK(evaluate("tensor.unpack('FP32', tensor.pack('FP32', -1/0))[1]") == "-inf");
}

TEST_CASE("a value stands for itself, and nested lists are taken in order") {
  CHECK(packed("'INT8', 7") == "07");
  CHECK(packed("'BYTES', 'a'") == "0100000061");
  CHECK(packed("'INT8', {{1, 2}, {{3}, 4}, {}}, {2, 2}") == "01020304");
  CHECK(packed("'INT8', {}, {0, 4}").empty());
  CHECK(packed("'INT8', 5, {}") == "05");
}

TEST_CASE("a value that does not fit is named by its place") {
  CHECK(error_of("tensor.pack('INT8', {{1, 2}, {3, 4}, {5, 128}})") ==
        "tensor.pack: values[3][2] must be a whole number from -128 to 127 (INT8), got the number "
        "128");
  struct {
    const char *arguments, *complaint;
  } cases[] = {
      {"'UINT8', {-1}", "[1] must be a whole number from 0 to 255 (UINT8), got the number -1"},
      {"'INT32', {1, 1.5}",
       "[2] must be a whole number from -2147483648 to 2147483647 (INT32), got the number 1.5"},
      {"'INT64', 2^63",
       " must be a whole number from -9223372036854775808 to 9223372036854775807 (INT64), got the "
       "number 9223372036854775808"},
      {"'UINT64', {-1LL}",
       "[1] must be a whole number from 0 to 18446744073709551615 (UINT64), got the number -1"},
      {"'INT16', {0/0}",
       "[1] must be a whole number from -32768 to 32767 (INT16), got the number NaN"},
      {"'INT32', {true}",
       "[1] must be a whole number from -2147483648 to 2147483647 (INT32), got true"},
      {"'BOOL', {2}", "[1] must be true or false (BOOL), got the number 2"},
      {"'BOOL', {'yes'}", "[1] must be true or false (BOOL), got the string \"yes\""},
      {"'FP16', {65520}", "[1] must be a number in the range of FP16, got the number 65520"},
      {"'BF16', {1e39}", "[1] must be a number in the range of BF16, got the number 1e+39"},
      {"'FP32', {-1e39}", "[1] must be a number in the range of FP32, got the number -1e+39"},
      {"'FP32', {{'x'}}", "[1][1] must be a number in the range of FP32, got the string \"x\""},
      {"'FP32', {[1] = 1, [2] = 2, [4] = 3}",
       "[3] must be a number in the range of FP32, got nothing"},
      {"'FP32', {1, 2, name = 3}", " is no list: there is no values[3], but values[\"name\"]"},
      {"'FP32', {print}", "[1] must be a number in the range of FP32, got a function"},
      {"'BYTES', {5}", "[1] must be a string (BYTES), got the number 5"},
      {"'FP32', {a = 1}", " must be a list, got a table with names"},
  };
  for (const auto& [arguments, complaint] : cases) {
    const std::string call = arguments;
    CAPTURE(call);
    CHECK(error_of("tensor.pack(" + call + ")") == std::string("tensor.pack: values") + complaint);
  }
}

TEST_CASE("a list may have been filled in any order, but has no holes") {
  CHECK(evaluate("(function() local t = {} for i = 40, 1, -1 do t[i] = i end "
                 "return #tensor.pack('INT8', t) end)()") == "40");
  CHECK(evaluate("(function() local t = {} for i = 1, 40 do t[i] = i end t[20] = nil "
                 "return #tensor.pack('INT8', t) end)()")
            .starts_with("script.lua:5: tensor.pack: values"));
  CHECK(evaluate("#tensor.pack('FP32', {1, nil, 3})")
            .starts_with("script.lua:5: tensor.pack: values"));
}

TEST_CASE("a list that contains itself is refused") {
  CHECK(evaluate("(function() local t = {} t[1] = t return tensor.pack('FP32', t) end)()") ==
        "script.lua:5: tensor.pack: values is nested too deeply, or contains itself");
}

TEST_CASE("an unknown datatype is answered with the closest one") {
  CHECK(error_of("tensor.pack('FP322', 1)") ==
        "tensor.pack: there is no datatype \"FP322\" (did you mean \"FP32\"?); there are BOOL, "
        "UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BF16, BYTES");
  CHECK(error_of("tensor.unpack('fp32', '')").find("did you mean \"FP32\"?") != std::string::npos);
}

TEST_CASE("values that do not fill the shape are counted") {
  CHECK(error_of("tensor.pack('FP32', {1, 2, 3}, {2, 2})") ==
        "tensor.pack: values has 3 values, but the shape [2,2] holds 4");
  CHECK(error_of("tensor.unpack('INT16', '1234', {1})") ==
        "tensor.unpack: bytes has 2 values, but the shape [1] holds 1");
  CHECK(evaluate("#tensor.unpack('INT16', '1234', {1, 2})") == "2");
}

TEST_CASE("a shape is a list of sizes") {
  CHECK(error_of("tensor.fill('FP32', {1, -4}, 0)") ==
        "tensor.fill: shape[2] must be a whole number from 0 on, got the number -4");
  CHECK(error_of("tensor.fill('FP32', {1.5}, 0)") ==
        "tensor.fill: shape[1] must be a whole number from 0 on, got the number 1.5");
  CHECK(error_of("tensor.fill('FP32', {'4'}, 0)") ==
        "tensor.fill: shape[1] must be a whole number from 0 on, got the string \"4\"");
  CHECK(error_of("tensor.fill('FP32', 4, 0)") ==
        "tensor.fill: shape must be a table, got the number 4");
  for (const char* shape : {"{ 2, nil, 3 }", "{ 2, x = 3 }", "{ [1] = 2, [4] = 3 }"}) {
    CAPTURE(shape);
    CHECK(error_of(std::string("tensor.fill('FP32', ") + shape + ", 1)")
              .find("shape must be a list of sizes like {1, 4}, without holes and names") !=
          std::string::npos);
  }
  const char* const large = "the tensor is larger than 1024 MiB, which is the most";
  CHECK(error_of("tensor.fill('INT8', {1e9, 1e9, 1e9}, 0)") ==
        std::string("tensor.fill: ") + large);
  CHECK(error_of("tensor.fill('FP64', {2^28}, 0)") == std::string("tensor.fill: ") + large);
}

TEST_CASE("bytes that end within a value are refused") {
  CHECK(error_of("tensor.unpack('FP32', '12345')") ==
        "tensor.unpack: bytes has 5 bytes, which end within a value of FP32");
  for (const char* bytes : {"\\1\\0\\0", "\\2\\0\\0\\0a", "\\255\\255\\255\\255"}) {
    CHECK(error_of(fmt::format("tensor.unpack('BYTES', '{}')", bytes)).find("end within a value") !=
          std::string::npos);
  }
}

TEST_CASE("a pattern is repeated until the shape is full") {
  const auto filled = [](const std::string& arguments) {
    return evaluate("encoding.hex_encode(tensor.fill(" + arguments + "))");
  };
  CHECK(filled("'INT8', {1, 5}, {1, 2}") == "0102010201");
  CHECK(filled("'INT16', {7}, {{1, 2}, {3}}") == "0100020003000100020003000100");
  CHECK(filled("'BYTES', {3}, {'a', ''}") == "0100000061000000000100000061");
  CHECK(filled("'FP32', {}, 1") == "0000803f");
  CHECK(filled("'INT8', {1}, {1, 2, 3}") == "01");
  CHECK(filled("'INT8', {0}, 1").empty());
  CHECK(evaluate("tensor.fill('FP32', {1, 150528}, 0.5) == tensor.pack('FP32', 0.5):rep(150528)") ==
        "true");
  CHECK(error_of("tensor.fill('INT8', {1}, {})") == "tensor.fill: pattern has no values to repeat");
  CHECK(error_of("tensor.fill('INT8', {1}, {1, 'x'})")
            .starts_with("tensor.fill: pattern[2] must be a whole number"));
}

TEST_CASE("random values of small formats stay below the upper end, and large ranges are finite") {
  const std::string all = R"lua((function()
    for _, datatype in ipairs({ "FP16", "BF16", "FP32", "FP64" }) do
      for _, value in ipairs(tensor.unpack(datatype, tensor.random(datatype, { 50000 }, 0, 1))) do
        assert(value >= 0 and value < 1, datatype)
      end
    end
    for _, value in ipairs(tensor.unpack("FP64", tensor.random("FP64", { 100 }, -1.7e308, 1.7e308))) do
      assert(math.abs(value) <= 1.7e308)
    end
    assert(tensor.unpack("FP16", tensor.random("FP16", { 1 }, 1, 1.00001))[1] == 1)
    return 9
  end)())lua";
  CHECK(evaluate(all) == "9");
}

TEST_CASE("random values lie in their range and follow the seed") {
  const std::string both = R"lua((function()
    random.seed(7)
    local first = tensor.random("INT32", { 4, 100 }, -3, 3)
    random.seed(7)
    assert(tensor.random("INT32", { 4, 100 }, -3, 3) == first)
    assert(tensor.random("INT32", { 4, 100 }, -3, 3) ~= first)
    local found = {}
    for _, value in ipairs(tensor.unpack("INT32", first, { 4, 100 })) do found[value] = true end
    for value = -3, 3 do assert(found[value]) found[value] = nil end
    assert(next(found) == nil)
    for _, name in ipairs { "FP16", "BF16", "FP32", "FP64" } do
      for _, value in ipairs(tensor.unpack(name, tensor.random(name, { 300 }))) do
        assert(value >= 0 and value <= 1)
      end
    end
    return #tensor.random("BOOL", { 9 })
  end)())lua";
  CHECK(evaluate(both) == "9");
}

TEST_CASE("a range of random values that is none is refused") {
  CHECK(error_of("tensor.random('INT8', {1}, 0, 128)") ==
        "tensor.random: low and high must be whole numbers of INT8's range, got 128");
  CHECK(error_of("tensor.random('INT8', {1}, 0.5)").find("got 0.5") != std::string::npos);
  CHECK(error_of("tensor.random('FP32', {1}, 0, 1/0)") ==
        "tensor.random: low and high must be numbers of FP32's range, got inf");
  CHECK(error_of("tensor.random('FP32', {1}, 2)") ==
        "tensor.random: high must be at least low, got 2 and 1");
  CHECK(error_of("tensor.random('BYTES', {1})").find("random.string") != std::string::npos);
}

TEST_CASE("tensors are made at the top of a script, too") {
  CHECK(evaluate("#bytes",
                 "bytes = tensor.fill('FP32', {2, 4}, 0.1) .. tensor.random('INT8', {3})") == "35");
}

// Whatever bytes there are: they are values, or are refused.
TEST_CASE("random bytes are read as any datatype or refused") {
  const std::string loop = R"lua((function()
    random.seed(1)
    local datatypes = { "BOOL", "INT8", "UINT16", "INT32", "UINT64", "INT64", "FP16", "BF16",
      "FP32", "FP64", "BYTES" }
    for i = 1, 3000 do
      local bytes = tensor.unpack("BYTES", tensor.pack("BYTES",
        tensor.random("UINT8", { i % 40 }, 0, i % 3 == 0 and 255 or 2)))[1]
      local datatype = datatypes[i % #datatypes + 1]
      local ok, values = pcall(tensor.unpack, datatype, bytes)
      if ok and datatype ~= "BOOL" and not datatype:find("FP") and datatype ~= "BF16" then
        assert(tensor.pack(datatype, values) == bytes)
      elseif not ok then
        assert(values:find("end within a value", 1, true), values)
      end
    end
    return "read"
  end)())lua";
  CHECK(evaluate(loop) == "read");
}

}  // namespace perigee
