#!lua flags=allow-oom
-- Fixes what decides where everything lies and how it is written, where nobody did yet.
--
-- KEYS settings
-- ARGV partitions, layout
-- Returns partitions and layout, as whoever came first has fixed them; no layout where that was before layouts had numbers
local settingsKey, partitions, layout = KEYS[1], ARGV[1], ARGV[2]

if redis.call('HSETNX', settingsKey, 'partitions', partitions) == 1 then
  redis.call('HSET', settingsKey, 'layout', layout)
end
return redis.call('HMGET', settingsKey, 'partitions', 'layout')
