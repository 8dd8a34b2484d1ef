---@meta

-- WebSockets. A connection that fails raises no error: its `error` says why.

---@class perigee.websocket
local websocket = {}

---@class perigee.websocket.Params
---@field headers? table<string, string|number> of the handshake
---@field tags? perigee.Tags tags of this connection's samples; `name` stands for the URL
---@field subprotocols? string|string[] in the order of preference
---@field compression? "deflate"|perigee.websocket.Compression offers permessage-deflate
---@field jar? perigee.http.CookieJar instead of the VU's own
---@field client? perigee.http.Client whose userAgent, headers, timeout, proxy and tls are used
---@field timeout? string|number of the handshake: "10s", or milliseconds; "60s" if not set
---@field maxMessageSize? integer bytes of a message that the server may send, default 64 MiB

---@class perigee.websocket.Compression
---@field contextTakeover? boolean messages may refer to those before them; default false, as in k6
---@field clientMaxWindowBits? integer 8 to 15
---@field serverMaxWindowBits? integer 8 to 15

---@class perigee.websocket.Message
---@field data string
---@field binary boolean
---@field time number when it arrived: milliseconds since 1970, by the clock of `ws:send`

---@class perigee.websocket.Control
---@field data string
---@field time number

---@class perigee.websocket.Ending
---@field code integer the server's; 1005 if it gave none, 1006 if there was no close frame
---@field reason string
---@field error string "" after a closing handshake
---@field time number

---@class perigee.websocket.WebSocket
---@field url string
---@field status integer of the response: 101 if it is open; 0 if there was none, or one refused
---@field error string "" as long as all is well
---@field subprotocol string that the server chose; "" if none
---@field compressed boolean the server agreed to permessage-deflate
---@field headers table<string, string> of the handshake's answer
---@field connecting number milliseconds from the call until the connection was open
---@field remote_ip string
---@field closed? perigee.websocket.Ending once the end has been received
---@field on_message? fun(message: perigee.websocket.Message)
---@field on_ping? fun(ping: perigee.websocket.Control)
---@field on_pong? fun(pong: perigee.websocket.Control)
---@field on_error? fun(ending: perigee.websocket.Ending)
---@field on_close? fun(ending: perigee.websocket.Ending)
local WebSocket = {}

---Sends a text message, which must be UTF-8. Waits while more than 1 MiB is unsent.
---@param text string
---@return number time milliseconds since 1970
function WebSocket:send(text) end

---@param bytes string
---@return number time milliseconds since 1970
function WebSocket:send_binary(bytes) end

---Sends a ping; its pong gives a sample of `ws_ping`.
---@param data? string at most 125 bytes; a number of its own if not given
---@return number time milliseconds since 1970
function WebSocket:ping(data) end

---Waits for the next message. Handlers of pings, pongs and the end are called on the way.
---@param limit? string|number "5s", or milliseconds; without it for as long as it takes
---@return perigee.websocket.Message? message
---@return "timeout"|"closed"? why there is none
function WebSocket:receive(limit) end

---The messages until the end, for a `for` loop.
---@param limit? string|number the loop ends, too, when a message takes longer
---@return fun(): perigee.websocket.Message?
function WebSocket:messages(limit) end

---Begins to close the connection; `ws:receive` and the handlers tell of the end.
---@param code? integer default 1000
---@param reason? string at most 123 bytes
function WebSocket:close(code, reason) end

---@return "open"|"closing"|"closed"
function WebSocket:state() end

---Bytes that the kernel has not taken yet.
---@return number
function WebSocket:buffered_amount() end

---What `ws:clear_timer` takes.
---@class perigee.websocket.Timer

---Calls a function again and again while handlers run and the connection is open.
---@param handler fun()
---@param ms number
---@return perigee.websocket.Timer
function WebSocket:set_interval(handler, ms) end

---Calls a function once.
---@param handler fun()
---@param ms number
---@return perigee.websocket.Timer
function WebSocket:set_timeout(handler, ms) end

---Ends a timer, which a handler may do to its own. What is none any more, or nil, is left alone.
---@param timer? perigee.websocket.Timer
function WebSocket:clear_timer(timer) end

---Opens a connection and waits until it is open or has failed.
---@param url string ws:// or wss://
---@param params? perigee.websocket.Params
---@return perigee.websocket.WebSocket
function websocket.connect(url, params) end

---Calls the handlers of all connections of the VU until these are closed, as happens by itself when
---the script's function has returned.
---@param limit? number milliseconds after which it returns anyway
function websocket.run(limit) end

return websocket
