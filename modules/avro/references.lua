-- Schemas that refer to types of other subjects by their names: each definition takes the place of
-- the first reference to it, so that one text holds all.
local raw = ...
local json, ipairs, next, type = raw.json, ipairs, next, type

local KEEP_NULLS = { null = json.null }
local primitive = {}
for name in ("null boolean int long float double bytes string"):gmatch("%a+") do
  primitive[name] = true
end
local has_name = { record = true, error = true, enum = true, fixed = true }

-- "a.b.C" -> "a.b.C", "a.b"; a name without dots belongs to the namespace, which may be "".
local function resolve(name, namespace)
  local own = name:match("^(.*)%.[^.]*$")
  if own then return name, own end
  return namespace ~= "" and namespace .. "." .. name or name, namespace
end

local inline

local function inline_named(schema, namespace, state)
  local full, own = resolve(schema.name, schema.namespace or namespace)
  state.defined[full] = true
  -- Where it stands now, another namespace may surround it.
  schema.namespace = own
  for _, field in ipairs(schema.fields or {}) do field.type = inline(field.type, own, state) end
  return schema
end

local function inline_reference(name, namespace, state)
  if primitive[name] then return name end
  local full = resolve(name, namespace)
  -- As in Java, a type without a namespace is found from within another's.
  if not state.defined[full] and not state.definitions[full] then full = name end
  local definition = state.definitions[full]
  if not definition or state.defined[full] then return full end
  return inline(json.decode(definition, KEEP_NULLS), "", state)
end

function inline(schema, namespace, state)
  if type(schema) == "string" then return inline_reference(schema, namespace, state) end
  if type(schema) ~= "table" then return schema end
  if schema[1] then
    for i, branch in ipairs(schema) do schema[i] = inline(branch, namespace, state) end
  elseif has_name[schema.type] and type(schema.name) == "string" then
    return inline_named(schema, namespace, state)
  else
    for _, part in next, { "type", "items", "values" } do
      if schema[part] ~= nil then schema[part] = inline(schema[part], namespace, state) end
    end
  end
  return schema
end

-- The text of a schema, with the texts of the types that it refers to by their full names.
return function(text, definitions)
  local schema = json.decode(text, KEEP_NULLS)
  return json.encode(inline(schema, "", { definitions = definitions, defined = {} }))
end
