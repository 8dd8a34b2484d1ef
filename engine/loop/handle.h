// Owns a libuv handle the only way that is safe.
#pragma once

#include <memory>

#include <uv.h>

namespace perigee {

// libuv keeps a handle until its close callback has run, so memory is freed there and only there.
struct CloseHandle {
  template <typename H>
  void operator()(H* handle) const {
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<H*>(closed); });
  }
};

// Holds an initialised handle; destroying it closes the handle. The loop must run (or be drained)
// afterwards.
template <typename H>
using UvPtr = std::unique_ptr<H, CloseHandle>;

}  // namespace perigee
