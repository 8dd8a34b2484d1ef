#include "engine/websocket/frame_codec.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include <wslay/wslay.h>

#include "engine/base/check.h"

namespace perigee::websocket {
namespace {

// The fixed part of a frame's head, the length and the mask.
uint64_t head_size(const wslay_frame_iocb& frame) {
  const uint64_t length = frame.payload_length > 0xffff ? 8U : frame.payload_length > 125 ? 2U : 0U;
  return 2 + length + (frame.mask != 0 ? 4U : 0U);
}

FrameHead head_of(const wslay_frame_iocb& frame) {
  return {.opcode = static_cast<Opcode>(frame.opcode),
          .final = frame.fin != 0,
          .compressed = wslay_get_rsv1(frame.rsv) != 0,
          .reserved = (frame.rsv & (WSLAY_RSV2_BIT | WSLAY_RSV3_BIT)) != 0,
          .masked = frame.mask != 0,
          .length = frame.payload_length};
}

}  // namespace

// wslay's state for one direction, with the bytes that go in or out.
class FrameCodec::Machine {
 public:
  explicit Machine(uint64_t seed) : random_(seed) {
    const wslay_frame_callbacks callbacks{send, receive, make_mask};
    if (wslay_frame_context_init(&context, &callbacks, this) != 0) throw std::bad_alloc();
  }
  ~Machine() { wslay_frame_context_free(context); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  wslay_frame_context_ptr context = nullptr;
  std::string_view input;
  std::string* output = nullptr;

 private:
  static ssize_t send(const uint8_t* bytes, size_t size, int, void* user) {
    static_cast<Machine*>(user)->output->append(reinterpret_cast<const char*>(bytes), size);
    return static_cast<ssize_t>(size);
  }

  static ssize_t receive(uint8_t* buffer, size_t room, int, void* user) {
    std::string_view& input = static_cast<Machine*>(user)->input;
    const size_t size = std::min(room, input.size());
    if (size == 0) return -1;
    std::memcpy(buffer, input.data(), size);
    input.remove_prefix(size);
    return static_cast<ssize_t>(size);
  }

  static int make_mask(uint8_t* buffer, size_t size, void* user) {
    const uint64_t bits = static_cast<Machine*>(user)->random_();
    std::memcpy(buffer, &bits, std::min(size, sizeof bits));
    return 0;
  }

  RandomGenerator random_;
};

FrameCodec::FrameCodec(uint64_t seed) : writer_(std::make_unique<Machine>(seed)) {}

FrameCodec::~FrameCodec() = default;

void FrameCodec::write(std::string& out, Role role, const FrameHead& head,
                       std::string_view payload) {
  writer_->output = &out;
  wslay_frame_iocb frame{};
  frame.fin = head.final ? 1 : 0;
  frame.rsv = head.compressed ? WSLAY_RSV1_BIT : WSLAY_RSV_NONE;
  frame.opcode = static_cast<uint8_t>(head.opcode);
  frame.mask = role == Role::kClient ? 1 : 0;
  frame.payload_length = payload.size();
  frame.data = reinterpret_cast<const uint8_t*>(payload.data());
  frame.data_length = payload.size();
  const ssize_t written = wslay_frame_send(writer_->context, &frame);
  PERIGEE_CHECK(written == static_cast<ssize_t>(payload.size()));
}

std::unique_ptr<FrameCodec::Machine> FrameCodec::take() {
  if (idle_.empty()) return std::make_unique<Machine>(0);
  std::unique_ptr<Machine> machine = std::move(idle_.back());
  idle_.pop_back();
  return machine;
}

void FrameCodec::give_back(std::unique_ptr<Machine> machine) {
  idle_.push_back(std::move(machine));
}

FrameReader::FrameReader(FrameCodec& codec, Events& events) : codec_(codec), events_(events) {}

// In the middle of a frame the machine is of no use to others.
FrameReader::~FrameReader() = default;

bool FrameReader::feed(std::string_view bytes) {
  std::unique_ptr<FrameCodec::Machine> machine = machine_ ? std::move(machine_) : codec_.take();
  machine->input = bytes;
  unread_ += bytes.size();
  if (!read_frames(*machine)) return false;
  if (unread_ == 0 && !in_frame_) {
    codec_.give_back(std::move(machine));
  } else {
    machine_ = std::move(machine);
  }
  return true;
}

bool FrameReader::read_frames(FrameCodec::Machine& machine) {
  for (;;) {
    wslay_frame_iocb frame{};
    const ssize_t size = wslay_frame_recv(machine.context, &frame);
    if (size == WSLAY_ERR_WANT_READ) return true;
    if (size < 0) return false;
    if (!std::exchange(in_frame_, true)) {
      unread_ -= head_size(frame);
      left_ = frame.payload_length;
      if (!events_.on_frame(head_of(frame))) return false;
    }
    unread_ -= frame.data_length;
    left_ -= frame.data_length;
    const std::string_view payload(reinterpret_cast<const char*>(frame.data), frame.data_length);
    if (!payload.empty() && !events_.on_payload(payload)) return false;
    if (left_ > 0) continue;
    in_frame_ = false;
    if (!events_.on_frame_end()) return false;
  }
}

}  // namespace perigee::websocket
