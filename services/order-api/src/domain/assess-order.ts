/** What an order request comes to: its plan, or everything that is wrong with it. */
import {
  type BatchLimits,
  maximumOutputsPerCall,
  type OrderRequest,
  orderLimits,
  orderRequest,
  type Plan,
  type ProblemType,
  planOrder,
  unbilledProvider,
} from "@tirage/contracts";
import { checkParameters, findModel, limitsOf, modelNameProblem, versionProblem } from "@tirage/model-catalog";
import { z } from "zod";
import { type Fault, pointerOf } from "./fault.ts";

export type Assessment =
  | { readonly kind: "plan"; readonly plan: Plan; readonly warnings: readonly string[] }
  /** `validation` when anything in the request itself is wrong, else `model`. */
  | { readonly kind: "refused"; readonly type: ProblemType & ("validation" | "model"); readonly faults: Fault[] };

/** What a request is assessed by, beside the model catalogue. */
export interface Circumstances {
  /** Enabled ones. */
  readonly providers: readonly string[];
  readonly now: Date;
}

export function assessOrder(request: OrderRequest, circumstances: Circumstances): Assessment {
  const { faults, modelFaults } = findFaults(request, circumstances);
  if (faults.length > 0) return { kind: "refused", type: "validation", faults: [...faults, ...modelFaults] };
  if (modelFaults.length > 0) return { kind: "refused", type: "model", faults: modelFaults };
  const limits = batchLimitsOf(request);
  return { kind: "plan", plan: planOf(request, limits), warnings: warningsOf(request, limits) };
}

const { provider, model, modelVersion, parameters, generations, quantity, batchSize, remainder, expiresAt } =
  orderRequest.shape;
/** What assessing looks at, each part left out where it is not as it should be. */
const orderParts = z.object({
  provider,
  model,
  modelVersion: modelVersion.catch(undefined),
  parameters: parameters.catch({}),
  generations: generations.catch(undefined),
  quantity: quantity.catch(undefined),
  batchSize: batchSize.catch(undefined),
  remainder: remainder.catch("exact"),
  expiresAt: expiresAt.catch(undefined),
});
type OrderParts = z.infer<typeof orderParts>;

/** What else is wrong with a request that its schema refuses, as far as its provider and model can be read. */
export function assessRefused(body: unknown, circumstances: Circumstances): Fault[] {
  const parts = orderParts.safeParse(body);
  if (!parts.success) return [];
  const { faults, modelFaults } = findFaults(parts.data, circumstances);
  return [...faults, ...modelFaults];
}

function findFaults(parts: OrderParts, { providers, now }: Circumstances): { faults: Fault[]; modelFaults: Fault[] } {
  const modelFaults = faultsOfModel(parts, providers);
  const faults = [...faultsOfDeadline(parts, now), ...faultsOfSize(parts)];
  // The limits of a model that cannot be ordered would only mislead.
  if (modelFaults.length === 0) faults.push(...faultsOfRequest(parts, batchLimitsOf(parts)));
  return { faults, modelFaults };
}

function faultsOfDeadline({ expiresAt }: OrderParts, now: Date): Fault[] {
  if (expiresAt === undefined || Date.parse(expiresAt) > now.getTime()) return [];
  return [{ pointer: "/expiresAt", detail: "must be in the future" }];
}

/** The `null` provider runs no model, so it takes whatever a generation can hold. */
function batchLimitsOf({ provider, model }: OrderParts): BatchLimits {
  return provider === unbilledProvider ? { maximumBatchSize: maximumOutputsPerCall } : limitsOf(provider, model);
}

function faultsOfModel({ provider, model, modelVersion }: OrderParts, providers: readonly string[]): Fault[] {
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

function faultsOfRequest(parts: OrderParts, limits: BatchLimits): Fault[] {
  const { provider, model, parameters, generations } = parts;
  const faults: Fault[] = [];
  if (provider !== unbilledProvider) faults.push(...checkParameters(provider, model, parameters));
  const planned = planOf(parts, limits).generations;
  if (planned > orderLimits.generations) {
    const detail = `would take ${planned} calls of the model, and one order makes at most ${orderLimits.generations}`;
    faults.push({ pointer: generations === undefined ? "/quantity" : "/generations", detail });
  }
  return faults;
}

/** What can be said without knowing the model. */
function faultsOfSize({ parameters }: OrderParts): Fault[] {
  const faults: Fault[] = [];
  if (Buffer.byteLength(JSON.stringify(parameters)) > orderLimits.parametersBytes) {
    const detail = `must not be larger than ${orderLimits.parametersBytes / 1024} KiB as JSON`;
    faults.push({ pointer: pointerOf(["parameters"]), detail });
  }
  return faults;
}

function planOf({ generations, quantity, batchSize, remainder }: OrderParts, limits: BatchLimits): Plan {
  if (generations !== undefined) return planOrder({ generations, batchSize: batchSize ?? 1 }, limits);
  return planOrder({ quantity: quantity ?? 1, batchSize, remainder }, limits);
}

function warningsOf(request: OrderRequest, limits: BatchLimits): string[] {
  const { provider, model, batchSize } = request;
  const warnings: string[] = [];
  if (batchSize !== undefined && batchSize > limits.maximumBatchSize) {
    const { generations } = planOf(request, limits);
    const calls =
      request.generations === undefined ? "" : `, which takes ${generations} calls for ${request.generations}`;
    warnings.push(
      `${model} makes at most ${limits.maximumBatchSize} outputs a call: the batch size was lowered to that${calls}`,
    );
  }
  if (provider !== unbilledProvider && findModel(provider, model) === undefined) {
    warnings.push(`${model} is not in the catalogue: its parameters cannot be checked and its price is unknown`);
  }
  return warnings;
}
