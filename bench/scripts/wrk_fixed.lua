-- One fixed request: wrk builds it once and calls no Lua while it runs.
wrk.method = "POST"
wrk.body = '{"id":"1","inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32",' ..
  '"data":[1.5,2.8,4.8,1.1]}]}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json"
wrk.headers["X-User"] = "user-1"
