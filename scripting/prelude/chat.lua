-- perigee.chat: folds the chunks of a language model's stream into one result. Servers of OpenAI's
-- API differ in what they leave out, write as null or add: so every field is looked at for what it
-- is, and what can't be read is a failure of the stream, never an error of the script.
-- decode(text) returns the JSON value, or nil and what is wrong.
local decode, guard = ...

local concat, sort = table.concat, table.sort
local error, ipairs, next, pcall, setmetatable, type =
  error, ipairs, next, pcall, setmetatable, type

local LONGEST_QUOTE = 200  -- bytes of a response in a failure's message

-- Events that servers send while nothing happens.
local keep_alives = { ping = true, keepalive = true, ["keep-alive"] = true, heartbeat = true }

-- The field of a table if it has this type. JSON's null and what is no table have none.
local function field(value, name, wanted)
  local found = type(value) == "table" and value[name]
  return type(found) == wanted and found or nil
end

local function text_field(value, name)
  return field(value, name, "string") or ""
end

local function quote(text)
  if #text <= LONGEST_QUOTE then return text end
  -- A character that was cut in two is left out.
  return (text:sub(1, LONGEST_QUOTE):gsub("[\192-\255][\128-\191]*$", "")) .. "..."
end

-- Errors ---------------------------------------------------------------------------------------

-- Whether the field `error` of a chunk reports one: many servers write null in every chunk.
local function is_error(value)
  if type(value) == "table" then return next(value) ~= nil end
  return value == true or type(value) == "string" and value ~= ""
    or type(value) == "number" and value ~= 0
end

-- What an error says: a text, or the first text in the fields in which servers have it.
local function error_text(value)
  if type(value) == "string" and value ~= "" then return value end
  for _, name in ipairs { "message", "detail", "error", "msg" } do
    local inner = type(value) == "table" and value[name]
    local text = inner and error_text(inner)
    if text then return text end
  end
  -- FastAPI lists what was wrong.
  return type(value) == "table" and value[1] and error_text(value[1]) or nil
end

-- The error that a chunk or a whole response reports, nil if it reports none. Servers that write no
-- `error` have a message where choices should be.
local function reported_error(value, text)
  local found = is_error(value.error) and value.error or nil
  local stray = type(value.choices) ~= "table"
    and (field(value, "message", "string") or is_error(value.detail))
  if not found and (stray or value.object == "error") then found = value end
  return found and (error_text(found) or quote(text))
end

-- Choices --------------------------------------------------------------------------------------

