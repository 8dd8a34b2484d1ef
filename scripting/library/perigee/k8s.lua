---@meta

-- Kubernetes. A call that fails raises no error, unless the client has `throw`: it returns nil and
-- what went wrong. What a script gets wrong (a setting that there is not) does raise one.

---@class perigee.k8s
local k8s = {}

---@class perigee.k8s.ClientSettings
---@field kubeconfig? string files, separated by colons; default as kubectl finds them
---@field context? string of the kubeconfig; default its current one
---@field server? string the API server's URL, instead of a kubeconfig
---@field token? string
---@field token_file? string a file with the token, which is read again as it changes
---@field ca? string the authority that is trusted: a PEM text, or the path of a file
---@field cert? string a client's certificate, in the same way
---@field key? string its key
---@field insecure? boolean the server's certificate is not checked
---@field tls_server_name? string that the server's certificate must be for
---@field namespace? string where nothing else is said; default that of the context
---@field field_manager? string of what is written; default "perigee"
---@field timeout? string|number of calls: "10s", or milliseconds; default "60s"
---@field proxy? string|false the URL of an HTTP proxy
---@field qps? number requests a second that this client may send; default without a limit
---@field burst? integer requests that it may send at once under `qps`; default 10
---@field throw? boolean calls that fail raise an error

---@class perigee.k8s.Error
---@field code integer the status, 0 if there was no response
---@field reason string NotFound, AlreadyExists, Conflict, Forbidden, Connection, Timeout, ...
---@field message string
---@field details table? the server's
---@field managers string[]? of an apply: who else owns the fields
---@field text string all of it in one line, as tostring has it
---@field next_token string?

---@class perigee.k8s.GetOptions
---@field namespace? string
---@field subresource? string "status", "scale"
---@field timeout? string|number
---@field dry_run? boolean

---@class perigee.k8s.WriteOptions: perigee.k8s.GetOptions
---@field field_manager? string
---@field force? boolean of an apply: takes fields that others own

---@class perigee.k8s.PatchOptions: perigee.k8s.WriteOptions
---@field type? "merge"|"json"|"strategic"|"apply" default "json" for a list, else "merge"

---@class perigee.k8s.ListOptions
---@field namespace? string
---@field all_namespaces? boolean
---@field label_selector? string "app=web,tier!=db"
---@field field_selector? string "status.phase=Running"
---@field limit? integer objects in a page
---@field continue? string|false the token of one page that is wanted; false for the first
---@field resource_version? string
---@field timeout? string|number

---@class perigee.k8s.DeleteOptions: perigee.k8s.GetOptions
---@field propagation? "Foreground"|"Background"|"Orphan"
---@field grace_period? integer seconds
---@field wait? boolean|string|number until it is gone, at most so long; true: "60s"

---@class perigee.k8s.RequestOptions
---@field timeout? string|number
---@field content_type? string of the body; default "application/json"

---@class perigee.k8s.Wait
---@field [1]? table|string the object
---@field object? table|string the same
---@field kind? string with `name`, instead of an object
---@field name? string
---@field namespace? string
---@field condition? string "Ready", "Ready=False"
---@field jsonpath? string "{.status.phase}=Running"
---@field gone? boolean
---@field test? fun(object: table): any what must be true
---@field timeout? string|number default "60s"

---@class perigee.k8s.LogOptions
---@field namespace? string
---@field container? string
---@field follow? boolean
---@field previous? boolean
---@field timestamps? boolean
---@field tail? integer lines
---@field since? integer seconds
---@field limit_bytes? integer
---@field timeout? string|number

---@class perigee.k8s.ExecOptions
---@field namespace? string
---@field container? string
---@field stdin? string what the command reads
---@field timeout? string|number

---@class perigee.k8s.ExecResult
---@field stdout string
---@field stderr string
---@field code integer

---@class perigee.k8s.WatchOptions
---@field namespace? string
---@field all_namespaces? boolean
---@field label_selector? string
---@field field_selector? string
---@field resource_version? string
---@field timeout? string|number default "60s"

---@class perigee.k8s.Event
---@field type "ADDED"|"MODIFIED"|"DELETED"
---@field object table

---@class perigee.k8s.Client
local KubernetesClient = {}

---A client with settings of its own. The functions of the module use one without.
---@param settings? perigee.k8s.ClientSettings
---@return perigee.k8s.Client
function k8s.client(settings) end

---Makes the objects what this says (server-side apply); they are made if they are not there. Of
---several documents, or a list of objects, it returns a list.
---@param object table|string
---@param options? perigee.k8s.WriteOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.apply(object, options) end

---@param object table|string
---@param options? perigee.k8s.WriteOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.create(object, options) end

---Replaces an object; with the resourceVersion of a `get` only if nobody else has changed it.
---@param object table|string
---@param options? perigee.k8s.WriteOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.update(object, options) end

---`options` may be the namespace alone.
---@param kind string
---@param name string
---@param options? perigee.k8s.GetOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.get(kind, name, options) end

