import type { Input, InputProblem } from "./submission.ts";

/** What one field of an input must look like. A field without a rule is ignored, as most models do. */
export type InputRule =
  | { readonly kind: "text"; readonly field: string }
  | { readonly kind: "integer" | "number"; readonly field: string; readonly min: number; readonly max: number }
  | { readonly kind: "choice"; readonly field: string; readonly choices: readonly string[] };

/** Seeds may be any 64-bit number; Tirage sends 32-bit ones. */
export const seedRule: InputRule = { kind: "integer", field: "seed", min: -(2 ** 63), max: 2 ** 63 };

/** Everything wrong with an input: the prompt is required, every other field only has to be right when present. */
export function checkInput(input: Input, rules: readonly InputRule[]): InputProblem[] {
  const problems: InputProblem[] = [];
  if (input.prompt === undefined || input.prompt === null) problems.push({ kind: "missing", field: "prompt" });
  for (const rule of rules) {
    const value = input[rule.field];
    if (value === undefined || value === null) continue;
    const problem = checkField(rule, value);
    if (problem) problems.push(problem);
  }
  return problems;
}

function checkField(rule: InputRule, value: unknown): InputProblem | undefined {
  const { field } = rule;
  if (rule.kind === "text") return typeof value === "string" ? undefined : { kind: "type", field, expected: "string" };
  if (rule.kind === "choice") {
    const known = typeof value === "string" && rule.choices.includes(value);
    return known ? undefined : { kind: "choice", field, choices: rule.choices };
  }
  const rightType = rule.kind === "integer" ? Number.isInteger(value) : typeof value === "number";
  if (!rightType) return { kind: "type", field, expected: rule.kind };
  if (Number(value) < rule.min) return { kind: "below", field, limit: rule.min };
  if (Number(value) > rule.max) return { kind: "above", field, limit: rule.max };
  return undefined;
}
