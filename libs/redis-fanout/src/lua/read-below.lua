#!lua flags=no-writes
-- Reads on in lists of ids, newest first: of each what is below an id. The place is found by halving, so a page far down
-- costs no more than one at the top.
--
-- KEYS then the lists
-- ARGV count, then for each list the id
-- Returns for each list its next ids, at most `count`: fewer only where the list ends
local count = tonumber(ARGV[1])

local function firstBelow(key, id)
  local from, to = 0, redis.call('LLEN', key)
  while from < to do
    local middle = math.floor((from + to) / 2)
    if redis.call('LINDEX', key, middle) < id then
      to = middle
    else
      from = middle + 1
    end
  end
  return from
end

local results = {}
for i, key in ipairs(KEYS) do
  local id = ARGV[i + 1]
  -- No id is so large: from the head.
  local from = id == '9999999999999999999' and 0 or firstBelow(key, id)
  results[i] = redis.call('LRANGE', key, from, from + count - 1)
end
return results
