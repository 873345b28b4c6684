#!lua flags=allow-oom
-- Takes the group of a recipient from the stream of a source, and what was kept for it.
--
-- KEYS stream, deadLetters
-- ARGV group
-- Returns 1 where there was such a group, else 0
local streamKey, deadLettersKey = unpack(KEYS, 1, 2)
redis.call('DEL', deadLettersKey)
return redis.call('EXISTS', streamKey) == 1 and redis.call('XGROUP', 'DESTROY', streamKey, ARGV[1]) or 0
