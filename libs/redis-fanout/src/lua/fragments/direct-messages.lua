-- The direct messages of a user are a list of `<id> <from> <text>`, the oldest first.

local function idOf(entry)
  return string.sub(entry, 1, 19)
end

-- How many messages have this id or a smaller one, by halving.
local function countUpTo(inboxKey, id)
  local from, to = 0, redis.call('LLEN', inboxKey)
  while from < to do
    local middle = math.floor((from + to) / 2)
    if idOf(redis.call('LINDEX', inboxKey, middle)) <= id then
      from = middle + 1
    else
      to = middle
    end
  end
  return from
end
