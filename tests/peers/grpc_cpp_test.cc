// The gRPC client against a server of grpc++, which the environment names; see
// tests/peers/with_grpc_cpp.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// The server in `address`, its messages by `echo`, `to_json` and `from_json`, the methods of Calls
// by `call(name)`; `connect()` without TLS.
std::string script_of(const std::string& body) {
  return R"lua(
local grpc = require "perigee.grpc"
local json = require "perigee.json"
local address = __ENV.GRPC_CPP
local certificate = open(__ENV.GRPC_CPP_CA)
local client, reflected = grpc.client(), grpc.client()
client:load({ __ENV.GRPC_PROTOS }, "calls.proto")

local function call(name) return "perigee.peer.Calls/" .. name end
local function connect(params)
  params = params or {}
  params.plaintext = true
  client:connect(address, params)
end
local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value), tostring(wanted)), 2)
  end
end
local function message_of(method, message)
  local res = client:invoke("perigee.peer.Messages/" .. method, message)
  if res.error then error(res.error.message, 2) end
  return res.message
end
local function echo(message) return message_of("Echo", message) end
-- What libprotobuf has read, field by field.
local function to_json(message) return json.decode(message_of("ToJson", message).text) end
local function from_json(text) return message_of("FromJson", { text = text }) end

return { default = function()
)lua" + body +
         "\nend }";
}

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body) : ScriptRun(script_of(body)) {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

// The ends of every scalar type's range: name of the field, the value as a script writes it and
// as the JSON of protobuf does.
const char* const kEdges = R"lua(
  local edges = {
    { "a_double", 1.7976931348623157e308, 1.7976931348623157e308 }, { "a_double", -0.1, -0.1 },
    { "a_double", math.huge, "Infinity" },
    { "a_float", 1.5, 1.5 }, { "a_float", -math.huge, "-Infinity" },
    { "an_int32", 2147483647, 2147483647 }, { "an_int32", -2147483648, -2147483648 },
    { "an_int64", 9223372036854775807LL, "9223372036854775807" },
    { "an_int64", -9223372036854775807LL - 1, "-9223372036854775808" },
    { "an_int64", 42, "42" }, { "a_uint32", 4294967295, 4294967295 },
    { "a_uint64", 18446744073709551615ULL, "18446744073709551615" },
    { "a_uint64", 9007199254740993ULL, "9007199254740993" },
    { "a_sint32", -2147483648, -2147483648 }, { "a_sint32", 2147483647, 2147483647 },
    { "a_sint64", -9223372036854775807LL - 1, "-9223372036854775808" }, { "a_sint64", -1, "-1" },
    { "a_fixed32", 4294967295, 4294967295 }, { "a_fixed64", 18446744073709551615ULL, "18446744073709551615" },
    { "an_sfixed32", -2147483648, -2147483648 }, { "an_sfixed64", -9223372036854775807LL - 1, "-9223372036854775808" },
    { "a_bool", true, true }, { "a_string", "grün\0ß", "grün\0ß" }, { "some_bytes", "\0\255\254", "AP/+" },
    { "colour", "RED", "RED" }, { "colour", -2, "BLUE" },
  }
)lua";

}  // namespace

TEST_CASE("grpc++ reads every scalar type as it was written, to the ends of its range") {
  const Iteration run(std::string(kEdges) + R"lua(
    connect()
    for _, edge in ipairs(edges) do
      local field, value, written = unpack(edge)
      expect(to_json({ [field] = value })[field], written)
    end
    expect(to_json({ a_double = 0 / 0 }).a_double, "NaN")
    expect(next(to_json({})), nil)
  )lua");
}

