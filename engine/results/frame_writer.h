// Writes messages into a result file, one frame each.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/output/file_writer.h"
#include "engine/results/frame.h"

struct ZSTD_CCtx_s;

namespace perigee::results {

// What has been written is in the file, for others to read, when `write` returns. Throws
// std::runtime_error naming the file if it can't be written.
class FrameWriter {
 public:
  // Makes the file, and the folders it lies in. Throws ConfigError if that can't be done.
  explicit FrameWriter(const std::string& path);
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;
  ~FrameWriter() = default;

  void write(FrameType type, std::string_view message);
  // Ends the stream with its last message; nothing may be written after it.
  void finish(FrameType type, std::string_view message);

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  void begin(size_t message_size);
  void pack(std::string_view bytes, int directive);
  void put(FrameType type);

  std::unique_ptr<FileWriter> file_;
  std::unique_ptr<ZSTD_CCtx_s, FreeContext> zstd_;
  std::string frame_;
};

}  // namespace perigee::results
