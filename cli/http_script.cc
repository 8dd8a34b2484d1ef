#include "cli/http_script.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "cli/lua_text.h"
#include "engine/base/duration.h"

namespace perigee {
namespace {

// Virtual users of a rate that nobody has bounded.
constexpr int64_t kMostUsers = 1000;
// "As long as it takes", for a number of requests without a time.
constexpr std::string_view kWhile = "24h";
constexpr Duration kShortest = std::chrono::seconds(1);

struct Method {
  std::string_view name;
  std::string_view function;
  bool has_body;
};

constexpr std::array<Method, 7> kMethods{{{"GET", "get", false},
                                          {"HEAD", "head", false},
                                          {"POST", "post", true},
                                          {"PUT", "put", true},
                                          {"PATCH", "patch", true},
                                          {"DELETE", "del", true},
                                          {"OPTIONS", "options", true}}};

// Writes the script part by part.
class ScriptWriter {
 public:
  explicit ScriptWriter(const HttpLoad& load) : load_(load) {}

  std::string write() {
    text_ =
        "-- One request, sent again and again. Run: perigee run FILE.lua\n"
        "local http = require \"perigee.http\"\n\n"
        "local M = {}\n\n";
    write_options();
    write_client();
    write_request();
    write_default();
    return std::move(text_);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
  }

  void write_options() {
    line("M.options = {{");
    load_.rate ? write_rate() : write_users();
    write_thresholds();
    if (load_.follows_redirects) {
      line("  maxRedirects = {},", load_.most_redirects);
    } else {
      line("  maxRedirects = 0,                -- a redirection is an answer like any other");
    }
    line("  discardResponseBodies = true,    -- bodies are read and not kept");
    write_certificates();
    if (load_.insecure) line("  insecureSkipTLSVerify = true,    -- certificates are not checked");
    if (!load_.keeps_alive) line("  noConnectionReuse = true,        -- a connection per request");
    line("}}\n");
  }

  void write_certificates() {
    const ServerAccess& access = load_.access;
    if (!access.authorities.empty())
      line("  tlsCACerts = {{ {} }},", lua_string(access.authorities));
    if (access.certificate.empty()) return;
    const std::string password =
        access.password.empty() ? "" : fmt::format(", password = {}", lua_string(access.password));
    line("  tlsAuth = {{ {{ cert = {}, key = {}{} }} }},", lua_string(access.certificate),
         lua_string(access.key), password);
  }

  bool has_client() const { return !load_.access.version.empty() || load_.access.proxy; }

  void write_client() {
    if (!has_client()) return;
    const ServerAccess& access = load_.access;
    line("-- A client with settings of its own, which every virtual user has.");
    line("local client = http.client{{");
    if (!access.version.empty())
      line("  version = \"{}\",    -- of HTTP, no other", access.version);
    if (access.proxy)
      line("  proxy = {},", access.proxy->empty() ? "false" : lua_string(*access.proxy));
    line("}}\n");
  }

  void write_users() {
    const int64_t most = load_.requests.value_or(load_.connections);
    line("  vus = {},    -- each has a connection of its own and waits for its answers",
         std::min(load_.connections, most));
    if (load_.requests) line("  iterations = {},    -- requests in all", *load_.requests);
    const std::string length = load_.duration ? format_duration(*load_.duration) : "";
    if (!length.empty())
      line("  duration = \"{}\",{}", length, load_.requests ? "    -- at most" : "");
    if (length.empty()) line("  duration = \"{}\",    -- at most", kWhile);
  }

  // So many requests are due in it, and the next one half an interval after it.
  Duration time_for(double requests) const {
    const std::chrono::duration<double> seconds((requests - 0.5) / *load_.rate);
    return std::chrono::duration_cast<Duration>(seconds);
  }

  void write_rate() {
    Duration length = load_.duration.value_or(Duration::max());
    if (load_.requests) length = std::min(length, time_for(static_cast<double>(*load_.requests)));
    const int64_t most = load_.connections_given ? load_.connections : kMostUsers;
    line("  scenarios = {{");
    line("    default = {{");
    // A constant rate lasts a second at least.
    length < kShortest ? write_short_rate() : write_constant_rate(length);
    line("      preAllocatedVUs = {},    -- connections from the start", load_.connections);
    line("      maxVUs = {},    -- and at most; a request that finds none free is dropped", most);
    line("    }},");
    line("  }},");
  }

  void write_constant_rate(Duration length) {
    line("      executor = \"constant-arrival-rate\",");
    line("      rate = {},    -- requests that start each second, however slow the answers are",
         *load_.rate);
    line("      duration = \"{}\",{}", format_duration(length),
         load_.requests ? fmt::format("    -- {} requests at most", *load_.requests) : "");
  }

