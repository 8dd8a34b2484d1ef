// Calls every function that the definitions for editors have in every wrong way.
#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/scripting/definitions.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// How a script names what a class's methods are called on, and where it gets one.
struct Sample {
  std::string name;
  std::string expression;
};

const std::map<std::string, Sample> kClasses{
    {"AwsCredentials", {"aws_credentials", "an_aws"}},
    {"AzureCredentials", {"azure_credentials", "an_azure"}},
    {"GoogleCredentials", {"google_credentials", "a_google"}},
    {"OciCredentials", {"oci_credentials", "an_oci"}},
    {"AvroSchema", {"avro_schema", "an_avro_schema"}},
    {"Hasher", {"hasher", "crypto.create_hash('md5')"}},
    {"Array", {"array", "an_array"}},
    {"Metric", {"metric", "a_metric"}},
    {"Response", {"res", "http.get('no URL')"}},
    {"Promise", {"promise", "http.async_request('GET', 'no URL')"}},
    {"Stream", {"stream", "http.stream('GET', 'no URL')"}},
    {"StreamPromise", {"promise", "http.async_stream('GET', 'no URL')"}},
    {"CookieJar", {"jar", "http.new_cookie_jar()"}},
    {"Client", {"client", "a_client"}},
    {"Reader", {"reader", "chat.reader()"}},
    {"GrpcClient", {"grpc_client", "a_grpc_client"}},
    {"InferenceLoad", {"inference_load", "an_inference_load"}},
    {"KafkaProducer", {"producer", "a_producer"}},
    {"KafkaAdmin", {"admin", "an_admin"}},
    {"KafkaConsumer", {"consumer", "a_consumer"}},
    {"KubernetesClient", {"k8s_client", "a_k8s_client"}},
    {"Barrier", {"barrier", "a_barrier"}},
    {"Counter", {"counter", "a_counter"}},
    {"Lock", {"lock", "a_lock"}},
    {"Queue", {"queue", "a_queue"}},
    {"Schema", {"schema", "a_schema"}},
    {"SchemaRegistry", {"registry", "a_registry"}},
    {"WebSocket", {"ws", "websocket.connect('ws://127.0.0.1:1/')"}},
};

// Classes whose objects come from a server; their own tests call their methods.
bool needs_server(const std::string& table) {
  return table == "GrpcPromise" || table == "GrpcStream" || table == "KafkaRequester";
}

constexpr const char* kTop = R"lua(
local concat, names = table.concat, "chat credentials crypto data encoding execution grpc http inference " ..
  "json k8s metrics protobuf random storage summary sync table tensor text " ..
  "time url websocket yaml"
for name in names:gmatch("%w+") do _G[name] = require("perigee." .. name) end
perigee = require "perigee"
an_array, a_metric = data.shared("list", function() return { 1 } end), metrics.counter("a_metric")
a_client = http.client()
a_grpc_client, an_inference_load = grpc.client(), inference.load { address = "h", grpc_port = 1, model = "m" }
a_k8s_client = k8s.client { server = "http://127.0.0.1:1" } a_lock, a_barrier, a_counter, a_queue = sync.lock("a"), sync.barrier("a", 2), sync.counter("a"), sync.queue("a")
an_aws, a_google = credentials.aws {}, credentials.google { gcp_credentials_path = "/nowhere" }
an_azure, an_oci = credentials.azure {}, credentials.oci {}
a_schema = protobuf.load("tests/support/protos", "legacy.proto")
)lua";

#ifdef PERIGEE_KAFKA
constexpr bool kHasKafka = true;
constexpr const char* kKafka = R"lua(avro, kafka = require "perigee.avro", require "perigee.kafka"
an_avro_schema, a_registry = avro.parse('"string"'), avro.registry { url = "http://127.0.0.1:1" }
a_producer = kafka.producer { ["bootstrap.servers"] = "127.0.0.1:1" }
a_consumer = kafka.consumer { ["bootstrap.servers"] = "127.0.0.1:1", partitions = { { topic = "t", partition = 0 } } }
an_admin = kafka.admin { ["bootstrap.servers"] = "127.0.0.1:1" }
)lua";
#else
constexpr bool kHasKafka = false;
constexpr const char* kKafka = "";
#endif

// The modules that a build may leave out.
bool is_missing(const std::string& table) {
  return !kHasKafka && (table == "kafka" || table.starts_with("Kafka") || table == "avro" ||
                        table == "AvroSchema" || table == "SchemaRegistry");
}

bool has(const std::string& type, const char* word) {
  return std::regex_search(type, std::regex(std::string("(^|[^\\w.])") + word + "($|[^\\w.])"));
}

bool is_list(const std::string& type) {
  return type.ends_with("[]") && type.find('|') == std::string::npos;
}

