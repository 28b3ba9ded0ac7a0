/** What an order request comes to: its plan, or everything that is wrong with it. */
import {
  type BatchLimits,
  maximumOutputsPerCall,
  type OrderRequest,
  orderLimits,
  type Plan,
  type ProblemType,
  planOrder,
  unbilledProvider,
} from "@tirage/contracts";
import { checkParameters, findModel, limitsOf, modelNameProblem, versionProblem } from "@tirage/model-catalog";
import { type Fault, pointerOf } from "./fault.ts";

export type Assessment =
  | { readonly kind: "plan"; readonly plan: Plan; readonly warnings: readonly string[] }
  /** `validation` when anything in the request itself is wrong, else `model`. */
  | { readonly kind: "refused"; readonly type: ProblemType & ("validation" | "model"); readonly faults: Fault[] };

/** Assesses one request against the enabled providers and the model catalogue. */
export function assessOrder(request: OrderRequest, providers: readonly string[]): Assessment {
  const modelFaults = faultsOfModel(request, providers);
  const limits = batchLimitsOf(request);
  // The limits of a model that cannot be ordered would only mislead.
  const faults = modelFaults.length === 0 ? faultsOfRequest(request, limits) : faultsOfSize(request);
  if (faults.length > 0) return { kind: "refused", type: "validation", faults: [...faults, ...modelFaults] };
  if (modelFaults.length > 0) return { kind: "refused", type: "model", faults: modelFaults };
  return { kind: "plan", plan: planOf(request, limits), warnings: warningsOf(request, limits) };
}

/** The `null` provider runs no model, so it takes whatever a generation can hold. */
function batchLimitsOf({ provider, model }: OrderRequest): BatchLimits {
  return provider === unbilledProvider ? { maximumBatchSize: maximumOutputsPerCall } : limitsOf(provider, model);
}

function faultsOfModel({ provider, model, modelVersion }: OrderRequest, providers: readonly string[]): Fault[] {
  if (!providers.includes(provider)) {
    const available = providers.join(", ");
    return [{ pointer: "/provider", detail: `${provider} is not available here; send one of: ${available}` }];
  }
  const faults: Fault[] = [];
  const nameProblem = modelNameProblem(provider, model);
  if (nameProblem) faults.push({ pointer: "/model", detail: nameProblem });
  const problem = nameProblem ? undefined : versionProblem(provider, model, modelVersion);
  if (problem) faults.push({ pointer: "/modelVersion", detail: problem });
  return faults;
}

function faultsOfRequest(request: OrderRequest, limits: BatchLimits): Fault[] {
  const { provider, model, parameters, generations, batchSize } = request;
  const faults = faultsOfSize(request);
  if (provider !== unbilledProvider) faults.push(...checkParameters(provider, model, parameters));
  if (generations !== undefined && batchSize !== undefined && batchSize > limits.maximumBatchSize) {
    const detail = `${model} makes at most ${limits.maximumBatchSize} outputs a call`;
    faults.push({ pointer: "/batchSize", detail });
  }
  const planned = planOf(request, limits).generations;
  if (planned > orderLimits.generations) {
    const detail = `would take ${planned} calls of the model, and one order makes at most ${orderLimits.generations}`;
    faults.push({ pointer: "/quantity", detail });
  }
  return faults;
}

/** What can be said without knowing the model. */
function faultsOfSize({ parameters }: OrderRequest): Fault[] {
  const faults: Fault[] = [];
  if (Buffer.byteLength(JSON.stringify(parameters)) > orderLimits.parametersBytes) {
    const detail = `must not be larger than ${orderLimits.parametersBytes / 1024} KiB as JSON`;
    faults.push({ pointer: pointerOf(["parameters"]), detail });
  }
  return faults;
}

function planOf({ generations, quantity, batchSize, remainder }: OrderRequest, limits: BatchLimits): Plan {
  if (generations !== undefined) return planOrder({ generations, batchSize: batchSize ?? 1 }, limits);
  return planOrder({ quantity: quantity ?? 1, batchSize, remainder }, limits);
}

function warningsOf({ provider, model, quantity, batchSize }: OrderRequest, limits: BatchLimits): string[] {
  const warnings: string[] = [];
  if (quantity !== undefined && batchSize !== undefined && batchSize > limits.maximumBatchSize) {
    warnings.push(
      `${model} makes at most ${limits.maximumBatchSize} outputs a call: the batch size was lowered to that`,
    );
  }
  if (provider !== unbilledProvider && findModel(provider, model) === undefined) {
    warnings.push(`${model} is not in the catalogue: its parameters cannot be checked and its price is unknown`);
  }
  return warnings;
}
