--@include tell-outbox

-- Writes the body and the event of a post. Until the post is delivered, its account is the id of that entry: it tells when
-- the post was accepted and how far its event is.
local function storePost(postKey, outboxKey, id, author, text, attachments)
  local entry = tellOutbox(outboxKey, 'published', id, author)
  redis.call('HSET', postKey, 'author', author, 'text', text, 'delivery', entry)
  if attachments ~= '' then
    redis.call('HSET', postKey, 'attachments', attachments)
  end
end

-- Keeps the author's own list at its length, give or take a hundredth. What falls off is counted, and the newest of it
-- noted under `<author>:newest` (no author's id has a colon): the list holds everything above.
local function trimPosts(postsKey, overflowKey, author, maxPosts)
  local length = redis.call('LLEN', postsKey)
  if length > maxPosts + math.floor(maxPosts / 100) then
    redis.call('HSET', overflowKey, author .. ':newest', redis.call('LINDEX', postsKey, -maxPosts - 1))
    redis.call('LTRIM', postsKey, -maxPosts, -1)
    redis.call('HINCRBY', overflowKey, author, length - maxPosts)
  end
end