  void write_short_rate() {
    const auto requests = static_cast<double>(load_.requests.value_or(1));
    line("      executor = \"ramping-arrival-rate\",");
    line("      startRate = {},    -- requests that start each second", *load_.rate);
    line("      stages = {{ {{ duration = \"{}\", target = {} }} }},    -- {} requests",
         format_duration(time_for(requests + 1)), *load_.rate, requests);
  }

  void write_thresholds() {
    std::map<std::string, std::vector<std::string>> by_metric;
    for (const auto& [metric, expression] : load_.thresholds)
      by_metric[metric].push_back(lua_string(expression));
    if (by_metric.empty()) return;
    line("  -- What must hold for the run to pass; if it does not, the exit code is 99.");
    if (load_.threshold_no_samples == NoSamples::kFail) line("  thresholdNoSamples = \"fail\",");
    line("  thresholds = {{");
    for (const auto& [metric, expressions] : by_metric)
      line("    {} = {{ {} }},", lua_key(metric), fmt::join(expressions, ", "));
    line("  }},");
  }

  void write_request() {
    line("local url = {}", lua_string(load_.url));
    write_body();
    const std::vector<std::string> params = request_params();
    if (!params.empty()) {
      line("local params = {{");
      for (const std::string& param : params)
        line("  {},", param);
      line("}}");
    }
    line("");
  }

  void write_body() {
    const std::string text = lua_string(load_.body.text);
    switch (load_.body.kind) {
      case RequestBody::Kind::kNone:
        return;
      case RequestBody::Kind::kText:
        line("local body = {}", text);
        return;
      case RequestBody::Kind::kFile:
        line("local body = open({}, \"b\")", text);
        return;
      case RequestBody::Kind::kOneLine:
        line("local body = open({}, \"b\"):gsub(\"[\\r\\n]\", \"\")", text);
        return;
      case RequestBody::Kind::kForm:
        write_form();
        return;
    }
  }

  void write_form() {
    const std::vector<FormField>& form = load_.body.form;
    const bool has_uploads =
        std::any_of(form.begin(), form.end(), std::mem_fn(&FormField::is_upload));
    line("local body = {{");
    for (const FormField& field : form) {
      const std::string text = lua_string(field.text);
      std::string value = field.is_path ? fmt::format("open({}, \"b\")", text) : text;
      // A form is multipart if it has a file; one without a name and a type is a plain field.
      if (field.is_upload() || !has_uploads) {
        value = fmt::format("http.file({}, {}, {})", value, lua_string(field.file_name),
                            lua_string(field.content_type));
      }
      line("  {{ {}, {} }},", lua_string(field.name), value);
    }
    line("}}    -- with a file it is sent as multipart/form-data");
  }

  std::vector<std::string> request_params() const {
    std::vector<std::string> params;
    if (!load_.headers.empty()) {
      std::string headers = "headers = {\n";
      for (const auto& [name, value] : load_.headers)
        headers += fmt::format("    {} = {},\n", lua_key(name), lua_string(value));
      params.push_back(headers + "  }");
    }
    if (load_.timeout)
      params.push_back(fmt::format("timeout = \"{}\"", format_duration(*load_.timeout)));
    if (load_.digest) params.emplace_back("auth = \"digest\"");
    return params;
  }

  // The call with as many arguments as it needs.
  std::string call() const {
    const bool has_body = load_.body.kind != RequestBody::Kind::kNone;
    const bool has_params = !request_params().empty();
    const auto method = std::find_if(kMethods.begin(), kMethods.end(), [&](const Method& known) {
      return known.name == load_.method && (known.has_body || !has_body);
    });
    const bool known = method != kMethods.end();
    std::string arguments = known ? "url" : lua_string(load_.method) + ", url";
    if (has_body) arguments += ", body";
    if (!has_body && has_params && (!known || method->has_body)) arguments += ", nil";
    if (has_params) arguments += ", params";
    return fmt::format("{}{}({})", has_client() ? "client:" : "http.",
                       known ? method->function : "request", arguments);
  }

  void write_default() {
    line("-- One iteration: a virtual user sends the request and waits for the answer.");
    line("function M.default()");
    line("  {}", call());
    line("end\n");
    line("return M");
  }

  const HttpLoad& load_;
  std::string text_;
};

}  // namespace

std::string http_script(const HttpLoad& load) {
  return ScriptWriter(load).write();
}

}  // namespace perigee
