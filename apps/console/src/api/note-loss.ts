import { client } from "./client.ts";
import { noteFailure } from "./reachability.ts";

const answerWithinMs = 3_000;

/** A stream of events was lost, which may be its own matter: whether the API is away is what a call of its own tells. */
export const noteLoss = (): void => void client.service.ready({ timeoutMs: answerWithinMs }).catch(noteFailure);
