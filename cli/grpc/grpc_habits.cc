#include "cli/grpc/grpc_habits.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace perigee {
namespace {

// grpcurl's flags have one dash, however long their names.
constexpr std::array<std::string_view, 30> kOneDash{"-plaintext",
                                                    "-insecure",
                                                    "-cacert",
                                                    "-cert",
                                                    "-key",
                                                    "-servername",
                                                    "-authority",
                                                    "-import-path",
                                                    "-proto",
                                                    "-protoset",
                                                    "-max-time",
                                                    "-connect-timeout",
                                                    "-rpc-header",
                                                    "-format",
                                                    "-use-reflection",
                                                    "-emit-defaults",
                                                    "-max-msg-sz",
                                                    "-msg-template",
                                                    "-reflect-header",
                                                    "-protoset-out",
                                                    "-proto-out-dir",
                                                    "-format-error",
                                                    "-user-agent",
                                                    "-expand-headers",
                                                    "-keepalive-time",
                                                    "-allow-unknown-fields",
                                                    "-unix",
                                                    "-alts",
                                                    "-help",
                                                    "-version"};

constexpr std::string_view kFormats =
    "the result is text for people, or one JSON document with --json; every call is in --out "
    "csv=FILE";
constexpr std::string_view kRates =
    "write -r N for a constant rate; for others perigee new --from grpc writes a script, whose "
    "executors ramp";

constexpr std::string_view kScripts = "write a script: perigee new --from grpc";
constexpr std::string_view kTemplates = "messages have no templates";
constexpr std::string_view kLabels = "the result has no labels; name the file that it goes to";

constexpr std::array<RefusedSetting, 44> kRefused{
    {{"--insecure", "", "",
      "it means no TLS for ghz, and TLS without checking certificates for grpcurl: write "
      "--plaintext, or --skip-verify"},
     {"-O,--format", "", "", kFormats},
     {"-o,--output", "", "", kFormats},
     {"--config", "", "", "write the flags; perigee new --from grpc keeps them as a script"},
     {"-M,--metadata-file", "", "", "write -m \"$(cat FILE)\""},
     {"-B,--binary-file", "", "", "messages are written as JSON: -D FILE"},
     {"-b,--binary", "", "", "messages are written as JSON: -D FILE"},
     {"--async", "", "", "with -r calls start when they are due, whatever others do"},
     {"--load-schedule", "", "", kRates},
     {"--load-start", "", "", kRates},
     {"--load-step", "", "", kRates},
     {"--load-end", "", "", kRates},
     {"--concurrency-schedule", "", "", kRates},
     {"--concurrency-start", "", "", kRates},
     {"--concurrency-step", "", "", kRates},
     {"--concurrency-end", "", "", kRates},
     {"-x,--max-duration", "", "", "write -z DURATION: with -n what comes first"},
     {"--cpus", "", "", "write --workers N; usually all CPUs are right"},
     {"--skipFirst", "", "", kScripts},
     {"--duration-stop", "", "", "what the end cuts off is counted as interrupted"},
     {"--proto-out-dir", "", "", "describe prints what a .proto has"},
     {"--msg-template", "", "", "describe MESSAGE prints its fields"},
     {"--max-msg-sz", "", "",
      "a message may have 4 MiB; perigee new --from grpc writes a script, where maxReceiveSize "
      "says "
      "more"},
     {"--unix", "", "", "servers are named by HOST:PORT"},
     {"--alts", "", "", "connections are TLS, or clear with --plaintext"},
     {"--format-error", "", "", "why a call has failed is a line on standard error"},
     {"--user-agent", "", "", "write -H 'user-agent: NAME'"},
     {"--expand-headers", "", "", "let the shell do it: -H \"name: $VALUE\""},
     {"--keepalive-time", "", "",
      "perigee new --from grpc writes a script, where the connection's keepalive says it"},
     {"--allow-unknown-fields", "", "", "a field that is not there names its path: leave it out"},
     {"--reflect-metadata", "", "", "reflection gets the metadata of -H and -m, too"},
     {"--reflect-header", "", "", "reflection gets the metadata of -H and -m, too"},
     {"--stream-call-count", "", "", "a stream gets the messages of -d, each once"},
     {"--stream-call-duration", "", "", kScripts},
     {"--stream-interval", "", "", kScripts},
     {"--stream-dynamic-messages", "", "", kScripts},
     {"--disable-template-data", "", "", kTemplates},
     {"--disable-template-functions", "", "", kTemplates},
     {"--lb-strategy", "", "", "--connections N are used in turn, to one address"},
     {"--count-errors", "", "", "calls that fail are counted, and their times with the others"},
     {"--name", "", "", kLabels},
     {"--tags", "", "", kLabels},
     {"--debug", "", "", "write -v"},
     {"--protoset-out", "", "", "write a protoset with protoc --descriptor_set_out=FILE"}}};

}  // namespace

std::vector<std::string> usual_grpc_words(int argc, const char* const* argv) {
  std::vector<std::string> words;
  for (int i = 0; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view name = word.substr(0, word.find('='));
    const bool known = std::find(kOneDash.begin(), kOneDash.end(), name) != kOneDash.end();
    words.push_back((known ? "-" : "") + std::string(word));
  }
  return words;
}

std::span<const RefusedSetting> refused_grpc_habits() {
  return kRefused;
}

}  // namespace perigee
