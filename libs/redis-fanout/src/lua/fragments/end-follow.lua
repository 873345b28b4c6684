-- Takes a follow out of all sets. Answers whether posts of the author may be in the reader's timeline.
local function endFollow(reader, author, followingKey, followersKey, followingMutedKey, followersMutedKey)
  local removed = redis.call('SREM', followingKey, author)
  redis.call('SREM', followersKey, reader)
  redis.call('SREM', followingMutedKey, author)
  redis.call('SREM', followersMutedKey, reader)
  return removed == 1
end
