#include "engine/output/output_thread.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

namespace perigee {

OutputThread::OutputThread(SampleQueue& queue, std::vector<std::unique_ptr<SampleOutput>> outputs,
                           OnFailure on_failure, OnEnd on_end)
    : queue_(queue), on_failure_(std::move(on_failure)), on_end_(std::move(on_end)) {
  for (auto& output : outputs)
    lines_.push_back({std::move(output), {}, 0});
  thread_ = std::thread([this] { run(); });
}

OutputThread::~OutputThread() {
  join();
}

void OutputThread::join() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

std::vector<std::string> OutputThread::finish() {
  join();
  std::vector<std::string> errors;
  for (const Line& line : lines_) {
    if (line.error.empty()) continue;
    std::string sentence = fmt::format("{} is incomplete: {}", line.output->name(), line.error);
    if (line.missed > 0) sentence += fmt::format(" ({} samples are missing)", line.missed);
    errors.push_back(std::move(sentence));
  }
  return errors;
}

void OutputThread::run() {
  while (const auto batch = queue_.pop()) {
    writing_ = batch->samples.size();
    for (size_t i = 0; i < lines_.size(); ++i)
      call(i, [&](Line& line) { write(line, *batch); });
    writing_ = 0;
  }
  for (size_t i = 0; i < lines_.size(); ++i)
    call(i, close);
  if (on_end_) on_end_();
}

template <typename Call>
void OutputThread::call(size_t line, Call use) {
  calling_ = line;
  use(lines_[line]);
  calling_ = kNoLine;
  ++returned_;
}

// The names alone are safe to read beside the thread.
std::vector<std::string> OutputThread::give_up() const {
  const uint64_t missing = writing_ + queue_.held() + queue_.dropped();
  const size_t stuck = calling_;
  std::vector<std::string> sentences;
  for (size_t i = 0; i < lines_.size(); ++i) {
    sentences.push_back(fmt::format(
        "{} is incomplete: {}; at least {} samples are missing", lines_[i].output->name(),
        i == stuck ? "it takes nothing any more" : "it was cut off", missing));
  }
  return sentences;
}

void OutputThread::write(Line& line, const SampleBatch& batch) {
  if (line.error.empty()) {
    try {
      line.output->write(batch);
      return;
    } catch (const std::exception& error) {
      line.error = error.what();
      if (on_failure_) on_failure_(fmt::format("{}: {}", line.output->name(), line.error));
    }
  }
  line.missed += batch.samples.size();
}

void OutputThread::close(Line& line) {
  if (!line.error.empty()) return;
  try {
    line.output->finish();
  } catch (const std::exception& error) {
    line.error = error.what();
  }
}

}  // namespace perigee
