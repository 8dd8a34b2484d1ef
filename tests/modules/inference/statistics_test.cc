// Sums of inferences over series, clients and workers.
#include "modules/inference/statistics.h"

#include <doctest/doctest.h>

namespace perigee::inference {
namespace {

constexpr double kUnbounded = Series::kNone;

using doctest::Approx;

void infer(Book& book, size_t client, double latency, double frames, double end,
           bool passed = true) {
  book.add(client, {.frames = frames, .latency = latency, .end = end, .passed = passed});
}

}  // namespace

TEST_CASE("an inference belongs to the series in which it ends") {
  Statistics statistics;
  Book& book = statistics.open_book();
  const size_t client = book.open(100, 1, 2);
  infer(book, client, 0.5, 1, 100.5);
  infer(book, client, 0.7, 1, 101.2);
  infer(book, client, 0.9, 2, 102.9);
  infer(book, client, 0.3, 4, 103.5);
  const Series warmup = statistics.series(SeriesName::kWarmup);
  CHECK(warmup.passed.batches == 1);
  CHECK(warmup.start == 100);
  CHECK(warmup.stop == 101);
  const Series window = statistics.series(SeriesName::kWindow);
  CHECK(window.passed.batches == 2);
  CHECK(window.passed.frames == 3);
  CHECK(window.first_latency == 0.7);
  CHECK(window.start == 101);
  CHECK(window.stop == 103);
  const Series total = statistics.series(SeriesName::kTotal);
  CHECK(total.passed.frames == 8);
  CHECK(total.stop == 103.5);
}

TEST_CASE("without a warm-up the window has the time of its first inference, too") {
  Statistics statistics;
  Book& book = statistics.open_book();
  const size_t client = book.open(10, 0, kUnbounded);
  infer(book, client, 0.5, 1, 10.5);
  infer(book, client, 0.5, 1, 11);
  const Series window = statistics.series(SeriesName::kWindow);
  CHECK(window.start == 10);
  CHECK(window.stop == 11);
  CHECK(window.passed.batches == 2);
}

TEST_CASE("a load that ends while it warms up has an empty window") {
  Statistics statistics;
  Book& book = statistics.open_book();
  infer(book, book.open(10, 5, kUnbounded), 0.5, 1, 10.5);
  const Series window = statistics.series(SeriesName::kWindow);
  CHECK(window.passed.batches == 0);
  CHECK(window.start == window.stop);
  CHECK(window.first_latency == Series::kNone);
}

TEST_CASE("clients of all workers are added up inference by inference") {
  Statistics statistics;
  Book& one = statistics.open_book();
  Book& other = statistics.open_book();
  const size_t a = one.open(100, 0, kUnbounded);
  infer(one, a, 0.01, 1, 100.01);
  infer(one, a, 0.02, 2, 100.03);
  infer(one, a, 0.05, 1, 100.08, false);
  infer(one, a, 0.04, 4, 100.2);
  const size_t b = other.open(100.05, 0, kUnbounded);
  infer(other, b, 0.03, 1, 100.1);
  infer(other, b, 0.03, 2, 100.3);
  const size_t c = other.open(100, 0, kUnbounded);
  infer(other, c, 0.1, 1, 100.4);
  const Series all = statistics.series(SeriesName::kTotal);
  CHECK(all.clients == 3);
  CHECK(all.stop - all.start == Approx(0.4));
  CHECK(all.first_latency == 0.1);
  CHECK(all.passed.batches == 6);
  CHECK(all.failed.batches == 1);
  CHECK(all.passed.latency + all.failed.latency == Approx(0.28));
  CHECK(all.netto_batch_rate == Approx(68.3333333333));
}

TEST_CASE("the histogram counts the window's frames, of failed inferences, too") {
  Statistics statistics;
  Book& book = statistics.open_book();
  const size_t client = book.open(100, 0, 1);
  infer(book, client, 0.01, 1, 100.01);
  infer(book, client, 0.02, 2, 100.03);
  infer(book, client, 0.05, 1, 100.08, false);
  infer(book, client, 0.04, 4, 100.12);
  infer(book, client, 0.04, 4, 101.2);
  CHECK(statistics.histogram() == Histogram{{1, 1}, {2, 2}, {8, 4}, {11, 1}});
}

TEST_CASE("a histogram has buckets of any factor and base") {
  CHECK(HistogramScale{100, 1.5}.bucket(0.0099) == 0);
  CHECK(HistogramScale{100, 1.5}.bucket(0.045) == 9);
  CHECK(HistogramScale{10000, 1.8}.bucket(0.002) == 219);
  CHECK(HistogramScale{100, 1}.bucket(0) == 0);
  CHECK(HistogramScale{1e9, 8}.bucket(60) > 0);
}

}  // namespace perigee::inference
