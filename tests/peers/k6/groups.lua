-- A shop's pages in groups within groups; some of their checks fail, and so does a threshold.
local perigee = require "perigee"
local http    = require "perigee.http"

local M = {}

M.options = {
  vus = 2,
  iterations = 4,
  thresholds = {
    checks = { "rate>0.9" },
    ["checks{group:::shop::cart}"] = { "rate==0.5" },
    ["group_duration{group:::shop}"] = { "max>=0" },
    http_req_failed = { "rate<0.5" },
  },
}

function M.default()
  perigee.group("shop", function()
    local list = http.get(__ENV.TARGET .. "/bytes/2000")
    perigee.check(list, {
      { "list is there", function(r) return r.status == 200 end },
      { "list is long", function(r) return #r.body > 1999 end },
    })
    perigee.group("cart", function()
      local cart = http.get(__ENV.TARGET .. "/status/404")
      perigee.check(cart, {
        { "cart is there", function(r) return r.status == 200 end },
        { "cart answers", function(r) return r.status > 0 end },
      })
    end)
  end)
  perigee.group("pay", function()
    perigee.check(http.get(__ENV.TARGET .. "/redirect/2"), {
      paid = function(r) return r.status == 200 and r.url:sub(-#"/redirect/0") == "/redirect/0" end,
    })
  end)
end

return M