TEST_CASE("every scalar type comes back from grpc++ as it went") {
  const Iteration run(std::string(kEdges) + R"lua(
    connect()
    for _, edge in ipairs(edges) do
      local field, value = edge[1], edge[2]
      local back = echo({ [field] = value })[field]
      if value == -2 then value = "BLUE" end
      expect(back, value)
    end
    expect(from_json('{"a_uint64":"18446744073709551615"}').a_uint64, 18446744073709551615ULL)
    expect(from_json('{"an_int64":"-9007199254740993"}').an_int64, -9007199254740993LL)
    expect(from_json('{"a_float":0.1}').a_float, 0.10000000149011612)
    expect(from_json('{"colour":7}').colour, 7)
    local empty = echo({})
    expect(empty.a_double, 0)
    expect(empty.a_string, "")
    expect(empty.a_bool, false)
    expect(empty.colour, "NONE")
    expect(empty.maybe, nil)
    expect(empty.inner, nil)
    expect(#empty.doubles, 0)
  )lua");
}

TEST_CASE("lists of every scalar type go to grpc++ and back, packed or not") {
  const Iteration run(R"lua(
    connect()
    local max, min = 9223372036854775807LL, -9223372036854775807LL - 1
    local lists = {
      doubles = { 1.5, -2.25 }, floats = { 0.5, -8 }, int32s = { -1, 2147483647 }, int64s = { min, max, 5 },
      uint32s = { 4294967295, 0 }, uint64s = { 18446744073709551615ULL, 1 }, sint32s = { -64, 63, -2147483648 },
      sint64s = { min, max, -3 }, fixed32s = { 1, 4294967295 }, fixed64s = { 1, 18446744073709551615ULL },
      sfixed32s = { -1, 1 }, sfixed64s = { min, 1 }, bools = { true, false, true }, strings = { "", "a" },
      byte_strings = { "\0", "", "\255" }, colours = { "RED", "NONE", "BLUE" }, unpacked = { 1, -1 },
    }
    local read, back = to_json(lists), echo(lists)
    for field, values in pairs(lists) do
      expect(#read[field], #values)
      expect(#back[field], #values)
      for i, value in ipairs(values) do expect(back[field][i], value) end
    end
    expect(read.int64s[1], "-9223372036854775808")
    expect(read.byte_strings[3], "/w==")
    expect(read.sint32s[3], -2147483648)
  )lua");
}

TEST_CASE("maps, oneofs, presence and nested messages are grpc++'s") {
  const Iteration run(R"lua(
    connect()
    local message = {
      maybe = 0, inner = { inner = { a_string = "deep" } }, numbers = { { value = 1 }, {}, { value = -1 } },
      by_name = { a = 9007199254740993LL, [""] = 0 }, by_number = { [-5] = { value = 1 }, [2147483647] = {} },
      by_truth = { [true] = "yes", [false] = "\0" }, number = {},
    }
    local read, back = to_json(message), echo(message)
    expect(read.maybe, 0)
    expect(read.inner.inner.a_string, "deep")
    expect(#read.numbers, 3)
    expect(read.by_name.a, "9007199254740993")
    expect(read.by_number["-5"].value, "1")
    expect(read.by_truth["true"], "eWVz")
    expect(type(read.number), "table")
    expect(back.maybe, 0)
    expect(back.inner.inner.a_string, "deep")
    expect(back.numbers[3].value, -1)
    expect(back.by_name.a, 9007199254740993LL)
    expect(back.by_name[""], 0)
    expect(back.by_number[-5].value, 1)
    expect(back.by_truth[false], "\0")
    expect(back.word, nil)
    expect(back.number.value, 0)
    expect(echo({ word = "" }).word, "")
  )lua");
}

TEST_CASE("grpc++ 1.51 says by reflection's v1alpha, which it has alone, what it serves") {
  const Iteration run(R"lua(
    reflected:connect(address, { plaintext = true, reflect = true })
    local res = reflected:invoke("perigee.peer.Messages/Echo", { by_number = { [7] = { value = 8 } }, colour = "BLUE" })
    expect(res.status, grpc.StatusOK)
    expect(res.message.by_number[7].value, 8)
    expect(res.message.colour, "BLUE")
  )lua");
}

TEST_CASE("grpc++ sees the deadline of a call, and none where there is none") {
  const Iteration run(R"lua(
    connect()
    local left = client:invoke(call("TimeLeft"), {}, { timeout = "100s" }).message.value
    expect(left > 0 and left <= 100000, true)
    left = client:invoke(call("TimeLeft"), {}).message.value
    expect(left > 0 and left <= 120000, true)
  )lua");
}

TEST_CASE(
    "grpc++ learns that its client has given up: by a deadline, and by a stream that is closed") {
  Iteration run(R"lua(
    connect()
    local before = client:invoke(call("GivenUp"), {}).message.value
    expect(client:invoke(call("Wait"), {}, { timeout = "50ms" }).status, grpc.StatusDeadlineExceeded)
    local stream = client:stream(call("Numbers"))
    stream:send({ value = 0 })
    for i = 1, 1000 do expect(stream:receive().value, i) end
    stream:close()
    expect(stream.status, grpc.StatusCanceled)
    local deadline = os.time() + 20
    repeat
      local given_up = client:invoke(call("GivenUp"), {}).message.value
    until given_up - before >= 2 or os.time() > deadline
    expect(client:invoke(call("GivenUp"), {}).message.value - before, 2)
  )lua");
  CHECK(run.passes("grpc_req_failed") == 1);
}

TEST_CASE("statuses of grpc++ come with message and details") {
  Iteration run(R"lua(
    connect()
    -- google.rpc.Status with one detail of type t/A.
    local details = "\8\9\26\9\10\3t/A\18\2hi"
    local res = client:invoke(call("Fail"), { code = 9, message = "not 100 %\nof it: ß", details = details })
    expect(res.status, grpc.StatusFailedPrecondition)
    expect(res.error.message, "not 100 %\nof it: ß")
    expect(#res.error.details, 1)
    expect(res.error.details[1]["@type"], "t/A")
    expect(res.error.details[1].value, "hi")
    for code = 1, 16 do expect(client:invoke(call("Fail"), { code = code }).status, code) end
  )lua");
  CHECK(run.passes("grpc_req_failed") == 17);
}

TEST_CASE("grpc++ packs its messages with what it was told that the client reads") {
  const Iteration run(R"lua(
    connect()
    local text = ("perigee "):rep(10000)
    for _, pack in ipairs({ "gzip", "deflate", "" }) do
      local res = client:invoke(call("Echo"), { text = text }, { metadata = { pack = pack }, compression = "gzip" })
      expect(res.status, grpc.StatusOK)
      expect(res.message.text, text)
    end
  )lua");
}

TEST_CASE("metadata goes to grpc++ and back, bytes too") {
  const Iteration run(R"lua(
    connect()
    local bytes = "\0\1\255,=\n"
    local res = client:invoke(call("Echo"), { text = "t" }, { metadata = { echo = "a b", ["echo-bin"] = bytes } })
    expect(res.headers.echo[1], "a b")
    expect(res.trailers["echo-bin"][1], bytes)
  )lua");
}

TEST_CASE("streams of all kinds go to grpc++ and back") {
  const Iteration run(R"lua(
    connect()
    local sum = client:stream(call("Sum"))
    for i = 1, 100 do sum:send({ value = i }) end
    sum:close_send()
    expect(sum:receive().value, 5050)
    expect(sum:receive(), nil)
    expect(sum.status, grpc.StatusOK)
    local numbers, count = client:stream(call("Numbers")), 0
    numbers:send({ value = 5000 })
    for message in numbers:messages() do
      count = count + 1
      expect(message.value, count)
    end
    expect(count, 5000)
    local chat = client:stream(call("Chat"))
    for _, text in ipairs({ "a", ("b"):rep(200000), "" }) do
      chat:send({ text = text })
      expect(chat:receive().text, text)
    end
    chat:close_send()
    expect(select(2, chat:receive()), "end")
    expect(chat.status, grpc.StatusOK)
  )lua");
}

TEST_CASE("grpc++ speaks over TLS to who trusts its certificate by its name") {
  const Iteration run(R"lua(
    local trusted = { cacerts = { certificate }, serverName = "peer.test" }
    client:connect(__ENV.GRPC_CPP_TLS, { tls = trusted })
    expect(client:invoke(call("Echo"), { text = "secret" }).message.text, "secret")
  )lua");
}

TEST_CASE("grpc++'s health is known without a .proto") {
  const Iteration run(R"lua(
    connect()
    expect(client:health_check().status, grpc.HealthCheckServing)
    expect(client:health_check("nobody.Knows").error.code, grpc.StatusNotFound)
  )lua");
}

TEST_CASE("no call is lost when grpc++ sends its connections away") {
  Iteration run(R"lua(
    client:connect(__ENV.GRPC_CPP_AGEING, { plaintext = true })
    local deadline = os.time() + 2
    repeat
      expect(client:invoke(call("Echo"), { text = "t" }).status, grpc.StatusOK)
    until os.time() > deadline
  )lua");
  CHECK(run.passes("grpc_req_failed") == 0);
  CHECK(run.csv().rows("grpc_req_connecting", {{"method", "Echo"}}) > 1);
}

}  // namespace perigee
