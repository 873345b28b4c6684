#!lua flags=no-writes
-- Reads on downwards in lists of ids, which are oldest first: of each what is below an id. The place is found by halving,
-- so a page far down costs no more than one at the top.
--
-- KEYS then the lists
-- ARGV count, then for each list the id
-- Returns for each list its next ids, oldest first, at most `count`: fewer only where the list ends
local count = tonumber(ARGV[1])

local function countBelow(key, id)
  local from, to = 0, redis.call('LLEN', key)
  while from < to do
    local middle = math.floor((from + to) / 2)
    if redis.call('LINDEX', key, middle) < id then
      from = middle + 1
    else
      to = middle
    end
  end
  return from
end

local results = {}
for i, key in ipairs(KEYS) do
  local id = ARGV[i + 1]
  -- No id is so large: all are below.
  local length = id == '9999999999999999999' and redis.call('LLEN', key) or countBelow(key, id)
  results[i] = length == 0 and {} or redis.call('LRANGE', key, math.max(0, length - count), length - 1)
end
return results
