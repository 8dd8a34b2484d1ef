#include "modules/kafka/consumer.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

// At most one message is taken from the library's queue before somebody wants it: so the library's
// own limits hold for what waits, and its place in a partition, which commits go by, is what
// scripts have seen.

namespace perigee::kafka {
namespace {

constexpr int kEvents =
    RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT;
// Messages of one turn.
constexpr int kMessagesPerTurn = 10'000;
// Leaving a group asks a broker, which may be gone.
constexpr std::chrono::milliseconds kLeavePatience{2000};

// The library needs a group's name also where nobody joins it.
constexpr const char* kNoGroup = "perigee";

bool wants_committed(const Properties& properties) {
  const auto found = properties.find("isolation.level");
  return found == properties.end() || found->second == "read_committed";
}

std::string group_of(const ConsumerSettings& settings) {
  const auto found = settings.properties.find("group.id");
  return found == settings.properties.end() ? "" : found->second;
}

Properties complete(const ConsumerSettings& settings) {
  Properties properties = settings.properties;
  if (properties.contains("group.id")) return properties;
  if (!settings.topics.empty()) {
    throw std::runtime_error(
        "a consumer of topics is member of a group: give it [\"group.id\"], or partitions instead "
        "of topics");
  }
  properties["group.id"] = kNoGroup;
  properties["enable.auto.commit"] = "false";
  return properties;
}

void check(ErrorCode error, const char* what) {
  if (error != kNoError) throw std::runtime_error(fmt::format("{}: {}", what, message_of(error)));
}

PartitionsPtr make_list(const std::vector<PartitionOffset>& partitions) {
  PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const PartitionOffset& each : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), each.topic.c_str(), each.partition)->offset =
        each.offset;
  }
  return list;
}

void subscribe(rd_kafka_t* handle, const std::vector<std::string>& topics) {
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
  for (const std::string& topic : topics)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  check(rd_kafka_subscribe(handle, list.get()), "subscribe");
}

}  // namespace

void validate(const ConsumerSettings& settings) {
  make_conf(settings.properties);
  complete(settings);
}

Consumer::Consumer(const ClientContext& context, const ConsumerSettings& settings)
    : context_(context),
      read_committed_(wants_committed(settings.properties)),
      client_(context, RD_KAFKA_CONSUMER, complete(settings), kEvents, *this),
      group_(group_of(settings)) {
  if (!settings.topics.empty()) {
    subscribe(client_.get(), settings.topics);
    return;
  }
  check(rd_kafka_assign(client_.get(), make_list(settings.partitions).get()), "assign");
  assigned_ = true;
}

Consumer::~Consumer() {
  held_.reset();
  leave();
}

// The library asks for answers on the way.
void Consumer::leave() {
  const LibraryErrorPtr error(rd_kafka_consumer_close_queue(client_.get(), client_.main_queue()));
  if (error) return;
  const auto until = std::chrono::steady_clock::now() + kLeavePatience;
  while (rd_kafka_consumer_closed(client_.get()) == 0 && std::chrono::steady_clock::now() < until) {
    constexpr int kWaitMs = 50;
    const EventPtr event(rd_kafka_queue_poll(client_.main_queue(), kWaitMs));
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      rd_kafka_assign(client_.get(), nullptr);
    }
  }
}

void Consumer::add(MessageListener& listener) {
  listeners_.push_back(&listener);
  client_.ask_again();
}

void Consumer::remove(MessageListener& listener) {
  std::erase(listeners_, &listener);
}

void Consumer::on_ready() {
  serve();
}

// Whether there is a message.
bool Consumer::fetch() {
  while (!held_) {
    EventPtr event = client_.next();
    if (!event) return false;
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_FETCH) {
      held_ = std::move(event);
    } else {
      on_event(event.get());
    }
  }
  return true;
}

void Consumer::serve() {
  for (int i = 0; i < kMessagesPerTurn; ++i) {
    if (!fetch()) break;
    if (listeners_.empty()) return;
    deliver();
  }
  if (held_) client_.ask_again();
  for (size_t count = listeners_.size(); count > 0 && !listeners_.empty(); --count) {
    MessageListener* const listener = listeners_.front();
    if (!listener->on_pause()) break;
    std::erase(listeners_, listener);
    listener->on_served();
  }
}

// Gives the message to whoever is first.
void Consumer::deliver() {
  const EventPtr event = std::move(held_);
  MessageListener* const listener = listeners_.front();
  const rd_kafka_message_t* const message = rd_kafka_event_message_next(event.get());
  if (message == nullptr || listener->on_message(*message)) return;
  std::erase(listeners_, listener);
  listener->on_served();
}

void Consumer::on_event(rd_kafka_event_t* event) {
  if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE) return on_rebalance(event);
  auto* const listener = static_cast<CommitListener*>(rd_kafka_event_opaque(event));
  // The library's own commits have none.
  if (listener != nullptr) listener->on_commit(rd_kafka_event_error(event));
}

