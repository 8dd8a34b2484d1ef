#include "modules/kafka/transactions.h"

#include "modules/kafka/time_left.h"

namespace perigee::kafka {
namespace {

// What the library says may be tried again is, until the time is over.
template <typename Call>
LibraryErrorPtr try_until(const TimeLeft& left, Call call) {
  LibraryErrorPtr error(call());
  while (error && rd_kafka_error_is_retriable(error.get()) != 0 && !left.over())
    error.reset(call());
  return error;
}

void check(const LibraryErrorPtr& error) {
  if (!error) return;
  throw BrokerError(rd_kafka_error_code(error.get()), rd_kafka_error_string(error.get()));
}

// Aborting what no broker has heard of yet can be a fatal error: so messages arrive first, as long
// as they do.
void flush(rd_kafka_t* producer, const TimeLeft& left) {
  constexpr int kSliceMs = 500;
  int waiting = rd_kafka_outq_len(producer);
  while (waiting > 0 && !left.over()) {
    if (rd_kafka_flush(producer, kSliceMs) == kNoError) return;
    const int now = rd_kafka_outq_len(producer);
    if (now >= waiting) return;
    waiting = now;
  }
}

}  // namespace

bool Transactions::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

void Transactions::forget() {
  const std::lock_guard lock(mutex_);
  initialized_ = open_ = failed_ = false;
}

void Transactions::begin(rd_kafka_t* producer, Timeout timeout) {
  const std::lock_guard lock(mutex_);
  const TimeLeft left(timeout);
  if (open_) abort_locked(producer, timeout);
  if (!initialized_) {
    check(try_until(left, [&] { return rd_kafka_init_transactions(producer, left.ms()); }));
    initialized_ = true;
  }
  check(LibraryErrorPtr(rd_kafka_begin_transaction(producer)));
  open_ = true;
}

void Transactions::commit(rd_kafka_t* producer, Timeout timeout) {
  const std::lock_guard lock(mutex_);
  const TimeLeft left(timeout);
  const LibraryErrorPtr error =
      try_until(left, [&] { return rd_kafka_commit_transaction(producer, left.ms()); });
  failed_ = error && rd_kafka_error_txn_requires_abort(error.get()) != 0;
  check(error);
  open_ = false;
}

void Transactions::abort(rd_kafka_t* producer, Timeout timeout) {
  const std::lock_guard lock(mutex_);
  abort_locked(producer, timeout);
}

void Transactions::abort_locked(rd_kafka_t* producer, Timeout timeout) {
  const TimeLeft left(timeout);
  if (!failed_) flush(producer, left);
  check(try_until(left, [&] { return rd_kafka_abort_transaction(producer, left.ms()); }));
  open_ = failed_ = false;
}

void Transactions::send_offsets(rd_kafka_t* producer,
                                const rd_kafka_topic_partition_list_t* offsets,
                                const rd_kafka_consumer_group_metadata_t* group, Timeout timeout) {
  const std::lock_guard lock(mutex_);
  const TimeLeft left(timeout);
  const LibraryErrorPtr error = try_until(left, [&] {
    return rd_kafka_send_offsets_to_transaction(producer, offsets, group, left.ms());
  });
  failed_ = failed_ || (error && rd_kafka_error_txn_requires_abort(error.get()) != 0);
  check(error);
}

}  // namespace perigee::kafka
