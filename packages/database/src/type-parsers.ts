import pg from "pg";

/** Reads an int8 (a seed, a count) as a number; one that a number cannot hold exactly is an error, not a rounding. */
function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${text} in the database is beyond what a number holds exactly`);
  }
  return value;
}

/** pg's own parsers, but int8 as a number. Belongs to one pool, so that other users of pg in the process keep theirs. */
export function createTypeParsers(): pg.CustomTypesConfig {
  const { builtins } = pg.types;
  return {
    getTypeParser(oid, format) {
      return oid === builtins.INT8 && format !== "binary" ? readInt8 : pg.types.getTypeParser(oid, format);
    },
  };
}
