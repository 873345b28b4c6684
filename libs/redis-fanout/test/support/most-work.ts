/** What a script call that reads lists of authors is held to. */
export const MAX_LISTS_OF_CALL = 100;
export const MAX_IDS_OF_CALL = 4000;

/**
 * What it takes at most to find the newest `wanted` ids in the lists of some authors and the reader's own. At first
 * `chunk` ids are read of each list. A list is read further only where all that is known of it, chunk × (2^k - 1) ids in
 * round k, is among the newest `wanted`: there are at most wanted / that many such lists, and of each chunk × 2^k ids are
 * read. So a round reads at most wanted × 2^k / (2^k - 1) ids, and the last one comes before chunk × (2^k - 1) reaches
 * `wanted`. A call holds a hundred lists of one partition that were read equally far, or what is left of them.
 */
export function mostWork(
  partitions: number,
  authors: number,
  wanted: number,
): { readonly ids: number; readonly calls: number } {
  const lists = authors + 1;
  const chunk = Math.min(wanted, Math.max(4, Math.ceil((2 * wanted) / lists)));
  let ids = chunk * lists;
  let calls = Math.ceil(lists / MAX_LISTS_OF_CALL) + partitions;
  for (let k = 1; chunk * (2 ** k - 1) < wanted; k++) {
    const furtherLists = wanted / (chunk * (2 ** k - 1));
    ids += furtherLists * chunk * 2 ** k;
    calls += Math.min(furtherLists, partitions * k);
  }
  return { ids: Math.floor(ids), calls: Math.floor(calls) };
}
