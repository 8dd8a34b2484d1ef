#include "cli/http_form.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "scripting/script.h"

namespace perigee {
namespace {

[[noreturn]] void refuse(const std::string& text, const char* what) {
  throw ConfigError(fmt::format("--form: \"{}\": {}", text, what));
}

// Takes ";name=value" off the end of `text`; empty if it is not there.
std::string take_attribute(std::string& text, const std::string& name) {
  const size_t begin = text.find(";" + name + "=");
  if (begin == std::string::npos) return "";
  const size_t value = begin + name.size() + 2;
  const size_t end = std::min(text.find(';', value), text.size());
  std::string taken = text.substr(value, end - value);
  text.erase(begin, end - begin);
  return taken;
}

void read_upload(std::string path, FormField& field) {
  field.is_path = true;
  field.content_type = take_attribute(path, "type");
  if (field.content_type.empty()) field.content_type = "application/octet-stream";
  field.file_name = take_attribute(path, "filename");
  if (field.file_name.empty()) field.file_name = std::filesystem::path(path).filename();
  field.text = std::move(path);
}

void read_text(const std::string& written, std::string value, FormField& field) {
  field.is_path = value.starts_with('<');
  if (!field.is_path && value.find(";type=") != std::string::npos) {
    refuse(written, "only files have a type: NAME=@FILE;type=TYPE");
  }
  field.text = field.is_path ? value.substr(1) : std::move(value);
}

FormField read_field(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    refuse(text, "must look like NAME=TEXT or NAME=@FILE");
  }
  FormField field;
  field.name = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  if (value.starts_with('@')) {
    read_upload(value.substr(1), field);
  } else {
    read_text(text, value, field);
  }
  // What is not there ends the program here and not in the script.
  if (field.is_path) read_file(field.text);
  return field;
}

}  // namespace

void read_form(const JsonReader& flags, RequestBody& body) {
  std::vector<std::string> texts;
  flags.read("form", texts);
  if (texts.empty()) return;
  if (body.kind != RequestBody::Kind::kNone) {
    throw ConfigError("a form (-F) must be the only body: leave out -d, --data-binary and -D");
  }
  body.kind = RequestBody::Kind::kForm;
  for (const std::string& text : texts)
    body.form.push_back(read_field(text));
}

}  // namespace perigee
