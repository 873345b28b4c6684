-- A timeline ends with its floor: everything above that id is in the list. While it is being built, the last entry is
-- a mark instead, `-<deadline in ms><3 random digits>`: deliveries land, but nobody reads the list as a timeline.
local function constructionMark(buildMs, random)
  local time = redis.call('TIME')
  local deadline = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(buildMs)
  return string.format('-%d%03d', deadline, tonumber(random))
end

-- Takes all entries out of a timeline to be written again. Answers the mark and the entries (the floor last); or
-- nothing where there is none, or where it was just being built: that is dropped, as it may not know of the change.
local function openTimeline(key, buildMs, random)
  local entries = redis.call('LRANGE', key, 0, -1)
  if #entries == 0 then
    return nil
  end
  redis.call('DEL', key)
  if string.byte(entries[#entries]) == 45 then
    return nil
  end
  local mark = constructionMark(buildMs, random)
  redis.call('RPUSH', key, mark)
  redis.call('PEXPIRE', key, 2 * tonumber(buildMs))
  return mark, entries
end
