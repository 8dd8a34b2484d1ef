// Errors of calls, which name the function that was called.
#pragma once

#include <stdexcept>

#include <fmt/format.h>

#include "scripting/script_host.h"

namespace perigee {

template <typename Read>
auto with_name(const char* called, Read read) {
  try {
    return read();
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", called, error.what()));
  }
}

// Throws unless a VU runs its init code.
inline void require_init(const ScriptHost& host, const char* called) {
  if (host.loading()) return;
  throw std::runtime_error(
      fmt::format("{}: clients are made in the script's main part, outside of functions", called));
}

}  // namespace perigee
