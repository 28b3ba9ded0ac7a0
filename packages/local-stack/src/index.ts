export type { ProviderChoice, ProviderPlan, ProviderTarget } from "./plan-providers.ts";
export { StackError } from "./stack-error.ts";
export {
  type LocalStack,
  type LocalStackOptions,
  type ServerUrls,
  type StackService,
  startLocalStack,
} from "./start-local-stack.ts";
export type { Supervised } from "./supervise.ts";
