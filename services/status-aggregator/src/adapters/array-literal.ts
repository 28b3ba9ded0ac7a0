/** A value whose text stands for itself within an array: ids, numbers, instants, hexadecimal, statuses. */
type PlainValue = string | number | boolean | null | undefined;

/**
 * Postgres' text form of an array of plain values. `pg` would quote and escape each element, which is most of what a
 * batch of products costs this process. Never for text from outside: it could hold quotes, commas or braces.
 */
export function plainArray(values: readonly PlainValue[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}
