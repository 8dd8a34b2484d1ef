#include "target/completion_routes.h"

#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"
#include "target/completion_stream.h"
#include "target/reply/error_body.h"

namespace perigee {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kModelName = "perigee";
constexpr std::string_view kModel =
    R"({"id":"perigee","object":"model","created":0,"owned_by":"perigee"})";

http::Reply list_models() {
  return json_reply(200, fmt::format(R"({{"object":"list","data":[{}]}})", kModel));
}

http::Reply describe_model(const RouteMatch& route) {
  std::string name = http::percent_decode(route.arguments[0]);
  // Names like "owner/model" come with their slash as it is.
  if (!route.arguments[1].empty()) name += '/' + http::percent_decode(route.arguments[1]);
  if (name == kModelName) return json_reply(200, std::string(kModel));
  return openai_error(
      404,
      fmt::format("the model \"{}\" does not exist; GET /v1/models lists those that "
                  "do, and completions take any name",
                  name),
      {.param = "model", .code = "model_not_found"});
}

ordered_json choice_of(const CompletionRequest& request, size_t index, const std::string& text) {
  ordered_json choice{{"index", index}};
  if (request.kind == CompletionKind::kChat) {
    choice["message"] = {{"role", "assistant"}, {"content", text}};
  } else {
    choice["text"] = std::string(request.echoed(index)) + text;
  }
  choice["logprobs"] = nullptr;
  choice["finish_reason"] = request.finish_reason();
  return choice;
}

http::Reply whole_answer(const CompletionRequest& request, const CompletionIdentity& identity) {
  const std::string text = request.text.whole();
  ordered_json choices = ordered_json::array();
  for (size_t i = 0; i < request.choices(); ++i)
    choices.push_back(choice_of(request, i, text));
  const bool chat = request.kind == CompletionKind::kChat;
  const ordered_json document{{"id", identity.id},
                              {"object", chat ? "chat.completion" : "text_completion"},
                              {"created", identity.created},
                              {"model", request.model},
                              {"choices", std::move(choices)},
                              {"usage", ordered_json::parse(usage_json(request))}};
  return json_reply(200, document.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

int64_t unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

CompletionRoutes::CompletionRoutes(const CompletionOptions& options, uint64_t seed,
                                   TokenRecord& record)
    : options_(options), random_(seed), record_(record) {}

http::Reply CompletionRoutes::reply(const TargetRequest& request, Instant at) {
  switch (request.route().id) {
    case RouteId::kChatCompletion:
      return complete(CompletionKind::kChat, request, at);
    case RouteId::kCompletion:
      return complete(CompletionKind::kText, request, at);
    case RouteId::kCompletionModel:
      return describe_model(request.route());
    default:
      return list_models();
  }
}

http::Reply CompletionRoutes::complete(CompletionKind kind, const TargetRequest& request,
                                       Instant at) {
  try {
    const CompletionRequest wanted = parse_completion_request(kind, request.body, options_);
    std::vector<Duration> offsets = draw_offsets(wanted);
    const char* const prefix = kind == CompletionKind::kChat ? "chatcmpl" : "cmpl";
    const CompletionIdentity identity{fmt::format("{}-{:016x}", prefix, random_()), unix_seconds()};
    if (!wanted.stream) {
      http::Reply reply = whole_answer(wanted, identity);
      reply.due = at + offsets.back();
      return reply;
    }
    http::Reply reply;
    reply.content_type = "text/event-stream; charset=utf-8";
    reply.fields = "Cache-Control: no-cache\r\n";
    reply.stream =
        std::make_unique<CompletionStream>(wanted, identity, std::move(offsets), at, record_);
    return reply;
  } catch (const BadRequest& error) {
    return openai_error(400, error.what(), {.param = error.field(), .code = {}});
  }
}

std::vector<Duration> CompletionRoutes::draw_offsets(const CompletionRequest& request) {
  std::vector<Duration> offsets;
  const size_t tokens = request.text.tokens();
  offsets.reserve(tokens);
  Duration offset = draw(request.first_token, random_);
  offsets.push_back(offset);
  while (offsets.size() < tokens)
    offsets.push_back(offset += draw(request.token_interval, random_));
  return offsets;
}

}  // namespace perigee
