-- Fragment, not a script: scripts include it by its name.
-- trim_acknowledged(stream) removes the entries that every group has acknowledged, and no other.

-- Ids are compared as texts, since their two parts are 64-bit numbers and Lua's are doubles.
local function is_number_before(a, b)
  if #a ~= #b then
    return #a < #b
  end
  return a < b
end

local function is_id_before(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)-(%d+)$')
  if a_ms == b_ms then
    return is_number_before(a_seq, b_seq)
  end
  return is_number_before(a_ms, b_ms)
end

-- A sequence too long for a double is left as it is: one entry more stays in the stream.
local function id_after(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  if #seq > 15 then
    return id
  end
  return ms .. '-' .. string.format('%.0f', tonumber(seq) + 1)
end

-- The lowest id that the group still needs.
local function needed_from(stream, facts)
  local group = {}
  for i = 1, #facts, 2 do
    group[facts[i]] = facts[i + 1]
  end
  if group['pending'] > 0 then
    return redis.call('XPENDING', stream, group['name'])[2]
  end
  return id_after(group['last-delivered-id'])
end

local function trim_acknowledged(stream)
  if redis.call('EXISTS', stream) == 0 then
    return
  end
  local lowest
  for _, facts in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local id = needed_from(stream, facts)
    if not lowest or is_id_before(id, lowest) then
      lowest = id
    end
  end
  if lowest then
    redis.call('XTRIM', stream, 'MINID', '=', lowest)
  end
end
