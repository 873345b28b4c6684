--@include construction-mark

-- A new mark, and for how long the timeline is there with it: both as texts.
local function newMark(buildMs, random)
  buildMs = tonumber(buildMs)
  return string.format('-%d%06d', nowMs() + buildMs, tonumber(random)), string.format('%d', 2 * buildMs)
end

-- Marks a timeline as under construction, for a limited time.
local function setMark(key, buildMs, random)
  local mark, lifeMs = newMark(buildMs, random)
  redis.call('LPUSH', key, mark)
  redis.call('PEXPIRE', key, lifeMs)
  return mark
end

-- Marks a live timeline where it stands: it keeps its entries, and what is to be brought in is brought into it. Answers as
-- the scripts do; a timeline that was just being built is dropped, as it may not know of the change.
local function markedTimeline(key, buildMs, random)
  local first = redis.call('LINDEX', key, '0')
  if not first then
    return { 'cold' }
  end
  if isMark(first) then
    redis.call('DEL', key)
    return { 'cold' }
  end
  local mark, lifeMs = newMark(buildMs, random)
  redis.call('LSET', key, '0', mark)
  redis.call('PEXPIRE', key, lifeMs)
  return { 'marked', mark, (floorAndMark(first)) }
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
