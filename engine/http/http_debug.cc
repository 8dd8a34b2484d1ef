#include "engine/http/http_debug.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/base/secret_name.h"

namespace perigee::http {
namespace {

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

// The body below its head; empty if there is none.
std::string readable_body(std::string_view beginning, size_t size) {
  if (size == 0) return "";
  if (!is_text(beginning)) return fmt::format("\n({} bytes that are no text)", size);
  if (size == beginning.size()) return fmt::format("\n{}", beginning);
  return fmt::format("\n{}\n({} more bytes)", beginning, size - beginning.size());
}

// Takes the first line off, without its end.
std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size() - 1);
  std::string_view line = text.substr(0, end + 1);
  text.remove_prefix(end + 1);
  while (line.ends_with('\n') || line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

}  // namespace

std::string readable_head(std::string_view head) {
  const std::string_view first = take_line(head);
  return fmt::format("{}\n{}", first, readable_fields(head));
}

std::string readable_fields(std::string_view fields) {
  std::string text;
  while (!fields.empty()) {
    const std::string_view line = take_line(fields);
    if (line.empty()) continue;
    const size_t colon = line.find(':');
    const bool hidden = colon != std::string_view::npos && names_secret(line.substr(0, colon));
    text.append(hidden ? line.substr(0, colon) : line).append(hidden ? ": ***\n" : "\n");
  }
  return text;
}

void HttpDebug::write(std::string_view what, uint64_t number, std::string_view text) {
  log_.info(fmt::format("{}{} {}:\n{}", kind_, what, number, text));
}

ExchangeTrace::ExchangeTrace(HttpDebug& debug, std::string_view head, std::string_view body)
    : debug_(debug), number_(debug.next_number()) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const size_t end = std::min(head.find(kEnd), head.size() - kEnd.size()) + kEnd.size();
  std::string text = readable_head(head.substr(0, end));
  if (debug_.bodies()) {
    // A small body follows its head at once.
    std::string beginning(head.substr(end));
    beginning.append(body.substr(0, limits::kLoggedBody));
    text += readable_body(beginning, head.size() - end + body.size());
  }
  debug_.write("Request", number_, text);
}

void ExchangeTrace::on_head(const ResponseHead& head) {
  head_ = readable_head(fmt::format("{} {} {}\n{}", version_name(head.version), head.status,
                                    head.reason, head.fields));
}

void ExchangeTrace::on_body(std::string_view bytes) {
  body_size_ += bytes.size();
  if (!debug_.bodies()) return;
  body_.append(bytes.substr(0, limits::kLoggedBody - std::min(body_.size(), limits::kLoggedBody)));
}

void ExchangeTrace::on_trailers(std::string_view fields) {
  trailers_ = readable_fields(fields);
}

void ExchangeTrace::on_end(const Error& error) {
  std::string text = head_;
  if (debug_.bodies()) text += readable_body(body_, body_size_);
  if (!trailers_.empty()) {
    text += fmt::format("{}\n(trailers)\n{}", text.ends_with('\n') ? "" : "\n", trailers_);
  }
  if (error)
    text += fmt::format("{}{}", text.empty() || text.ends_with('\n') ? "" : "\n", error.text);
  debug_.write("Response", number_, text);
}

}  // namespace perigee::http
