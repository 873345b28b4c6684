-- Ids of stream entries are compared as texts, since their two parts are 64-bit numbers and Lua's are doubles.

local function isNumberBefore(a, b)
  if #a ~= #b then
    return #a < #b
  end
  return a < b
end

local function isIdBefore(a, b)
  local aMs, aSequence = string.match(a, '^(%d+)-(%d+)$')
  local bMs, bSequence = string.match(b, '^(%d+)-(%d+)$')
  if aMs == bMs then
    return isNumberBefore(aSequence, bSequence)
  end
  return isNumberBefore(aMs, bMs)
end
