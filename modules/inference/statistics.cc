#include "modules/inference/statistics.h"

#include <algorithm>
#include <cmath>

namespace perigee::inference {

int64_t HistogramScale::bucket(double latency) const {
  constexpr double kMost = 9e15;
  return static_cast<int64_t>(std::min(std::pow(factor * std::max(latency, 0.0), base), kMost));
}

size_t Book::open(double start, double warmup, double window) {
  clients_.emplace_back(start, warmup, window);
  return clients_.size() - 1;
}

void Book::add(size_t client, const Inference& inference) {
  if (clients_.at(client).add(inference)) {
    histogram_[scale_.bucket(inference.latency)] += inference.frames;
  }
}

Book& Statistics::open_book() {
  const std::lock_guard lock(mutex_);
  return books_.emplace_back();
}

Series Statistics::series(SeriesName name) const {
  const std::lock_guard lock(mutex_);
  Series all;
  for (const Book& book : books_) {
    for (const ClientRecord& client : book.clients())
      all.add(client.series(name));
  }
  return all;
}

Histogram Statistics::histogram() const {
  const std::lock_guard lock(mutex_);
  Histogram all;
  for (const Book& book : books_) {
    for (const auto& [bucket, frames] : book.histogram())
      all[bucket] += frames;
  }
  return all;
}

}  // namespace perigee::inference