// A value that the type allows.
std::string right_value(const std::string& type) {
  if (type.starts_with("fun(")) return "print";
  if (is_list(type)) return "{}";
  if (type.starts_with("table<") || type.starts_with("{")) return "{ x = true }";
  if (has(type, "any") || has(type, "string") || type.find('"') != std::string::npos) return "'x'";
  if (has(type, "number") || has(type, "integer")) return "1";
  if (has(type, "boolean")) return "true";
  if (has(type, "false")) return "false";
  return "{}";
}

// Values that it does not allow. Lua takes a number for a string.
std::vector<std::string> wrong_values(const std::string& type) {
  if (type.starts_with("fun(")) return {"coroutine.create(print)", "true", "'x'", "5", "{}"};
  if (has(type, "any")) return {};
  if (type.starts_with("{") || is_list(type))
    return {"coroutine.create(print)", "print", "true", "'x'", "5"};
  const bool text = has(type, "string") || type.find('"') != std::string::npos;
  const bool number = has(type, "number") || has(type, "integer");
  std::vector<std::string> values{"coroutine.create(print)"};
  values.emplace_back("print");
  if (!has(type, "boolean")) values.emplace_back("true");
  if (!text) values.emplace_back("'x'");
  if (!text && !number) values.emplace_back("5");
  const bool plain = text || number || has(type, "boolean");
  if (plain && type.find('|') == std::string::npos) values.emplace_back("{}");
  return values;
}

// What a call is expected to say.
struct Case {
  std::string call;
  std::string message;
};

class Calls {
 public:
  explicit Calls(const Definition& definition) : definition_(definition) {
    if (definition.is_method) {
      REQUIRE_MESSAGE(kClasses.contains(definition.table), definition.table);
      const Sample& sample = kClasses.at(definition.table);
      called_ = sample.name + ":" + definition.name;
      object_ = sample.expression;
    } else {
      object_ = definition.table;
      called_ = (object_.empty() ? "" : object_ + ".") + definition.name;
    }
  }

  std::vector<Case> cases() {
    exchanged();
    missing();
    for (size_t i = 0; i < definition_.parameters.size(); ++i)
      wrong(i);
    return std::move(cases_);
  }

 private:
  std::string right_arguments(size_t count) const {
    std::string list;
    for (size_t i = 0; i < count; ++i) {
      const Parameter& parameter = definition_.parameters[i];
      if (i > 0) list += ", ";
      list += parameter.name == "..." ? "1" : right_value(parameter.type);
    }
    return list;
  }

  // With `mark`, "." or ":", between the object and the function.
  std::string call(const char* mark, const std::string& arguments) const {
    if (object_.empty()) return fmt::format("{}({})", definition_.name, arguments);
    if (!definition_.is_method) {
      return fmt::format("{}{}{}({})", object_, mark, definition_.name, arguments);
    }
    return fmt::format("local object = {} object{}{}({})", object_, mark, definition_.name,
                       arguments);
  }

  void add(const std::string& call, const std::string& message) {
    cases_.push_back({call, called_ + ": " + message});
  }

  void exchanged() {
    if (object_.empty()) return;
    const std::string arguments = right_arguments(definition_.parameters.size());
    const bool method = definition_.is_method;
    const std::string how = method ? "a colon instead of the dot" : "a dot instead of the colon";
    std::string names;
    for (const Parameter& parameter : definition_.parameters)
      names += (names.empty() ? "" : ", ") + parameter.name;
    add(call(method ? "." : ":", arguments),
        fmt::format("write {}({}), with {}", called_, names, how));
  }

  void missing() {
    if (definition_.parameters.empty() || definition_.parameters.front().optional) return;
    const Parameter& first = definition_.parameters.front();
    if (first.name == "...") return;
    // A value of any kind may be nil where others have to follow.
    const bool any = has(first.type, "any") && definition_.parameters.size() > 1 &&
                     !definition_.parameters[1].optional;
    const std::string& name = any ? definition_.parameters[1].name : first.name;
    add(call(definition_.is_method ? ":" : ".", ""), name + " ");
  }

  void wrong(size_t index) {
    const Parameter& parameter = definition_.parameters[index];
    if (parameter.name == "...") return;
    for (const std::string& value : wrong_values(parameter.type)) {
      const std::string before = right_arguments(index);
      add(call(definition_.is_method ? ":" : ".", before + (before.empty() ? "" : ", ") + value),
          parameter.name + " must be ");
    }
  }

  const Definition& definition_;
  std::string called_;
  std::string object_;
  std::vector<Case> cases_;
};

// Where the first call stands in its script.
constexpr size_t kFirstLine = 30;