void Consumer::on_rebalance(rd_kafka_event_t* event) {
  rd_kafka_t* const handle = client_.get();
  rd_kafka_topic_partition_list_t* const list = rd_kafka_event_topic_partition_list(event);
  const bool cooperative = std::string_view(rd_kafka_rebalance_protocol(handle)) == "COOPERATIVE";
  const bool assigns = rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (cooperative) {
    const LibraryErrorPtr error(assigns ? rd_kafka_incremental_assign(handle, list)
                                        : rd_kafka_incremental_unassign(handle, list));
  } else {
    rd_kafka_assign(handle, assigns ? list : nullptr);
  }
  if (!assigns) {
    assigned_ = false;
    return;
  }
  context_.metrics.record_rebalance(context_.loop.now());
  assigned_ = true;
  report_assigned();
}

void Consumer::await_assignment(const void* who, std::function<void()> on_assigned) {
  waiting_.push_back({who, std::move(on_assigned)});
  if (assigned_) {
    context_.loop.post([this, who] {
      const bool waits = std::any_of(waiting_.begin(), waiting_.end(),
                                     [who](const Assigned& each) { return each.who == who; });
      if (waits) report_assigned();
    });
  }
}

void Consumer::forget(const void* who) {
  std::erase_if(waiting_, [who](const Assigned& each) { return each.who == who; });
}

void Consumer::report_assigned() {
  while (!waiting_.empty()) {
    const std::function<void()> callback = std::move(waiting_.front().callback);
    waiting_.erase(waiting_.begin());
    callback();
  }
}

std::vector<PartitionOffset> Consumer::assignment() {
  rd_kafka_topic_partition_list_t* list = nullptr;
  check(rd_kafka_assignment(client_.get(), &list), "assignment");
  const PartitionsPtr owned(list);
  std::vector<PartitionOffset> partitions;
  for (int i = 0; i < list->cnt; ++i)
    partitions.push_back({list->elems[i].topic, list->elems[i].partition, list->elems[i].offset});
  return partitions;
}

std::optional<int64_t> Consumer::position(const std::string& topic, int32_t partition) {
  const PartitionsPtr list = make_list({{topic, partition}});
  check(rd_kafka_position(client_.get(), list.get()), "position");
  const int64_t offset = list->elems[0].offset;
  return offset < 0 ? std::nullopt : std::optional(offset);
}

GroupOffsets Consumer::group_offsets() {
  GroupOffsets offsets{make_list(assignment()),
                       GroupMetadataPtr(rd_kafka_consumer_group_metadata(client_.get()))};
  check(rd_kafka_position(client_.get(), offsets.offsets.get()), "position");
  return offsets;
}

void Consumer::seek(const PartitionOffset& to) {
  const auto read = assignment();
  const bool reads = std::any_of(read.begin(), read.end(), [&](const PartitionOffset& each) {
    return each.topic == to.topic && each.partition == to.partition;
  });
  if (!reads) {
    throw std::runtime_error(fmt::format("the consumer does not read partition {} of \"{}\" now",
                                         to.partition, to.topic));
  }
  drop_held(to);
  // Without a time limit it is asked for and not waited for: what was fetched is passed over.
  const LibraryErrorPtr error(
      rd_kafka_seek_partitions(client_.get(), make_list({to}).get(), /*timeout_ms=*/0));
  if (error) throw std::runtime_error(rd_kafka_error_string(error.get()));
}

// What was fetched before a seek; a message of another partition is still to be read.
void Consumer::drop_held(const PartitionOffset& partition) {
  if (!held_) return;
  rd_kafka_topic_partition_t* const of = rd_kafka_event_topic_partition(held_.get());
  if (of == nullptr) return;
  if (of->topic == partition.topic && of->partition == partition.partition) held_.reset();
  rd_kafka_topic_partition_destroy(of);
}

void Consumer::commit(CommitListener& listener) {
  check(rd_kafka_commit_queue(client_.get(), nullptr, client_.main_queue(), nullptr, &listener),
        "commit");
}

void Consumer::on_statistics(std::string_view text) {
  const auto statistics = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!statistics.is_object()) return;
  states_ = partitions_in(statistics);
  record_lags();
}

TopicLags Consumer::lags() {
  TopicLags lags;
  for (const PartitionOffset& each : assignment()) {
    int64_t first = 0;
    int64_t end = -1;
    rd_kafka_get_watermark_offsets(client_.get(), each.topic.c_str(), each.partition, &first, &end);
    lags[{group_, each.topic}] +=
        lag_of(states_[{each.topic, each.partition}], position(each.topic, each.partition), end,
               read_committed_);
  }
  return lags;
}

int64_t Consumer::lag() {
  int64_t sum = 0;
  for (const auto& [topic, lag] : lags())
    sum += lag;
  return sum;
}

void Consumer::record_lags() {
  if (context_.lags == nullptr) return;
  const LagBoard::Sums sums = context_.lags->set(this, lags());
  const Instant now = context_.loop.now();
  context_.metrics.record_lag(static_cast<double>(sums.total), now);
  for (const auto& [of, lag] : sums.topics)
    context_.metrics.record_topic_lag(of.group, of.topic, static_cast<double>(lag), now);
}

}  // namespace perigee::kafka
