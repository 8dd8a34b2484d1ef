/* loop SERVERS TOPIC COUNT: an equal loop over librdkafka: 200-byte messages with acks=all, a stamp when each is
   produced, and its latency taken from its delivery report. */
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POOL 200000

static int64_t stamps[POOL];
static int64_t latency_sum, delivered, failed;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void on_report(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque) {
  (void)client;
  (void)opaque;
  latency_sum += now() - *(int64_t*)message->_private;
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

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", argv[1]);
  set(conf, "acks", "all");
  set(conf, "linger.ms", "5");
  rd_kafka_conf_set_dr_msg_cb(conf, on_report);
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client, argv[2], NULL);
  char value[200];
  memset(value, 'x', sizeof value);
  const long count = atol(argv[3]);
  for (long i = 0; i < count; ++i) {
    int64_t* stamp = &stamps[i % POOL];
    *stamp = now();
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value, sizeof value, NULL, 0, stamp) != 0)
      rd_kafka_poll(client, 10);
    if (i % 100 == 99) rd_kafka_poll(client, 0);
  }
  rd_kafka_flush(client, 60000);
  printf("%lld delivered, %lld failed, %.3f ms on average\n", (long long)delivered, (long long)failed,
         (double)latency_sum / 1e6 / (double)(delivered + failed));
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(client);
  return delivered == count ? 0 : 1;
}