// What the calls raise in one iteration, "nil" for nothing.
std::vector<std::string> errors_of(const std::vector<std::string>& calls) {
  std::string source = std::string(kTop) + kKafka;
  source += "return { default = function()\nlocal errors = {}\n";
  const auto lines_before = static_cast<size_t>(std::count(source.begin(), source.end(), '\n'));
  REQUIRE(lines_before < kFirstLine);
  source += std::string(kFirstLine - 1 - lines_before, '\n');
  for (const std::string& call : calls) {
    source += "errors[#errors + 1] = tostring((select(2, pcall(function() " + call + " end))))\n";
  }
  ScriptFixture fixture(source + "error(concat(errors, '\\n'), 0)\nend }");
  fixture.iterate();
  std::vector<std::string> errors;
  std::istringstream lines(fixture.vu().error());
  for (std::string line; errors.size() < calls.size() && std::getline(lines, line);)
    errors.push_back(line);
  return errors;
}

std::string error_of(const std::string& call) {
  return errors_of({call}).front();
}

}  // namespace

TEST_CASE("a call with a wrong argument names its line, the function and the argument") {
  std::vector<Definition> all = definitions();
  std::erase_if(all, [](const Definition& definition) {
    return needs_server(definition.table) || is_missing(definition.table);
  });
  REQUIRE(all.size() > 100);
  for (const Definition& definition : all) {
    const std::vector<Case> cases = Calls(definition).cases();
    std::vector<std::string> calls;
    for (const Case& wrong : cases)
      calls.push_back(wrong.call);
    const std::vector<std::string> errors = errors_of(calls);
    CAPTURE(definition.table);
    CAPTURE(definition.name);
    REQUIRE(errors.size() == cases.size());
    for (size_t i = 0; i < cases.size(); ++i) {
      CAPTURE(cases[i].call);
      CAPTURE(cases[i].message);
      CAPTURE(errors[i]);
      CHECK(errors[i].starts_with(
          fmt::format("script.lua:{}: {}", kFirstLine + i, cases[i].message)));
    }
  }
}

TEST_CASE("a call that Lua's own habits allow is none with a wrong argument") {
  for (const char* call : {
           "perigee.sleep('0')",
           "crypto.sha256(5)",
           "a_metric:add('5')",
           "a_metric.add(a_metric, 5)",
           "local sha = crypto.sha256 sha('x')",
           "json.encode(nil)",
           "random.float(nil, 2)",
           "http.set_response_callback(nil)",
           "http.set_response_callback(false)",
           "perigee.check(nil, {})",
           "http.post('no URL', http.body_from(function() end))",
       }) {
    CAPTURE(call);
    CHECK(error_of(call) == "nil");
  }
}

TEST_CASE("the message of a wrong argument shows what it got and what to write") {
  const std::pair<const char*, const char*> kMessages[] = {
      {"perigee.sleep('1s')",
       "perigee.sleep: seconds must be a number, got the string \"1s\" (write 1)"},
      {"perigee.sleep('250ms')",
       "perigee.sleep: seconds must be a number, got the string \"250ms\" (write 0.25)"},
      {"perigee.sleep()",
       "perigee.sleep: seconds must be a number, got nil (write perigee.sleep(seconds))"},
      {"websocket.run('1s')",
       "websocket.run: limit must be a number of milliseconds, got the string \"1s\" (write 1000)"},
      {"a_metric:add('x')",
       "metric:add: value must be a number, true or false, got the string \"x\""},
      {"a_metric.add(5)",
       "metric:add: write metric:add(value, tags), with a colon instead of the dot"},
      {"perigee:sleep(1)",
       "perigee.sleep: write perigee.sleep(seconds), with a dot instead of the colon"},
      {"http.post('http://a/', 5)",
       "http.post: body must be a string, a table (a form), http.body_file(...) or "
       "http.body_from(...), got the number 5; use json.encode for JSON"},
      {"json.encode()", "json.encode: value is missing (write json.encode(value, options))"},
      {"crypto.sha256({})", "crypto.sha256: data must be a string, got a table; use json.encode"},
      {"console:log('x')", "console.log: write console.log(...), with a dot instead of the colon"},
      {"execution.test:fail('x')",
       "execution.test.fail: write execution.test.fail(message), with a dot instead"},
      {"perigee:check({ a = true }, { t = 'x' })",
       "perigee.check: write perigee.check(value, checks, tags), with a dot instead"},
      {"http.get('http://a/', { timeout = 'soon' })",
       "http.get: timeout must be a duration above 0 like \"10s\""},
      {"a_client:get('http://a/', { timeout = 'soon' })", "client:get: timeout must be a duration"},
  };
  for (const auto& expected : kMessages) {
    const std::string error = error_of(expected.first);
    CAPTURE(error);
    CHECK(error.starts_with(std::string("script.lua:30: ") + expected.second));
  }
}

TEST_CASE("a wrong call that a function ends in has the line that called the function") {
  CHECK(
      error_of("return perigee.sleep('1s')").starts_with("script.lua:30: perigee.sleep: seconds"));
}

TEST_CASE("a value of any kind may be an integer of 64 bits") {
  ScriptFixture fixture(R"lua(local json = require "perigee.json"
return { default = function() assert(json.encode(5LL) == "5") end })lua");
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

}  // namespace perigee
