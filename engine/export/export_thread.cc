#include "engine/export/export_thread.h"

#include <utility>

namespace perigee::exports {

ExportThread::~ExportThread() {
  if (!thread_.joinable()) return;
  loop_.post([this] { loop_.stop(); });
  thread_.join();
}

void ExportThread::start() {
  thread_ = std::thread([this] { loop_.run(); });
}

void ExportThread::begin(const TimeOrigin& origin) {
  loop_.post([this, origin] {
    for (const auto& exporter : exporters_)
      exporter->begin(origin);
  });
}

void ExportThread::update(ExportUpdate update) {
  // A std::function must be copyable; the update need not be copied.
  loop_.post([this, owned = std::make_shared<const ExportUpdate>(std::move(update))] {
    on_update(*owned);
  });
}

void ExportThread::on_update(const ExportUpdate& update) {
  for (const SeriesDelta& delta : update.series)
    book_.add(delta);
  for (const auto& exporter : exporters_)
    exporter->update(book_, update);
}

std::vector<std::string> ExportThread::finish(Duration patience) {
  const auto all_done = std::make_shared<std::promise<void>>();
  std::future<void> done = all_done->get_future();
  loop_.post([this, all_done] {
    const auto left = std::make_shared<size_t>(exporters_.size());
    if (*left == 0) all_done->set_value();
    for (const auto& exporter : exporters_) {
      exporter->finish(book_, [left, all_done] {
        if (--*left == 0) all_done->set_value();
      });
    }
  });
  done.wait_for(patience);
  const auto lost = std::make_shared<std::promise<std::vector<std::string>>>();
  std::future<std::vector<std::string>> sentences = lost->get_future();
  loop_.post([this, lost] { lost->set_value(losses()); });
  return sentences.get();
}

std::vector<std::string> ExportThread::losses() const {
  std::vector<std::string> all;
  for (const auto& exporter : exporters_) {
    for (std::string& sentence : exporter->losses())
      all.push_back(std::move(sentence));
  }
  return all;
}

}  // namespace perigee::exports
