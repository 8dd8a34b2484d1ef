#!/usr/bin/env bash
# Software: librdkafka 2.0.2 (in confluent-kafka 2.0.2, PyPI; Debian 12 has the same) and 2.6.1; Apache Kafka 4.1.1.
# Expected: SCRAM-SHA-256 is RFC 5802 on both sides, so a client that has logged in at brokers for years logs in at newer
#           ones; and where it can't, it says that a password, a user or a mechanism is wrong.
# Seen:     2.0.2 never logs in at Kafka 4: with the right password it is told that its credentials are invalid. Nothing
#           says that the library is too old. With the same password PLAIN works, and so does SCRAM with 2.6.1.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
for version in 2.0.2 2.6.1; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" -q --disable-pip-version-check install "confluent-kafka==$version"
done
cat >"$folder/pom.xml" <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.1.1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
END
mvn -q -B -f "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/libs" >/dev/null

free_port() { python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) controller=$(free_port) login=org.apache.kafka.common.security
cat >"$folder/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=SASL_PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
inter.broker.listener.name=SASL_PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=$login.plain.PlainLoginModule required username="ada" password="right" user_ada="right";
listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=$login.scram.ScramLoginModule required;
offsets.topic.replication.factor=1
log.dirs=$folder/data
END
run_class() { java -Xmx512m -cp "$folder/libs/*" "$@"; }
run_class kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c "$folder/server.properties" \
  --add-scram 'SCRAM-SHA-256=[name=ada,password=right]' >"$folder/format" 2>&1
: >"$folder/log"
run_class kafka.Kafka "$folder/server.properties" >"$folder/log" 2>&1 &
server=$!
timeout 90 sh -c "until grep -q 'Kafka Server started' '$folder/log'; do sleep 0.2; done"

# logs_in VERSION MECHANISM: what a client gets that asks for the broker's topics.
logs_in() {
  "$folder/$1/bin/python" - "$2" "$port" <<'END'
import sys
from confluent_kafka.admin import AdminClient
errors = []
client = AdminClient({"bootstrap.servers": "127.0.0.1:" + sys.argv[2], "security.protocol": "SASL_PLAINTEXT",
                      "sasl.mechanisms": sys.argv[1], "sasl.username": "ada", "sasl.password": "right",
                      "error_cb": lambda error: errors.append(error.str()), "log_level": 0})
try:
    client.list_topics(timeout=20)
    print("logged in")
except Exception:
    client.poll(0)
    print("refused:", *errors[:1])
END
}
old=$(logs_in 2.0.2 SCRAM-SHA-256)
old_plain=$(logs_in 2.0.2 PLAIN)
new=$(logs_in 2.6.1 SCRAM-SHA-256)
printf '2.0.2 by SCRAM: %s\n2.0.2 by PLAIN: %s\n2.6.1 by SCRAM: %s\n' "$old" "$old_plain" "$new"
[[ $old == *"invalid credentials"* && $old_plain == "logged in" && $new == "logged in" ]]
