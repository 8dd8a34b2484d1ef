#include "engine/websocket/permessage_deflate.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/http/header_fields.h"

namespace perigee::websocket {
namespace {

constexpr std::string_view kName = "permessage-deflate";
constexpr int kLeastWindowBits = 8;

struct Parameter {
  std::string_view name;
  std::string_view value;
};

// What comes before the next separator; the rest stays in `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const size_t end = text.find(separator);
  const std::string_view part = http::trim(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

// Of `permessage-deflate; a; b=10`, what follows the name.
std::vector<Parameter> read_parameters(std::string_view text) {
  std::vector<Parameter> parameters;
  while (!text.empty()) {
    std::string_view value = take_until(text, ';');
    const std::string_view name = take_until(value, '=');
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    parameters.push_back({name, value});
  }
  return parameters;
}

bool read_bits(std::string_view text, int& bits) {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), bits);
  return status == std::errc() && end == text.data() + text.size() && bits >= kLeastWindowBits &&
         bits <= kMostWindowBits;
}

// Adds a parameter to those agreed on. False if there is no such one, or not with this value.
// `offer`: a client may say client_max_window_bits without a value.
bool apply(const Parameter& parameter, bool offer, DeflateParameters& agreed) {
  const auto& [name, value] = parameter;
  if (name == "server_no_context_takeover") {
    return value.empty() && std::exchange(agreed.server_no_context_takeover, true) == false;
  }
  if (name == "client_no_context_takeover") {
    return value.empty() && std::exchange(agreed.client_no_context_takeover, true) == false;
  }
  if (name == "server_max_window_bits") return read_bits(value, agreed.server_max_window_bits);
  if (name != "client_max_window_bits") return false;
  return (offer && value.empty()) || read_bits(value, agreed.client_max_window_bits);
}

constexpr DeflateParameters kPlain{.server_no_context_takeover = false,
                                   .client_no_context_takeover = false};

}  // namespace

std::string deflate_offer(const DeflateParameters& offered) {
  std::string offer(kName);
  if (offered.server_no_context_takeover) offer += "; server_no_context_takeover";
  if (offered.client_no_context_takeover) offer += "; client_no_context_takeover";
  if (offered.server_max_window_bits < kMostWindowBits) {
    offer += fmt::format("; server_max_window_bits={}", offered.server_max_window_bits);
  }
  offer += "; client_max_window_bits";
  if (offered.client_max_window_bits < kMostWindowBits) {
    offer += fmt::format("={}", offered.client_max_window_bits);
  }
  return offer;
}

std::optional<DeflateParameters> read_deflate_answer(std::string_view extensions,
                                                     const DeflateParameters& offered,
                                                     std::string& error) {
  if (extensions.find(',') != std::string_view::npos) {
    error = fmt::format("the server agreed to more than was offered: \"{}\"", extensions);
    return std::nullopt;
  }
  const std::string_view whole = extensions;
  if (take_until(extensions, ';') != kName) {
    error = fmt::format("the server agreed to an extension that was not offered: \"{}\"", whole);
    return std::nullopt;
  }
  DeflateParameters agreed = kPlain;
  for (const Parameter& parameter : read_parameters(extensions)) {
    if (apply(parameter, false, agreed)) continue;
    error = fmt::format("the server agreed to \"{}\", which makes no sense", whole);
    return std::nullopt;
  }
  // What a client says of itself holds whether the server repeats it or not.
  agreed.client_no_context_takeover |= offered.client_no_context_takeover;
  agreed.client_max_window_bits =
      std::min(agreed.client_max_window_bits, offered.client_max_window_bits);
  return agreed;
}

std::optional<DeflateParameters> accept_deflate_offer(std::string_view extensions,
                                                      std::string& answer) {
  while (!extensions.empty()) {
    std::string_view offer = take_until(extensions, ',');
    if (take_until(offer, ';') != kName) continue;
    DeflateParameters agreed = kPlain;
    const std::vector<Parameter> parameters = read_parameters(offer);
    if (!std::all_of(parameters.begin(), parameters.end(),
                     [&](const Parameter& one) { return apply(one, true, agreed); })) {
      continue;
    }
    answer = kName;
    if (agreed.server_no_context_takeover) answer += "; server_no_context_takeover";
    if (agreed.client_no_context_takeover) answer += "; client_no_context_takeover";
    if (agreed.server_max_window_bits < kMostWindowBits) {
      answer += fmt::format("; server_max_window_bits={}", agreed.server_max_window_bits);
    }
    if (agreed.client_max_window_bits < kMostWindowBits) {
      answer += fmt::format("; client_max_window_bits={}", agreed.client_max_window_bits);
    }
    return agreed;
  }
  return std::nullopt;
}

}  // namespace perigee::websocket
