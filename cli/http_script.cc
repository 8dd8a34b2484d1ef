#include "cli/http_script.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "cli/load_script.h"
#include "cli/lua_text.h"
#include "engine/base/duration.h"

namespace perigee {
namespace {

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
    text_ += load_options(load_);
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