---`items` are the objects; with `limit` they are fetched page by page.
---@param kind string
---@param options? perigee.k8s.ListOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.list(kind, options) end

---@param kind string
---@param name string
---@param patch table|string
---@param options? perigee.k8s.PatchOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.patch(kind, name, patch, options) end

---Deletes an object by kind and name, or the objects that are given as tables or YAML:
---`k8s.delete(object, options)`.
---@param kind string|table
---@param name? string|perigee.k8s.DeleteOptions
---@param options? perigee.k8s.DeleteOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.delete(kind, name, options) end

---Sets the replicas; without a number it returns the scale as it is.
---@param kind string
---@param name string
---@param replicas? integer
---@param options? perigee.k8s.GetOptions|string
---@return table?
---@return perigee.k8s.Error?
function k8s.scale(kind, name, replicas, options) end

---Any other request.
---@param method string
---@param path string
---@param body? table|string
---@param options? perigee.k8s.RequestOptions
---@return table|string?
---@return perigee.k8s.Error?
function k8s.request(method, path, body, options) end

---Waits until something holds for an object: `k8s.wait{ object, condition = "Ready" }`. Returns
---the object as it is then, or true where it is gone.
---@param what perigee.k8s.Wait
---@return table|true|nil
---@return perigee.k8s.Error?
function k8s.wait(what) end

---The log of a pod; with `follow` a stream, whose `lines()` end with the container.
---@param name string
---@param options? perigee.k8s.LogOptions|string
---@return string|perigee.http.Stream|nil
---@return perigee.k8s.Error?
function k8s.logs(name, options) end

---Runs a command in a pod to its end: words, or a text for sh.
---@param name string
---@param command string|string[]
---@param options? perigee.k8s.ExecOptions|string
---@return perigee.k8s.ExecResult?
---@return perigee.k8s.Error?
function k8s.exec(name, command, options) end

---`for event in k8s.watch("Pod", { timeout = "10s" }) do`: first what there is, as ADDED, then
---every change.
---@param kind string
---@param options? perigee.k8s.WatchOptions|string
---@return fun(): perigee.k8s.Event?
function k8s.watch(kind, options) end

---Makes the objects what this says (server-side apply); they are made if they are not there. Of
---several documents, or a list of objects, it returns a list.
---@param object table|string
---@param options? perigee.k8s.WriteOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:apply(object, options) end

---@param object table|string
---@param options? perigee.k8s.WriteOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:create(object, options) end

---Replaces an object; with the resourceVersion of a `get` only if nobody else has changed it.
---@param object table|string
---@param options? perigee.k8s.WriteOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:update(object, options) end

---`options` may be the namespace alone.
---@param kind string
---@param name string
---@param options? perigee.k8s.GetOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:get(kind, name, options) end

---`items` are the objects; with `limit` they are fetched page by page.
---@param kind string
---@param options? perigee.k8s.ListOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:list(kind, options) end

---@param kind string
---@param name string
---@param patch table|string
---@param options? perigee.k8s.PatchOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:patch(kind, name, patch, options) end

---Deletes an object by kind and name, or the objects that are given as tables or YAML:
---`k8s.delete(object, options)`.
---@param kind string|table
---@param name? string|perigee.k8s.DeleteOptions
---@param options? perigee.k8s.DeleteOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:delete(kind, name, options) end

---Sets the replicas; without a number it returns the scale as it is.
---@param kind string
---@param name string
---@param replicas? integer
---@param options? perigee.k8s.GetOptions|string
---@return table?
---@return perigee.k8s.Error?
function KubernetesClient:scale(kind, name, replicas, options) end

---Any other request.
---@param method string
---@param path string
---@param body? table|string
---@param options? perigee.k8s.RequestOptions
---@return table|string?
---@return perigee.k8s.Error?
function KubernetesClient:request(method, path, body, options) end

---Waits until something holds for an object: `k8s.wait{ object, condition = "Ready" }`. Returns
---the object as it is then, or true where it is gone.
---@param what perigee.k8s.Wait
---@return table|true|nil
---@return perigee.k8s.Error?
function KubernetesClient:wait(what) end

---The log of a pod; with `follow` a stream, whose `lines()` end with the container.
---@param name string
---@param options? perigee.k8s.LogOptions|string
---@return string|perigee.http.Stream|nil
---@return perigee.k8s.Error?
function KubernetesClient:logs(name, options) end

---Runs a command in a pod to its end: words, or a text for sh.
---@param name string
---@param command string|string[]
---@param options? perigee.k8s.ExecOptions|string
---@return perigee.k8s.ExecResult?
---@return perigee.k8s.Error?
function KubernetesClient:exec(name, command, options) end

---`for event in k8s.watch("Pod", { timeout = "10s" }) do`: first what there is, as ADDED, then
---every change.
---@param kind string
---@param options? perigee.k8s.WatchOptions|string
---@return fun(): perigee.k8s.Event?
function KubernetesClient:watch(kind, options) end

return k8s
