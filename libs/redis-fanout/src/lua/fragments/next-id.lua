-- The next id of a partition: from now on its newest. Never backwards, also after a step of the clock, and a thousand ids
-- in a millisecond: then the next one is begun. `partition` is its three digits.
local function nextId(lastIdKey, partition, now)
  local ms, sequence = now, 0
  local last = redis.call('GET', lastIdKey)
  if last and tonumber(string.sub(last, 1, 13)) >= now then
    ms, sequence = tonumber(string.sub(last, 1, 13)), tonumber(string.sub(last, 17)) + 1
    if sequence > 999 then
      ms, sequence = ms + 1, 0
    end
  end
  local id = string.format('%013d%s%03d', ms, partition, sequence)
  redis.call('SET', lastIdKey, id)
  return id
end
