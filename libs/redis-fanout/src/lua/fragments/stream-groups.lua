--@include stream-ids

-- Named values from the flat list in which Redis answers.
local function named(flat)
  local values = {}
  for i = 1, #flat, 2 do
    values[flat[i]] = flat[i + 1]
  end
  return values
end

-- A group's own figures, or nil where there is no such group.
local function findGroup(streamKey, group)
  if redis.call('EXISTS', streamKey) == 0 then
    return nil
  end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', streamKey)) do
    local values = named(flat)
    if values['name'] == group then
      return values
    end
  end
  return nil
end

-- The oldest entry that some group has not acknowledged; '+' where every group has everything, or there is none.
local function oldestNeeded(streamKey)
  local oldest = '+'
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', streamKey)) do
    local group = named(flat)
    local id
    if group['pending'] > 0 then
      id = redis.call('XPENDING', streamKey, group['name'])[2]
    else
      local following = redis.call('XRANGE', streamKey, '(' .. group['last-delivered-id'], '+', 'COUNT', 1)[1]
      id = following and following[1]
    end
    if id and (oldest == '+' or isIdBefore(id, oldest)) then
      oldest = id
    end
  end
  return oldest
end
