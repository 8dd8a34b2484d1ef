-- The work of infer.lua with wrk's hooks: a body built for every request, every answer checked.
local headers = {
  ["Content-Type"] = "application/json",
  ["Accept"] = "application/json",
  ["X-User"] = "user-1",
}
local template = '{"id":"%d","inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32",' ..
  '"data":[%d.5,2.8,4.8,1.%d]}]}'
local sent = 0
local passed, failed = 0, 0

function request()
  sent = sent + 1
  return wrk.format("POST", nil, headers, string.format(template, sent, sent % 8, sent % 10))
end

function response(status, _, body)
  if status == 200 and body:find('"outputs"', 1, true) then
    passed = passed + 1
  else
    failed = failed + 1
  end
end

function done()
  if failed > 0 then print(failed .. " checks failed, " .. passed .. " passed") end
end