-- The texts of a content and of the reasoning in it: a text, or a list of parts.
local function content_texts(content)
  if type(content) == "string" then return content, "" end
  local texts, thoughts = {}, {}
  for _, part in ipairs(type(content) == "table" and content or {}) do
    texts[#texts + 1] = text_field(part, "text")
    local thinking = type(part) == "table" and part.thinking
    thoughts[#thoughts + 1] = content_texts(thinking)
  end
  return concat(texts), concat(thoughts)
end

-- The reasoning of a delta. Servers that have it under both names write it twice.
local function reasoning_text(delta)
  local text = text_field(delta, "reasoning_content")
  return text ~= "" and text or text_field(delta, "reasoning")
end

-- The call that a part of one belongs to. Servers without indexes begin each call with an id.
local function tool_call_of(calls, part, name)
  local id = text_field(part, "id")
  local index = field(part, "index", "number")
  local call = index and calls.by_index[index] or not index and calls[#calls]
  local other = call and id ~= "" and id ~= call.id and name ~= "" and call.name ~= ""
  if not call or other then
    call = { id = "", name = "", arguments = {} }
    calls[#calls + 1] = call
    if index then calls.by_index[index] = call end
  end
  if call.id == "" then call.id = id end
  return call
end

-- Adds what a delta brings of tool calls; true if it brings some of one.
local function add_tool_calls(choice, delta)
  local brought = false
  local parts = field(delta, "tool_calls", "table") or {}
  local legacy = field(delta, "function_call", "table")
  for _, part in ipairs(legacy and { { index = 0, ["function"] = legacy } } or parts) do
    local called = field(part, "function", "table")
    local name, arguments = text_field(called, "name"), text_field(called, "arguments")
    local call = tool_call_of(choice.tool_calls, part, name)
    if call.name == "" then call.name = name end
    call.arguments[#call.arguments + 1] = arguments
    brought = brought or name ~= "" or arguments ~= ""
  end
  return brought
end

local function new_choice(index)
  return { index = index, text = {}, reasoning = {}, tool_calls = { by_index = {} }, chunks = 0 }
end

-- Adds the texts of a chunk's choice: `text` is that of completions without a chat. Returns whether
-- the chunk has brought a token, and whether it was one of the text.
local function add_texts(choice, value)
  local delta = field(value, "delta", "table")
  local text, thought = content_texts(delta and delta.content or text_field(value, "text"))
  text = text .. text_field(delta, "refusal")
  thought = reasoning_text(delta) .. thought
  choice.text[#choice.text + 1] = text
  choice.reasoning[#choice.reasoning + 1] = thought
  local called = add_tool_calls(choice, delta)
  return text ~= "" or thought ~= "" or called, text ~= ""
end

-- What a choice becomes in the result.
local function finished_choice(choice)
  local calls = {}
  for i, call in ipairs(choice.tool_calls) do
    calls[i] = { id = call.id, name = call.name, arguments = concat(call.arguments) }
  end
  return {
    index = choice.index, text = concat(choice.text), reasoning = concat(choice.reasoning),
    tool_calls = calls, finish_reason = choice.finish_reason,
  }
end

-- The reader -----------------------------------------------------------------------------------

local methods = {}
local meta = { __index = methods, __metatable = false }

-- The first failure counts: those that follow come from it.
local function fail(reader, kind, message)
  if reader.failure then return end
  reader.failure_kind, reader.failure = kind, message
end

local function add_token(reader, choice, is_text, time)
  if choice.last then reader.gaps[#reader.gaps + 1] = time - choice.last end
  choice.last = time
  choice.chunks = choice.chunks + 1
  reader.chunks = reader.chunks + 1
  reader.first, reader.last = reader.first or time, time
  if is_text then reader.first_text = reader.first_text or time end
end

-- Usage may come in every chunk, growing. Counts that tokens follow are not those of the whole.
local function add_usage(reader, usage)
  local tokens = field(usage, "completion_tokens", "number")
  if not tokens or tokens < reader.usage_tokens then return end
  reader.usage, reader.usage_tokens, reader.usage_chunks = usage, tokens, reader.chunks
end

local function add_choice(reader, value, index, time)
  local choice = reader.by_index[index]
  if not choice then
    choice = new_choice(index)
    reader.by_index[index] = choice
    reader.choices[#reader.choices + 1] = choice
  end
  local is_token, is_text = add_texts(choice, value)
  if is_token then add_token(reader, choice, is_text, time) end
  local reason = text_field(value, "finish_reason")
  if reason ~= "" then choice.finish_reason = reason end
  if is_error(value.error) then
    fail(reader, "error", error_text(value.error) or "a choice has an error")
  elseif reason == "error" or reason == "abort" then
    fail(reader, "error", "finish_reason is " .. reason)
  end
end

-- Usage is beside the choices; some servers have it in the last of them, or in a part of their own.
local function add_chunk(reader, chunk, text, time)
  local message = reported_error(chunk, text)
  if message then fail(reader, "error", message) end
  for i, value in ipairs(field(chunk, "choices", "table") or {}) do
    if type(value) == "table" then
      add_choice(reader, value, field(value, "index", "number") or i - 1, time)
      add_usage(reader, value.usage)
      add_usage(reader, field(value, "delta", "table") and value.delta.usage)
    end
  end
  add_usage(reader, chunk.usage)
  add_usage(reader, field(chunk, "x_groq", "table") and chunk.x_groq.usage)
end

local function add_event(reader, data, event, time)
  local chunk, message = decode(data)
  if event == "error" then
    fail(reader, "error", type(chunk) == "table" and error_text(chunk) or quote(data))
  elseif chunk == nil and not message then
    return  -- JSON's null, with which llama.cpp begins where there are several prompts
  elseif type(chunk) ~= "table" then
    local why = message or "a chunk must be a JSON object"
    fail(reader, "unreadable", ("%s, in the event: %s"):format(why, quote(data)))
  else
    add_chunk(reader, chunk, data, time)
  end
end

-- What follows [DONE] is no part of the response; data that is blank keeps the connection alive.
function methods.add(reader, data, event, time)
  if reader.done or keep_alives[event] then return end
  reader.events = reader.events + 1
  if data:find("^%s*%[DONE%]%s*$") then
    reader.done = true
  elseif data:find("%S") or event == "error" then
    add_event(reader, data, event, time)
  end
end

local function check_end(reader, broken_off)
  if not reader.done then
    if broken_off and broken_off ~= "" then return fail(reader, "connection", broken_off) end
    if reader.events == 0 then return fail(reader, "empty", "the stream had no events") end
    return fail(reader, "unfinished", "the stream ended without [DONE]")
  end
  local finished = #reader.choices > 0
  for _, choice in ipairs(reader.choices) do finished = finished and choice.finish_reason end
  if not finished then fail(reader, "unfinished", "[DONE] came without a finish_reason") end
end

-- Results --------------------------------------------------------------------------------------

local function count_tokens(reader, result)
  local details = field(reader.usage, "completion_tokens_details", "table")
  -- Some servers count each choice by itself: less than what came is not the count of all.
  local of_all = #reader.choices < 2 or reader.usage_tokens >= reader.chunks
  local by_usage = reader.usage and reader.usage_chunks == reader.chunks and of_all
    and (reader.usage_tokens > 0 or reader.chunks == 0)
  result.usage = reader.usage
  result.counted_by = by_usage and "usage" or "chunks"
  result.tokens = by_usage and reader.usage_tokens or reader.chunks
  result.prompt_tokens = field(reader.usage, "prompt_tokens", "number")
  result.reasoning_tokens = field(details, "reasoning_tokens", "number")
end

-- The speed from the first token to the last, which is not that of tokens that were never shown:
-- those of hidden reasoning come before the first.
local function add_speed(reader, result)
  local streams, thought = 0, false
  for _, choice in ipairs(reader.choices) do
    if choice.chunks > 0 then streams = streams + 1 end
    thought = thought or concat(choice.reasoning) ~= ""
  end
  local hidden = result.counted_by == "usage" and not thought and result.reasoning_tokens or 0
  local steps = result.tokens - hidden - streams
  if steps <= 0 or reader.chunks == streams or reader.last <= reader.first then return end
  local span = reader.last - reader.first
  result.time_per_output_token = span * streams / steps
  result.tokens_per_second = steps * 1000 / span
end

local function result_of(reader)
  local choices = {}
  for i, choice in ipairs(reader.choices) do choices[i] = finished_choice(choice) end
  sort(choices, function(a, b) return a.index < b.index end)
  local first = choices[1] or { text = "", reasoning = "", tool_calls = {} }
  local result = {
    whole = reader.failure == nil, failure = reader.failure, failure_kind = reader.failure_kind,
    text = first.text, reasoning = first.reasoning, tool_calls = first.tool_calls,
    finish_reason = first.finish_reason, choices = choices,
    chunks = reader.chunks, gaps = reader.gaps,
    time_to_first_token = reader.first, time_to_first_text = reader.first_text,
  }
  count_tokens(reader, result)
  add_speed(reader, result)
  return result
end

function methods.finish(reader, broken_off)
  check_end(reader, broken_off)
  return result_of(reader)
end

guard.all("reader:", methods, meta)

local chat = {}

function chat.reader()
  return setmetatable({
    choices = {}, by_index = {}, gaps = {}, events = 0, chunks = 0, done = false,
    usage_tokens = 0, usage_chunks = 0,
  }, meta)
end

-- A response that is no stream of events: an error, or one piece instead of events.
local function add_response(reader, status, content_type, text)
  local value = decode(text)
  local message = type(value) == "table" and reported_error(value, text)
  if status < 200 or status > 299 then
    local why = type(value) == "table" and error_text(value) or quote(text)
    fail(reader, "status", ("status %d: %s"):format(status, why))
  elseif message then
    fail(reader, "error", message)
  else
    fail(reader, "not_streamed", ("the response is %s, not a stream of events: %s"):format(
      content_type, quote(text)))
  end
end

-- Servers that leave the type out, or write another, may stream all the same.
local function is_streamed(status, content_type)
  local one_piece = content_type:find("json", 1, true) or content_type:find("html", 1, true)
  return status >= 200 and status <= 299 and not one_piece
end

local function events_of(stream)
  return stream.events
end

function chat.read(stream)
  local ok, events = pcall(events_of, stream)
  if not ok or type(events) ~= "function" then
    error("chat.read: stream must be what http.stream returns, got another table", 2)
  end
  local reader = chat.reader()
  local status = stream.status  -- 0 once the stream has broken off
  local content_type = status ~= 0 and stream.headers["Content-Type"] or ""
  if status == 0 then
    fail(reader, "connection", stream.error)
  elseif is_streamed(status, content_type) then
    for event, time in stream:events() do reader:add(event.data, event.event, time) end
  else
    add_response(reader, status, content_type, stream:text())
  end
  local result = reader:finish(stream.error)
  result.status = status
  return result
end

return chat
