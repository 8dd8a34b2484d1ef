---@meta _

-- Clients with settings of their own, as http.client makes them.

---Settings of a client; what is not set is as with http.get and the rest.
---@class perigee.http.ClientSettings
---@field shared? string all VUs of a worker use the same connections, found by this name
---@field timeout? string|number of requests that name none: "10s", or milliseconds
---@field headers? table<string, string> sent with each request that does not have them itself
---@field userAgent? string
---@field logBodies? boolean false: `--http-debug=full` shows heads only
---@field proxy? string|false the URL of a proxy, for this machine too; false: none is used
---@field maxConnections? integer open at a time; requests beyond that wait in line
---@field maxConnectionsPerHost? integer the same to each host and port
---@field version? "1.1"|"2"|"auto" of HTTP; "2" also in clear text, by prior knowledge
---@field maxConcurrentStreams? integer requests that one HTTP/2 connection carries at a time
---@field tls? perigee.ClientTls how TLS is spoken; what it lacks is as the options say
---@field idleTimeout? string|number a connection that was idle for so long is closed
---@field connectionLifetime? string|number a connection that was open for so long takes no request

---Sends requests with settings of its own; its functions are those of `perigee.http`.
---@class perigee.http.Client
local Client = {}

---@param url perigee.http.AnyUrl
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:get(url, params) end

---@param url perigee.http.AnyUrl
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:head(url, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:post(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:put(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:patch(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:del(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:options(url, body, params) end

---@param method string e.g. "PUT"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function Client:request(method, url, body, params) end

---@param method string e.g. "PUT"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Promise
function Client:async_request(method, url, body, params) end

---@param method string e.g. "POST"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params also `idleTimeout`
---@return perigee.http.Stream
function Client:stream(method, url, body, params) end

---@param method string e.g. "POST"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params also `idleTimeout`
---@return perigee.http.StreamPromise
function Client:async_stream(method, url, body, params) end

---@param requests perigee.http.BatchEntry[]|table<string, perigee.http.BatchEntry>
---@return perigee.http.Response[] responses in the shape of the requests
function Client:batch(requests) end
