#!lua flags=no-writes
-- Reads a page of a user's direct messages, and what the whole inbox counts at the same moment.
--
-- KEYS inbox, unread
-- ARGV after ('' for the oldest), limit
-- Returns {entries, hasMore (1 or 0), {sender, count, sender, count...}}
--@include direct-messages
local inboxKey, unreadKey = KEYS[1], KEYS[2]
local after, limit = ARGV[1], tonumber(ARGV[2])

local from = after == '' and 0 or countUpTo(inboxKey, after)
local entries = redis.call('LRANGE', inboxKey, from, from + limit - 1)
local hasMore = from + #entries < redis.call('LLEN', inboxKey) and 1 or 0
return { entries, hasMore, redis.call('HGETALL', unreadKey) }
