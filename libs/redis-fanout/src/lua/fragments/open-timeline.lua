--@include new-mark

-- Marks a timeline as under construction, for a limited time.
local function setMark(key, buildMs, random)
  local mark = newMark(buildMs, random)
  redis.call('LPUSH', key, mark)
  redis.call('PEXPIRE', key, string.format('%d', 2 * tonumber(buildMs)))
  return mark
end

-- Takes all entries out of a timeline to be written again. Answers the mark and the entries (the floor first); or
-- nothing where there is none, or where it was just being built: that is dropped, as it may not know of the change.
local function openTimeline(key, buildMs, random)
  local entries = redis.call('LRANGE', key, 0, -1)
  if #entries == 0 then
    return nil
  end
  redis.call('DEL', key)
  if isMark(entries[1]) then
    return nil
  end
  entries[1] = floorAndMark(entries[1])
  return setMark(key, buildMs, random), entries
end

-- The same, as the scripts answer it.
local function openedTimeline(key, buildMs, random)
  local mark, entries = openTimeline(key, buildMs, random)
  if not mark then
    return { 'cold' }
  end
  return { 'opened', mark, unpack(entries) }
end
