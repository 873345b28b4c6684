#!lua
-- Publishes a post with a time of its own, for archives. The same author, time and text again is the same post: what
-- broke off can be sent again. Ids of one millisecond are taken without gaps, so the first free one ends the search.
--
-- KEYS lastId, outbox, posts, overflow, guard (never set)
-- ARGV postStem, home, author, text, atMs, maxBacklog, maxPosts
-- Returns {'published', id, backlog}, {'replayed', id}, {'future'}, {'full'} (a thousand posts of this partition have
--   this millisecond) or {'backlog-full', backlog}
--@include insert-sorted
--@include now
--@include store-post
local lastIdKey, outboxKey, postsKey, overflowKey = unpack(KEYS, 1, 4)
local postStem, home, author, text, atMs, maxBacklog, maxPosts = unpack(ARGV)

local now = nowMs()
if tonumber(atMs) > now then
  return { 'future' }
end

local id
local digest
for sequence = 0, 999 do
  local candidate = string.format('%013d%s%03d', tonumber(atMs), home, sequence)
  local other = redis.call('HMGET', postStem .. candidate, 'author', 'origin')
  if not other[1] then
    id = candidate
    break
  end
  if other[1] == author then
    -- `origin` is there where the text no longer is the first one: after an edit or a deletion.
    digest = digest or redis.sha1hex(text)
    if other[2] == digest or (not other[2] and redis.call('HGET', postStem .. candidate, 'text') == text) then
      return { 'replayed', candidate }
    end
  end
end
if not id then
  return { 'full' }
end
local backlog = redis.call('XLEN', outboxKey)
if backlog >= tonumber(maxBacklog) then
  return { 'backlog-full', backlog }
end

local last = redis.call('GET', lastIdKey)
if not last or last < id then
  redis.call('SET', lastIdKey, id)
end
local fallen, newestFallen = unpack(redis.call('HMGET', overflowKey, author, author .. ':newest'))
if fallen and tonumber(fallen) > 0 and id < newestFallen then
  -- Where newer posts have fallen off the list, this one has too. It is in nobody's timeline, so there is nothing to
  -- deliver: the account of its delivery is written at once.
  redis.call('HINCRBY', overflowKey, author, 1)
  local delivery = string.format('%d %d 0 0 0', now, now)
  redis.call('HSET', postStem .. id, 'author', author, 'text', text, 'delivery', delivery)
  return { 'published', id, backlog }
end
if insertSorted(postsKey, id) == 'older' then
  redis.call('LPUSH', postsKey, id)
end
trimPosts(postsKey, overflowKey, author, tonumber(maxPosts))
storePost(postStem .. id, outboxKey, id, author, text, '')
return { 'published', id, backlog + 1 }
