#include "modules/kafka/event_queue.h"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace perigee::kafka {
namespace {

// What the library writes to the descriptor when its queue was empty.
constexpr uint64_t kSignal = 1;

int make_descriptor() {
  const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

}  // namespace

EventQueue::EventQueue(Loop& loop, QueuePtr queue, std::function<void()> on_ready)
    : queue_(std::move(queue)), fd_(make_descriptor()), on_ready_(std::move(on_ready)) {
  readable_.emplace(loop, fd_, [this] { on_readable(); });
  rd_kafka_queue_io_event_enable(queue_.get(), fd_, &kSignal, sizeof kSignal);
  // What came before the descriptor was known to the library is looked for now.
  ask_again();
}

EventQueue::~EventQueue() {
  rd_kafka_queue_io_event_enable(queue_.get(), -1, nullptr, 0);
  readable_.reset();
  close(fd_);
}

void EventQueue::ask_again() {
  // A full counter signals as well.
  [[maybe_unused]] const ssize_t written = write(fd_, &kSignal, sizeof kSignal);
}

void EventQueue::on_readable() {
  uint64_t signals = 0;
  // Read before the events are taken: one that comes meanwhile signals again.
  [[maybe_unused]] const ssize_t size = read(fd_, &signals, sizeof signals);
  on_ready_();
}

}  // namespace perigee::kafka
