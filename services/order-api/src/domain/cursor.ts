/** Cursors: where a page ended. Opaque to customers, and read tolerantly of nothing: a wrong one is refused. */
import { identifier, instant } from "@tirage/contracts";
import { z } from "zod";

const orderPosition = z.tuple([instant, identifier]);
const itemPosition = z.tuple([z.int().min(0)]);
const productPosition = z.tuple([z.int().min(0), identifier]);
/** Named, since a bare number would be an item's. */
const deadLetterPosition = z.tuple([z.literal("dead-letter"), z.int().min(1)]);

/** Newest first: the creation time and id of the last order of a page. */
export interface OrderPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** By index: the last item of a page. */
export interface ItemPosition {
  readonly index: number;
}

/** By index, then id: the last product of a page. */
export interface ProductPosition {
  readonly index: number;
  readonly id: string;
}

const write = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString("base64url");

function read<Schema extends z.ZodType>(schema: Schema, cursor: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(cursor, "base64url").toString())).data;
  } catch {
    return undefined;
  }
}

export const orderCursor = {
  write: ({ createdAt, id }: OrderPosition): string => write([createdAt.toISOString(), id]),
  read(cursor: string): OrderPosition | undefined {
    const position = read(orderPosition, cursor);
    return position && { createdAt: new Date(position[0]), id: position[1] };
  },
};

export const itemCursor = {
  write: ({ index }: ItemPosition): string => write([index]),
  read(cursor: string): ItemPosition | undefined {
    const position = read(itemPosition, cursor);
    return position && { index: position[0] };
  },
};

export const productCursor = {
  write: ({ index, id }: ProductPosition): string => write([index, id]),
  read(cursor: string): ProductPosition | undefined {
    const position = read(productPosition, cursor);
    return position && { index: position[0], id: position[1] };
  },
};

/** Of the sequence that the next page begins with. */
export const deadLetterCursor = {
  write: (sequence: number): string => write(["dead-letter", sequence]),
  read: (cursor: string): number | undefined => read(deadLetterPosition, cursor)?.[1],
};

/**
 * The page of `limit` rows out of up to `limit + 1` that were read, and the cursor of the next page when the extra row
 * shows that there is one.
 */
export function pageOfRows<Row>(
  rows: readonly Row[],
  limit: number,
  writeCursor: (last: Row) => string,
): { rows: readonly Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last !== undefined ? writeCursor(last) : null };
}
