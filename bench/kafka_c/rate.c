/* rate SERVERS TOPIC RATE SECONDS: RATE messages of 200 bytes a second, a hundred at a time, with acks=all and a stamp in
   a header. The same thread consumes them and takes each one's time from end to end. Prints how many were delivered and consumed, and the median and 99th percentile in ms. */
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BURST 100
#define PARTITIONS 4
#define STAMP "sent"

static int64_t delivered, failed, consumed;
static double* times_ms;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void on_report(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque) {
  (void)client;
  (void)opaque;
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++delivered;
  } else {
    ++failed;
  }
}

static void set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  char why[512];
  if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK) return;
  fprintf(stderr, "%s\n", why);
  exit(1);
}

static rd_kafka_t* make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf, const char* servers) {
  set(conf, "bootstrap.servers", servers);
  char why[512];
  rd_kafka_t* client = rd_kafka_new(type, conf, why, sizeof why);
  if (client != NULL) return client;
  fprintf(stderr, "%s\n", why);
  exit(1);
}

static rd_kafka_t* make_producer(const char* servers) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "acks", "all");
  set(conf, "linger.ms", "5");
  rd_kafka_conf_set_dr_msg_cb(conf, on_report);
  return make_client(RD_KAFKA_PRODUCER, conf, servers);
}

/* A queue of all that comes to the topic's partitions from here on. */
static rd_kafka_queue_t* consume(rd_kafka_t* client, rd_kafka_topic_t* topic, const char* name) {
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
  for (int32_t partition = 0; partition < PARTITIONS; ++partition) {
    int64_t low, next;
    if (rd_kafka_query_watermark_offsets(client, name, partition, &low, &next, 10000) != 0 ||
        rd_kafka_consume_start_queue(topic, partition, next, queue) != 0)
      exit(1);
  }
  return queue;
}

static void produce(rd_kafka_t* client, const char* topic, void* value, size_t size) {
  const int64_t stamp = now();
  for (;;) {
    const rd_kafka_resp_err_t error =
        rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE(value, size), RD_KAFKA_V_HEADER(STAMP, &stamp, sizeof stamp), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) exit(1);
    rd_kafka_poll(client, 10);
  }
}

static void take(const rd_kafka_message_t* message) {
  rd_kafka_headers_t* headers;
  const void* value;
  size_t size;
  if (message->err != 0 || rd_kafka_message_headers(message, &headers) != 0 ||
      rd_kafka_header_get_last(headers, STAMP, &value, &size) != 0)
    return;
  int64_t stamp;
  memcpy(&stamp, value, sizeof stamp);
  times_ms[consumed++] = (double)(now() - stamp) / 1e6;
}

static void take_what_is_there(rd_kafka_queue_t* queue) {
  rd_kafka_message_t* messages[1000];
  const ssize_t count = rd_kafka_consume_batch_queue(queue, 0, messages, 1000);
  for (ssize_t i = 0; i < count; ++i) {
    take(messages[i]);
    rd_kafka_message_destroy(messages[i]);
  }
}

static int compare(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const char* name = argv[2];
  const int64_t count = atoll(argv[3]) * atoll(argv[4]), step = BURST * 1000000000LL / atoll(argv[3]);
  times_ms = calloc((size_t)count, sizeof *times_ms);
  rd_kafka_t* producer = make_producer(argv[1]);
  rd_kafka_t* consumer = make_client(RD_KAFKA_CONSUMER, rd_kafka_conf_new(), argv[1]);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer, name, NULL);
  rd_kafka_queue_t* queue = consume(consumer, topic, name);
  char value[200];
  memset(value, 'x', sizeof value);
  const int64_t began = now();
  for (int64_t sent = 0; sent < count;) {
    for (int i = 0; i < BURST; ++i, ++sent)
      produce(producer, name, value, sizeof value);
    rd_kafka_poll(producer, 0);
    take_what_is_there(queue);
    const int64_t left = began + sent / BURST * step - now();
    if (left > 0) nanosleep(&(struct timespec){.tv_nsec = left}, NULL);
  }
  rd_kafka_flush(producer, 60000);
  for (const int64_t end = now() + 5000000000LL; consumed < delivered && now() < end;)
    take_what_is_there(queue);
  qsort(times_ms, (size_t)consumed, sizeof *times_ms, compare);
  printf("%lld %lld %.3f %.3f\n", (long long)delivered, (long long)consumed, times_ms[consumed / 2],
         times_ms[consumed * 99 / 100]);
  return delivered == count && consumed == count ? 0 : 1;
}
