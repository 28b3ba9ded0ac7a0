/** From the form to the order request, or to what is wrong at which place. Pure. */
import type { Model } from "@tirage/client";
import { describeFault, type OrderRequestInput, orderRequest, type Plan, planOrder } from "@tirage/contracts";
import { type Amount, mostGenerations, readWhole } from "./amount.ts";
import type { FormState } from "./form-state.ts";
import { toInstant } from "./local-time.ts";
import { readParameter } from "./parameter-value.ts";

/** What is wrong, by JSON pointer into the request. */
export type Faults = Readonly<Record<string, string>>;

/** Of a model that is not in the catalogue; the API takes the same. */
export const defaultMaximumBatchSize = 4;

export interface BuiltRequest {
  readonly request: OrderRequestInput;
  /** Empty when the request may be sent. */
  readonly faults: Faults;
  /** Undefined while the numbers make no plan. */
  readonly plan: Plan | undefined;
}

/** The model is undefined when the catalogue does not know it. */
export function buildRequest(form: FormState, model: Model | undefined): BuiltRequest {
  const faults: Record<string, string> = {};
  const maximumBatchSize = model?.maximumBatchSize ?? defaultMaximumBatchSize;
  const request: OrderRequestInput = {
    provider: form.provider,
    model: form.model.trim(),
    ...(form.provider === "replicate" && form.modelVersion.trim() && { modelVersion: form.modelVersion.trim() }),
    prompt: form.prompt.trim(),
    ...amountFields(form, maximumBatchSize),
    ...parameterFields(form, model, faults),
    ...(form.shortfall !== "accept" && { shortfall: form.shortfall }),
    ...(form.priority !== "standard" && { priority: form.priority }),
    ...(form.seed.trim() && { seed: Number(form.seed) }),
    ...(form.startAt && { startAt: toInstant(form.startAt) }),
    ...(form.expiresAt && { expiresAt: toInstant(form.expiresAt) }),
    ...metadataFields(form, faults),
  };
  for (const issue of orderRequest.safeParse(request).error?.issues ?? []) {
    // Numbers that say nothing were left out above, and are told below at the field that is wrong.
    if (issue.path[0] === "generations") continue;
    const isEmptyPrompt = issue.path[0] === "prompt" && request.prompt === "";
    faults[pointerOf(issue.path)] ??= isEmptyPrompt ? "say what the images should show" : describeFault(issue, request);
  }
  Object.assign(faults, faultsOfAmount(form.amount));
  if (model?.requiresVersion && !form.modelVersion.trim()) {
    faults["/modelVersion"] = "this model runs by version only: its 64 hexadecimal digits, from the model's page";
  }
  return { request, faults, plan: planOf(request, maximumBatchSize) };
}

/** As generations × batch size where that is all there is to say, else as a number of images. */
function amountFields({ amount, remainder }: FormState, maximumBatchSize: number) {
  const generations = readWhole(amount.generations);
  const batchSize = readWhole(amount.batchSize);
  const quantity = readWhole(amount.images);
  if (generations === undefined || batchSize === undefined || quantity === undefined) return {};
  if (generations * batchSize === quantity && batchSize <= maximumBatchSize) return { generations, batchSize };
  // The form says itself that a batch is too large; the quote's words for it would come beside that.
  return { quantity, batchSize: Math.min(batchSize, maximumBatchSize), ...(remainder !== "exact" && { remainder }) };
}

/** What the numbers alone say wrong; the schema would name fields that the form has not. */
function faultsOfAmount(amount: Amount): Faults {
  const faults: Record<string, string> = {};
  const generations = readWhole(amount.generations);
  if (generations === undefined) faults["/generations"] = `must be a whole number from 1 to ${mostGenerations}`;
  if (readWhole(amount.batchSize) === undefined) faults["/batchSize"] = "must be a whole number from 1";
  if (readWhole(amount.images) === undefined) faults["/quantity"] = "must be a whole number from 1";
  if (generations !== undefined && generations > mostGenerations) {
    const place = amount.decidedBy === "generations" ? "/generations" : "/quantity";
    const detail = place === "/quantity" ? `would take ${generations} generations, and` : "";
    faults[place] = `${detail} this form orders at most ${mostGenerations} generations; the API takes more`.trim();
  }
  return faults;
}

function parameterFields(form: FormState, model: Model | undefined, faults: Record<string, string>) {
  const parameters: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(form.parameters)) {
    const rule = model?.parameters[name];
    // Left over from another model, or left at the default.
    if (text === "" || (model && !rule)) continue;
    const read = readParameter(rule, text);
    if ("fault" in read) faults[pointerOf(["parameters", name])] = read.fault;
    else parameters[name] = read.value;
  }
  return Object.keys(parameters).length > 0 ? { parameters: parameters as OrderRequestInput["parameters"] } : {};
}

function metadataFields({ metadata }: FormState, faults: Record<string, string>) {
  const entries = metadata.filter(({ key, value }) => key !== "" || value !== "");
  const keys = entries.map(({ key }) => key);
  if (keys.includes("")) faults["/metadata"] = "every value needs a key";
  if (new Set(keys).size < keys.length) faults["/metadata"] = "a key can be there only once";
  return entries.length > 0 ? { metadata: Object.fromEntries(entries.map(({ key, value }) => [key, value])) } : {};
}

function planOf(request: OrderRequestInput, maximumBatchSize: number): Plan | undefined {
  const { generations, quantity, batchSize, remainder = "exact" } = request;
  if (generations !== undefined && batchSize !== undefined) {
    return planOrder({ generations, batchSize }, { maximumBatchSize });
  }
  return quantity === undefined ? undefined : planOrder({ quantity, batchSize, remainder }, { maximumBatchSize });
}

/** The JSON pointer of a path. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
