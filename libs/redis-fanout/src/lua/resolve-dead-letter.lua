#!lua
-- Takes a dead letter away; where it is to be handed out again, puts it back into its stream as a new message, for its
-- own group alone.
--
-- KEYS stream, count, deadLetters
-- ARGV group, id, again (1 or 0), wakeChannel
-- Returns 1, or 0 where there is no such dead letter
--@include stream-groups
local streamKey, countKey, deadLettersKey = unpack(KEYS, 1, 3)
local group, id, again, wakeChannel = unpack(ARGV, 1, 4)

local STEP = 1000

local from = '-'
repeat
  local entries = redis.call('XRANGE', deadLettersKey, from, '+', 'COUNT', STEP)
  for _, entry in ipairs(entries) do
    local letter = named(entry[2])
    if letter['id'] == id then
      if again == '1' then
        local number = redis.call('INCR', countKey)
        redis.call('XADD', streamKey, '*', 'number', number, 'payload', letter['payload'], 'to', group)
        redis.call('SPUBLISH', wakeChannel, '')
      end
      redis.call('XDEL', deadLettersKey, entry[1])
      return 1
    end
    from = '(' .. entry[1]
  end
until #entries < STEP
return 0
