-- An entry is below an id when it is smaller, or when it is the mark of a timeline under construction. The mark is
-- told by its minus sign: comparing texts follows the server's locale, where punctuation may count for nothing.
local function isBelow(entry, id)
  return string.byte(entry) == 45 or entry < id
end

-- The first place from `from` on whose entry is not above an id, by halving; `length` where there is none.
local function placeOf(key, id, from, length)
  local to = length
  while from < to do
    local middle = math.floor((from + to) / 2)
    local entry = redis.call('LINDEX', key, middle)
    if entry == id or isBelow(entry, id) then
      to = middle
    else
      from = middle + 1
    end
  end
  return from
end

-- Puts an id at its place in a list of ids, newest first. Answers 'inserted', 'present' (nothing done), or 'older'
-- (smaller than every entry; nothing done). A late id is mostly near the head, so that is looked at first; further down
-- the place is found by halving, as reading 800 entries takes ten times as long.
local function insertSorted(key, id)
  local entries = redis.call('LRANGE', key, 0, 15)
  for _, entry in ipairs(entries) do
    if entry == id then
      return 'present'
    end
    if isBelow(entry, id) then
      redis.call('LINSERT', key, 'BEFORE', entry, id)
      return 'inserted'
    end
  end
  if #entries < 16 then
    return 'older'
  end
  local entry = redis.call('LINDEX', key, placeOf(key, id, 16, redis.call('LLEN', key)))
  if entry == id then
    return 'present'
  end
  if not entry then
    return 'older'
  end
  redis.call('LINSERT', key, 'BEFORE', entry, id)
  return 'inserted'
end
