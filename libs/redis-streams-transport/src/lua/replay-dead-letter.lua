#!lua flags=allow-oom
-- Puts a dead letter back at the end of its stream, as a new entry with the same pattern and data. Of several calls one
-- does it.
--
-- KEYS[1] stream
-- KEYS[2] deadLetters
-- ARGV[1] id
--
-- Returns 1, or 0 where there is no such dead letter.
local stream, dead_letters = KEYS[1], KEYS[2]
local id = ARGV[1]

local letter = redis.call('XRANGE', dead_letters, id, id)[1]
if not letter then
  return 0
end
local values = {}
for i = 1, #letter[2], 2 do
  values[letter[2][i]] = letter[2][i + 1]
end
redis.call('XADD', stream, '*', 'pattern', values.pattern, 'data', values.data)
redis.call('XDEL', dead_letters, id)
return 1
