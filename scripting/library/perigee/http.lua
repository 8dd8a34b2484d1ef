---@meta

-- HTTP requests. A request that fails raises no error: its response has status 0 and says why.

---@class perigee.http
local http = {}

---@class perigee.http.Params
---@field headers? table<string, string|number|boolean> in this spelling; `Host` may be set too
---@field tags? perigee.Tags tags of this request's samples; `name` stands for the URL
---@field timeout? string|number from its start to its end: "10s", or milliseconds; "60s" if not set
---@field responseType? "text"|"binary"|"none" "none" reads the body and does not keep it

---All in milliseconds.
---@class perigee.http.Timings
---@field blocked number until the request could be sent, a new connection's making included
---@field looking_up number always 0: looking up the name is part of `blocked`
---@field connecting number making the TCP connection; 0 on a kept one
---@field tls_handshaking number 0 without TLS
---@field sending number
---@field waiting number from the last byte sent to the first byte received
---@field receiving number
---@field duration number sending + waiting + receiving

---@class perigee.http.Response
---@field status integer 0 if no answer came
---@field status_text string e.g. "200 OK"
---@field body string? nil with responseType "none" and without an answer
---@field headers table<string, string> names like `Content-Type`; several values are joined by ", "
---@field url string
---@field proto string e.g. "HTTP/1.1"
---@field error string "" if an answer came, whatever its status
---@field error_code integer 0 below status 400; 1000 + status from there on; below 1400 what failed
---@field timings perigee.http.Timings
---@field remote_ip string
---@field remote_port integer
local Response = {}

---The body as JSON. Raises an error for a body that is not.
---@return any
function Response:json() end

---@param url string
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.get(url, params) end

---@param url string
---@param body? string sent as it is: see `perigee.json`
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.post(url, body, params) end

---@param method string e.g. "PUT"
---@param url string
---@param body? string
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.request(method, url, body, params) end

---@class perigee.http.Request
---@field method? string "GET" if not set
---@field url string
---@field body? string
---@field params? perigee.http.Params

---A URL to get, a table with names, or one in the order method, url, body, params.
---@alias perigee.http.BatchEntry string|perigee.http.Request|any[]

---Sends requests at the same time, at most 20 at once, and waits for all of them.
---@param requests perigee.http.BatchEntry[]
---@return perigee.http.Response[] responses in the order of the requests
function http.batch(requests) end

return http
