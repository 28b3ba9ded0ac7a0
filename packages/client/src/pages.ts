/** One page of a list. */
export interface Page<Entry> {
  readonly data: readonly Entry[];
  /** Asks for the page after it; null on the last one. */
  readonly nextCursor: string | null;
}

/** Every entry of a list, page after page, read as the loop asks for them. */
export async function* iteratePages<Entry>(
  readPage: (cursor: string | undefined) => Promise<Page<Entry>>,
): AsyncGenerator<Entry, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    yield* page.data;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
