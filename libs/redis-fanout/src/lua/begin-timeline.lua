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

local tail = redis.call('LINDEX', timelineKey, -1)
if tail then
  if string.byte(tail) ~= 45 then
    return { 'live' }
  end
  local time = redis.call('TIME')
  if tonumber(string.sub(tail, 2, -4)) > tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) then
    return { 'busy' }
  end
  redis.call('RPOP', timelineKey)
end
local mark = constructionMark(buildMs, random)
redis.call('RPUSH', timelineKey, mark)
redis.call('PEXPIRE', timelineKey, 2 * tonumber(buildMs))
return { 'begun', mark }
