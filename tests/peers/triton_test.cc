// HTTP of the Triton that the environment names; see tests/peers/with_triton.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body)
      : ScriptRun(
            "local http = require 'perigee.http'\n"
            "local json = require 'perigee.json'\n"
            "local tensor = require 'perigee.tensor'\n"
            "local url = __ENV.INFER_HTTP_ENDPOINT .. '/v2'\n"
            "local function expect(res, status)\n"
            "  assert(res.status == status, res.status .. ' ' .. res.error .. (res.body or ''))\n"
            "  return res\n"
            "end\n"
            "return { options = { iterations = 1 }, default = function()\n" +
            body + "\nend }") {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

}  // namespace

TEST_CASE("Triton's repository is listed, and its models are loaded and unloaded") {
  const Iteration run(R"lua(
    local function state()
      local list = expect(http.post(url .. "/repository/index", "{}"), 200):json()
      for _, model in ipairs(list) do
        if model.name == "add10" then return model.state end
      end
    end
    local model = url .. "/repository/models/add10"
    expect(http.post(model .. "/load", "{}"), 200)
    assert(state() == "READY")
    expect(http.get(url .. "/models/add10/ready"), 200)
    expect(http.post(model .. "/unload", "{}"), 200)
    assert(state() ~= "READY")
    expect(http.get(url .. "/models/add10/ready"), 400)
  )lua");
}

TEST_CASE("Triton takes request bodies in gzip and deflate, and answers in them") {
  const Iteration run(R"lua(
    expect(http.post(url .. "/repository/models/add10/load", "{}"), 200)
    local body = json.encode({ inputs = json.array({
      { name = "INPUT", datatype = "FP32", shape = { 4 }, data = { 1, 2, 3, 4.5 } } }) })
    for _, coding in ipairs({ "gzip", "deflate" }) do
      local res = http.post(url .. "/models/add10/infer", body, {
        headers = { ["Content-Type"] = "application/json", ["Accept-Encoding"] = coding },
        compression = coding })
      expect(res, 200)
      assert(res.headers["Content-Encoding"] == coding, res.headers["Content-Encoding"])
      assert(res:json("outputs.0.data.3") == 14.5)
    end
  )lua");
}

TEST_CASE("Triton takes and sends tensors in JSON and in binary, in any combination") {
  const Iteration run(R"lua(
    local models = {
      { name = "iris", input = "predict", output = "predict", datatype = "FP32", shape = { 2, 4 },
        data = { 1, 2, 3, 4, 9, 2, 3, 4 } },
      { name = "tfsimple", input = "INPUT0", output = "OUTPUT0", other = "INPUT1",
        datatype = "INT32", shape = { 1, 16 }, data = tensor.unpack("INT32",
          tensor.fill("INT32", { 16 }, { -7, 2 ^ 30 })) },
      { name = "tfsimple_string", input = "INPUT0", output = "OUTPUT0", other = "INPUT1",
        datatype = "BYTES", shape = { 1, 16 }, data = tensor.unpack("BYTES",
          tensor.fill("BYTES", { 16 }, "97")) },
    }
    local function infer(model, sent, asked)
      local function input(name)
        return { name = name, datatype = model.datatype, shape = model.shape, data = model.data,
          binary = sent }
      end
      local body, headers = tensor.infer_request {
        id = "mine", inputs = { input(model.input), model.other and input(model.other) },
        outputs = { { name = model.output, binary = asked } },
      }
      local res = expect(http.post(url .. "/models/" .. model.name .. "/infer", body,
        { headers = headers }), 200)
      assert((res.headers["Inference-Header-Content-Length"] ~= nil) == asked)
      local response = assert(tensor.infer_response(res))
      assert(response.id == "mine")
      return json.encode(response.outputs[model.output].data)
    end
    for _, model in ipairs(models) do
      expect(http.post(url .. "/repository/models/" .. model.name .. "/load", "{}"), 200)
      local first = infer(model, false, false)
      assert(#first > 4, first)
      assert(infer(model, true, false) == first)
      assert(infer(model, false, true) == first)
      assert(infer(model, true, true) == first)
    end
  )lua");
}

TEST_CASE("Triton sends all outputs in binary where the request asks for it") {
  const Iteration run(R"lua(
    expect(http.post(url .. "/repository/models/add10/load", "{}"), 200)
    local body, headers = tensor.infer_request { binary = true, inputs = {
      { name = "INPUT", datatype = "FP32", shape = { 4 }, bytes = tensor.fill("FP32", { 4 }, 0.5) },
    } }
    local res = expect(http.post(url .. "/models/add10/infer", body, { headers = headers }), 200)
    local output = assert(tensor.infer_response(res)).outputs.OUTPUT
    assert(output.parameters.binary_data_size == 16)
    assert(output.data[1] == 10.5 and output.data[4] == 10.5)
    local response, problem = tensor.infer_response(
      http.post(url .. "/models/add10/infer", body:sub(1, -2), { headers = headers }))
    assert(response == nil and problem:find("^status [45]%d%d: ."), problem)
  )lua");
}

TEST_CASE("Triton generates a text at once and as a stream") {
  const Iteration run(R"lua(
    local whole = http.post(url .. "/models/words/generate", json.encode({ text_input = "moon" }))
    assert(expect(whole, 200):json("text_output") == "moon 1")
    local stream = http.stream("POST", url .. "/models/words/generate_stream",
      json.encode({ text_input = "tide", max_tokens = 5 }))
    assert(stream.status == 200, stream.error)
    local texts = {}
    for event in stream:events() do texts[#texts + 1] = json.decode(event.data).text_output end
    assert(stream.error == "" and table.concat(texts, ",") == "tide 1,tide 2,tide 3,tide 4,tide 5")
  )lua");
}

TEST_CASE("Triton's errors have a status before the first event, and are events behind it") {
  const Iteration run(R"lua(
    local function events(tokens)
      local stream = http.stream("POST", url .. "/models/words/generate_stream",
        json.encode({ text_input = "fail", max_tokens = tokens }))
      local status, list = stream.status, {}
      for event in stream:events() do list[#list + 1] = json.decode(event.data) end
      assert(stream.error == "", stream.error)
      return status, list
    end
    local status, list = events(1)
    assert(status == 400 and list[1].error == "no words for that", status)
    status, list = events(3)
    assert(status == 200 and #list == 3, status)
    assert(list[2].text_output == "fail 2" and list[3].error == "no words for that")
  )lua");
}

TEST_CASE("a connection to Triton is used again after streams, errors and large answers") {
  ScriptRun run(R"lua(
    local http = require "perigee.http"
    local json = require "perigee.json"
    local url = __ENV.INFER_HTTP_ENDPOINT .. "/v2"
    return { options = { vus = 4, iterations = 200 }, default = function()
      local stream = http.stream("POST", url .. "/models/words/generate_stream",
        json.encode({ text_input = ("x"):rep(20000), max_tokens = 20 }))
      local events = 0
      for _ in stream:events() do events = events + 1 end
      assert(events == 20 and stream.error == "", stream.error)
      assert(http.get(url .. "/models/nobody/ready").status == 400)
      assert(http.get(url .. "/health/ready").status == 200)
    end }
  )lua");
  CHECK_MESSAGE(run.exit_code() == 0, run.log());
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  CHECK(run.count("iterations") == 200);
  CHECK(run.count("http_reqs") == 600);
  CHECK(run.count("http_reqs_retried") == 0);
}

}  // namespace perigee
