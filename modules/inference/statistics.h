// What all clients of a run have inferred. Each worker writes into a book of its own, which is read
// when the load has ended.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <mutex>

#include "modules/inference/client_record.h"

namespace perigee::inference {

// Which bucket a latency belongs to: the whole part of (factor * seconds) ^ base.
struct HistogramScale {
  double factor = 100;
  double base = 1.5;

  int64_t bucket(double latency) const;
};

using Histogram = std::map<int64_t, double>;  // frames by bucket

// Of one worker, used on its thread.
class Book {
 public:
  void set_scale(HistogramScale scale) { scale_ = scale; }
  // The number of a new client.
  size_t open(double start, double warmup, double window);
  void add(size_t client, const Inference& inference);

  const std::deque<ClientRecord>& clients() const { return clients_; }
  const Histogram& histogram() const { return histogram_; }

 private:
  HistogramScale scale_;
  std::deque<ClientRecord> clients_;
  Histogram histogram_;  // of windows
};

class Statistics {
 public:
  Book& open_book();
  // While nobody writes.
  Series series(SeriesName name) const;
  Histogram histogram() const;

 private:
  mutable std::mutex mutex_;
  std::list<Book> books_;
};

}  // namespace perigee::inference
