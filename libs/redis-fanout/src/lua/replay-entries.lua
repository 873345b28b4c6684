#!lua
-- Goes back (or on) to a point: a group gets everything after it anew, also what it has acknowledged or taken.
--
-- KEYS stream
-- ARGV group, after ('$': the newest), wakeChannel
-- Returns 1, or 0 where there is no such group
--@include stream-groups
local streamKey = KEYS[1]
local group, after, wakeChannel = ARGV[1], ARGV[2], ARGV[3]

local STEP = 1000

if not findGroup(streamKey, group) then
  return 0
end
redis.call('XGROUP', 'SETID', streamKey, group, after)
if after ~= '$' then
  -- They come again as new ones, so they must not come as overdue ones, too.
  repeat
    local pending = redis.call('XPENDING', streamKey, group, '(' .. after, '+', STEP)
    for _, entry in ipairs(pending) do
      redis.call('XACK', streamKey, group, entry[1])
    end
  until #pending < STEP
end
redis.call('SPUBLISH', wakeChannel, '')
return 1
