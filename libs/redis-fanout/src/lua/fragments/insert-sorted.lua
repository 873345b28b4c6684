-- An entry is below an id when it is smaller, or when it is the mark of a timeline under construction. The mark is
-- told by its minus sign: comparing texts follows the server's locale, where punctuation may count for nothing.
local function isBelow(entry, id)
  return string.byte(entry) == 45 or entry < id
end

-- Puts an id at its place in a list of ids, newest first. Answers 'inserted', 'present' (nothing done), or 'older'
-- (smaller than every entry; nothing done). Looks from the head, in growing steps: a late id is mostly near it.
local function insertSorted(key, id)
  local from, size = 0, 16
  while true do
    local entries = redis.call('LRANGE', key, from, from + size - 1)
    for _, entry in ipairs(entries) do
      if entry == id then
        return 'present'
      end
      if isBelow(entry, id) then
        redis.call('LINSERT', key, 'BEFORE', entry, id)
        return 'inserted'
      end
    end
    if #entries < size then
      return 'older'
    end
    from = from + size
    size = size * 4
  end
end
