#!lua flags=allow-oom
-- Turns a post into a tombstone, takes it out of its author's list, and tells it in the outbox.
--
-- KEYS post, posts, outbox, overflow, changed, changes
-- ARGV id, author, maxBacklog
-- Returns {'deleted'} (also where it was already), {'missing'} (no such post of this author) or
--   {'backlog-full', backlog}
--@include note-change
--@include tell-outbox
local postKey, postsKey, outboxKey, overflowKey, changedKey, changesKey = unpack(KEYS)
local id, author, maxBacklog = unpack(ARGV)

local post = redis.call('HMGET', postKey, 'author', 'deleted', 'origin', 'text')
if post[1] ~= author then
  return { 'missing' }
end
if post[2] then
  return { 'deleted' }
end
local backlog = redis.call('XLEN', outboxKey)
if backlog >= tonumber(maxBacklog) then
  return { 'backlog-full', backlog }
end

redis.call('HSET', postKey, 'deleted', 1, 'origin', post[3] or redis.sha1hex(post[4]))
redis.call('HDEL', postKey, 'text', 'attachments', 'edited')
if redis.call('LREM', postsKey, -1, id) == 0 then
  redis.call('HINCRBY', overflowKey, author, -1)
end
noteChange(changedKey, changesKey, id)
tellOutbox(outboxKey, 'deleted', id, author)
return { 'deleted' }
