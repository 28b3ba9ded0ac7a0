import type { Parameters } from "@tirage/contracts";
import type { ParameterRule } from "./catalogue-model.ts";
import { findModel } from "./model-catalogue.ts";

/** What is wrong with one parameter of an order. `pointer` is a JSON pointer into the order. */
export interface ParameterProblem {
  readonly pointer: string;
  readonly detail: string;
}

const batchAdvice = "is set by the plan; use batchSize with generations or quantity";

/** Input fields that the order itself decides, on any model: what is given here would be overwritten or break the count. */
const reservedParameters: Readonly<Record<string, string>> = {
  prompt: "is set by the order; use prompt",
  seed: "is set per generation and recorded; use seed of the order",
  num_images: batchAdvice,
  num_outputs: batchAdvice,
  sync_mode: "is not available: outputs are fetched from the provider and stored; leave it out",
};

/** Edges that fal's image sizes allow. */
const maximumEdgePixels = 14_142;

/**
 * Everything wrong with an order's parameters. Names and values are checked for catalogued models, since providers
 * silently ignore a misspelt name; for any other model only the reserved names are refused.
 */
export function checkParameters(provider: string, model: string, parameters: Parameters): ParameterProblem[] {
  const rules = findModel(provider, model)?.parameters;
  return Object.entries(parameters).flatMap(([name, value]) => {
    const detail = reservedProblem(name) ?? (rules && ruleProblem(rules, name, value, model));
    return detail === undefined ? [] : [{ pointer: `/parameters/${escapePointer(name)}`, detail }];
  });
}

function reservedProblem(name: string): string | undefined {
  return Object.hasOwn(reservedParameters, name) ? `${name} ${reservedParameters[name]}` : undefined;
}

function ruleProblem(
  rules: Readonly<Record<string, ParameterRule>>,
  name: string,
  value: unknown,
  model: string,
): string | undefined {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (!rule) return `${model} has no parameter ${name}; it has ${Object.keys(rules).join(", ")}`;
  const wanted = valueProblem(rule, value);
  return wanted === undefined ? undefined : `${name} must be ${wanted}`;
}

/** What the value must be, when it is not. */
function valueProblem(rule: ParameterRule, value: unknown): string | undefined {
  if (rule.alternative === "size" && typeof value === "object" && value !== null) return sizeProblem(value);
  if (rule.options) return isOption(rule.options, value) ? undefined : `one of ${listOptions(rule)}`;
  if (!isOfType(rule.type, value)) return articleOf(rule.type);
  if (typeof value !== "number") return undefined;
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = rule;
  return value < minimum || value > maximum ? describeRange(rule) : undefined;
}

function sizeProblem(value: object): string | undefined {
  const { width, height, ...others } = value as { width?: unknown; height?: unknown };
  const fits = isEdge(width) && isEdge(height) && Object.keys(others).length === 0;
  return fits ? undefined : `a preset or {"width", "height"} with whole numbers from 1 to ${maximumEdgePixels}`;
}

function isEdge(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maximumEdgePixels;
}

function isOption(options: readonly (string | number)[], value: unknown): boolean {
  return (typeof value === "string" || typeof value === "number") && options.includes(value);
}

function isOfType(type: ParameterRule["type"], value: unknown): boolean {
  switch (type) {
    case "any":
      return true;
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function articleOf(type: ParameterRule["type"]): string {
  if (type === "integer") return "a whole number";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function listOptions({ options = [], alternative }: ParameterRule): string {
  const names = options.map((option) => JSON.stringify(option)).join(", ");
  return alternative === "size" ? `${names}, or {"width", "height"}` : names;
}

function describeRange({ minimum, maximum }: ParameterRule): string {
  if (maximum === undefined) return `at least ${minimum}`;
  return minimum === undefined ? `at most ${maximum}` : `from ${minimum} to ${maximum}`;
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
