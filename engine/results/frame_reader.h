// Reads the messages of a result file, frame by frame.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "engine/results/frame.h"

struct ZSTD_DCtx_s;

namespace perigee::results {

class FrameReader {
 public:
  // Throws ConfigError if the file can't be read or is no result file.
  explicit FrameReader(const std::string& path);
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  ~FrameReader();

  // The next frame's type and message. False at the end of the file, and where the rest is less
  // than a frame: what was being written when the run was killed. Throws ConfigError for a frame
  // that is damaged, with its place.
  bool next(FrameType& type, std::string& message);

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  [[noreturn]] void refuse(const std::string& reason) const;
  void unpack(const std::string& payload, std::string& message);

  std::string path_;
  std::ifstream file_;
  std::unique_ptr<ZSTD_DCtx_s, FreeContext> zstd_;
  uint64_t at_ = 0;
};

}  // namespace perigee::results
