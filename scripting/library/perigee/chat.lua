---@meta

-- The streams of language models with OpenAI's API: chats and completions.

---@class perigee.chat
local chat = {}

---@class perigee.chat.ToolCall
---@field id string
---@field name string
---@field arguments string JSON, as the model wrote it

---@class perigee.chat.Choice
---@field index number from 0
---@field text string with a refusal, if there was one
---@field reasoning string
---@field tool_calls perigee.chat.ToolCall[]
---@field finish_reason? string

---What a stream was. Times are in milliseconds; those of the first token count from the start of
---the request. Gaps and speed are those of chunks with tokens: text, reasoning or a tool call.
---@class perigee.chat.Result
---@field status? number of the response, 0 if there was none; only from `chat.read`
---@field whole boolean nothing has failed: all choices have a finish_reason, and `[DONE]` has come
---@field failure? string what has failed first
---@field failure_kind? perigee.chat.FailureKind
---@field text string of the first choice, as are the next three
---@field reasoning string
---@field tool_calls perigee.chat.ToolCall[]
---@field finish_reason? string
---@field choices perigee.chat.Choice[] in the order of their indexes
---@field tokens number of all choices, reasoning included
---@field counted_by "usage"|"chunks" where `tokens` comes from: the server's usage, else the chunks
---@field chunks number chunks with tokens
---@field usage? table as the server wrote it
---@field prompt_tokens? number as usage says
---@field reasoning_tokens? number as usage says
---@field time_to_first_token? number the first of any kind
---@field time_to_first_text? number the first that is no reasoning and no tool call
---@field gaps number[] from each chunk with tokens to the next of its choice
---@field time_per_output_token? number the time from the first chunk to the last, by tokens
---@field tokens_per_second? number of all choices, in that time

---@alias perigee.chat.FailureKind
---| "connection" # no response, or it broke off
---| "status" # not 2xx
---| "error" # one that the server reported
---| "not_streamed" # one piece instead of events
---| "unreadable" # an event that is neither a JSON object nor null
---| "empty" # no events
---| "unfinished" # no `[DONE]`, or no finish_reason

---Reads a stream to its end. What can't be read is a failure in the result, no error.
---@param stream perigee.http.Stream that nothing has read from
---@return perigee.chat.Result
function chat.read(stream) end

---Folds events that a script reads by itself into a result.
---@class perigee.chat.Reader
local Reader = {}

---@param data string
---@param event? string its type
---@param time number milliseconds since the request started
function Reader:add(data, event, time) end

---The result of the events so far, of which there are no more.
---@param broken_off? string why the stream ended before its end; "" or nil if it didn't
---@return perigee.chat.Result
function Reader:finish(broken_off) end

---@return perigee.chat.Reader
function chat.reader() end

return chat
