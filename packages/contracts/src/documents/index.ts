/** Documents generated from the contracts. */
export { allMessages } from "../all-messages.ts";
export { asyncApiDocument } from "./asyncapi.ts";
export { flowDocument } from "./flow.ts";
export { flowSteps } from "./flow-steps.ts";
