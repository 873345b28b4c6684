#!lua
-- Starts the construction of a timeline that is not there, or whose builder has not finished by its deadline. From now
-- on deliveries land in it, so that none can fall between reading the authors' lists and finishing.
--
-- KEYS timeline
-- ARGV buildMs, random
-- Returns {'begun', mark}, {'busy'} (another builds it) or {'live'}
--@include open-timeline
local timelineKey = KEYS[1]
local buildMs, random = unpack(ARGV)

local first = redis.call('LINDEX', timelineKey, 0)
if first then
  if not isMark(first) then
    return { 'live' }
  end
  if not isOverdue(first, buildMs) then
    return { 'busy' }
  end
  redis.call('LPOP', timelineKey)
end
return { 'begun', setMark(timelineKey, buildMs, random) }
