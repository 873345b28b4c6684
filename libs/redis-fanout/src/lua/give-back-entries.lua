#!lua flags=allow-oom
-- Gives back entries that were taken and not begun, where whoever took them holds them still: others can take them at
-- once, and hear of it, and it was no attempt.
--
-- KEYS stream
-- ARGV group, wakeChannel, then for each entry: id, attempt
-- Returns the number of entries given back
--@include stream-leases
local streamKey, group = KEYS[1], ARGV[1]
local given = 0
for i = 3, #ARGV, 2 do
  local id, attempt = ARGV[i], tonumber(ARGV[i + 1])
  if attemptOf(streamKey, group, id) == attempt then
    lay(streamKey, group, { id }, attempt - 1)
    given = given + 1
  end
end
if given > 0 then
  redis.call('SPUBLISH', ARGV[2], '')
end
return given
