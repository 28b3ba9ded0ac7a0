/** The first entries of a list that is read page by page; no page is read that they do not need. */
export async function takeFirst<Entry>(entries: AsyncIterable<Entry>, count: number): Promise<Entry[]> {
  const taken: Entry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (taken.length >= count) break;
  }
  return taken;
}
