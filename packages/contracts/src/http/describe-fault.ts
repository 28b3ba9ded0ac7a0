/** What a schema finds wrong, in sentences that say what to do; the same in the browser as from the API. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

const kindInWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  date: "a time",
  null: "null",
};

const inWords = (kind: string): string => kindInWords[kind] ?? kind;

/** Of a schema's own checks; whatever a schema says in words of its own stays as it is. */
const isRaw = (message: string): boolean => /^(Invalid|Too (big|small)|Unrecognized)/.test(message);

/** One issue that a schema raised for `input`, the whole that was parsed. Follows the name of its place: "must be …". */
export function describeFault(issue: Issue, input: unknown): string {
  if (!isRaw(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return describeType(issue, valueAt(input, issue.path));
    case "too_small":
      return describeBound(issue.origin, Number(issue.minimum), {
        isLeast: true,
        isInclusive: issue.inclusive ?? true,
      });
    case "too_big":
      return describeBound(issue.origin, Number(issue.maximum), {
        isLeast: false,
        isInclusive: issue.inclusive ?? true,
      });
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return describeFormat(issue.format);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_key":
      return "has a name that is not allowed: names must not be empty or too long";
    case "unrecognized_keys":
      return `has fields that are not known: ${issue.keys.join(", ")}`;
    default:
      return "does not have a form that is accepted";
  }
}

function describeType({ expected }: Issue & { readonly code: "invalid_type" }, value: unknown): string {
  if (value === undefined) return `is missing: send ${inWords(expected)}`;
  if (typeof value === "number" && (expected === "int" || expected === "number")) {
    return Number.isFinite(value) ? "must be a whole number, within what is exact" : "must be a number";
  }
  return `must be ${inWords(expected)}, not ${nameOf(value)}`;
}

function describeBound(
  origin: string,
  bound: number,
  { isLeast, isInclusive }: { readonly isLeast: boolean; readonly isInclusive: boolean },
): string {
  const limit = `at ${isLeast ? "least" : "most"} ${bound.toLocaleString("en-US")}`;
  if (origin === "string") return isLeast && bound === 1 ? "must not be empty" : `must have ${limit} characters`;
  if (origin === "array" || origin === "set") return `must have ${limit} ${bound === 1 ? "entry" : "entries"}`;
  if (isInclusive) return `must be ${limit}`;
  return `must be ${isLeast ? "more" : "less"} than ${bound.toLocaleString("en-US")}`;
}

function describeFormat(format: string): string {
  if (format === "datetime") return "must be a time with its zone, such as 2026-01-05T09:00:00Z";
  if (format === "uuid" || format === "guid") return "must be a UUID";
  return "does not have the form that is asked for";
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return inWords(typeof value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
