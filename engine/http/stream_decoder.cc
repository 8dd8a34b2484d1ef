#include "engine/http/stream_decoder.h"

#include <utility>

#include "engine/base/limits.h"

namespace perigee::http {
namespace {

std::span<uint8_t> bytes_of(std::string& text) {
  return {reinterpret_cast<uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::unique_ptr<StreamDecoder> StreamDecoder::make(std::string_view content_encoding) {
  const std::vector<ContentCoding> codings = codings_to_undo(content_encoding);
  if (codings.empty()) return nullptr;
  auto decoder = std::make_unique<StreamDecoder>();
  if (codings.size() > limits::kContentCodings) {
    decoder->error_ = decompression_error(codings[limits::kContentCodings], kTooManyCodings);
    return decoder;
  }
  for (const ContentCoding coding : codings)
    decoder->stages_.push_back({.coding = coding, .decoder = ContentDecoder::make(coding)});
  return decoder;
}

bool StreamDecoder::decode(std::string_view& in, std::string& out) {
  out.clear();
  if (error_) return false;
  out.resize(limits::kDecodedPiece);
  out.resize(pull(stages_.size() - 1, in, bytes_of(out)));
  return !out.empty();
}

size_t StreamDecoder::pull(size_t index, std::string_view& in, std::span<uint8_t> out) {
  Stage& stage = stages_[index];
  if (index == 0) return run(stage, in, out);
  while (!error_) {
    if (const size_t written = run(stage, stage.in, out)) return written;
    stage.buffer.resize(limits::kDecodedPiece);
    const size_t given = pull(index - 1, in, bytes_of(stage.buffer));
    stage.in = std::string_view(stage.buffer).substr(0, given);
    if (given == 0) break;
  }
  return 0;
}

size_t StreamDecoder::run(Stage& stage, std::string_view& in, std::span<uint8_t> out) {
  size_t written = 0;
  while (!error_ && written < out.size() && (stage.full || !in.empty())) {
    stage.begun = true;
    std::span<uint8_t> room = out.subspan(written);
    if (const char* problem = stage.decoder->decode(in, room)) {
      error_ = decompression_error(stage.coding, problem);
    }
    stage.full = room.empty();
    written = out.size() - room.size();
  }
  return written;
}

Error StreamDecoder::finish() const {
  for (const Stage& stage : stages_) {
    if (stage.begun && !stage.decoder->ended()) {
      return decompression_error(stage.coding, kDataEndsEarly);
    }
  }
  return {};
}

}  // namespace perigee::http
