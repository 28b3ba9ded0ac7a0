import type { Model } from "@tirage/client";

export type ParameterRule = Model["parameters"][string];
type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };
type ReadValue = { readonly value: JsonValue } | { readonly fault: string };

/** What was typed for a parameter, as its rule says. A model that is not in the catalogue has no rules. */
export function readParameter(rule: ParameterRule | undefined, text: string): ReadValue {
  switch (rule?.type) {
    case "integer":
    case "number":
      return readNumber(rule, text);
    case "boolean":
      return { value: text === "true" };
    case "string":
      return { value: optionOf(rule, text) };
    case "object":
    case "array":
      return readJson(
        text,
        rule.type === "array" ? 'a list, such as [{"path": "…"}]' : 'an object, such as {"scale": 1}',
      );
    default:
      return { value: optionOf(rule, text) ?? text };
  }
}

/** A number among the options stays one. */
function optionOf(rule: ParameterRule | undefined, text: string): JsonValue {
  const option = rule?.options?.find((candidate) => String(candidate) === text);
  if (option !== undefined) return option;
  if (rule?.type === "string") return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function readNumber(rule: ParameterRule, text: string): ReadValue {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return { fault: "must be a number" };
  if (rule.type === "integer" && !Number.isInteger(value)) return { fault: "must be a whole number" };
  const { minimum, maximum } = rule;
  if ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum)) {
    return { fault: `must be ${rangeOf(rule)}` };
  }
  return { value };
}

function readJson(text: string, wanted: string): ReadValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (typeof value === "object" && value !== null) return { value };
  } catch {
    // Told below.
  }
  return { fault: `must be ${wanted}` };
}

/** "from 1 to 12", "at least 1". */
export function rangeOf({ minimum, maximum }: ParameterRule): string {
  if (minimum === undefined) return `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
}
