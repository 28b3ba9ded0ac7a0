/** What the query strings of lists have in common. */
import { z } from "zod";
import { validationError } from "../errors.ts";

export const cursor = z.string().max(200).optional().describe("`nextCursor` of the page before.");

/** The position that a cursor names; none when there is no cursor. */
export function positionOf<Position>(text: string | undefined, read: (cursor: string) => Position | undefined) {
  if (text === undefined) return undefined;
  const position = read(text);
  if (position === undefined) {
    throw validationError([
      { pointer: "/query/cursor", detail: "is none of ours; send nextCursor of the page before" },
    ]);
  }
  return position;
}

export const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
