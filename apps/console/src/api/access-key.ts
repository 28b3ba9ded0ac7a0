/**
 * The API key, where the installation asks for one: exchanged for a cookie that no script can read, and that calls, images
 * and downloads carry alike. Scripts know only that there is one.
 */
import { TirageConnectionError, TirageProblem } from "@tirage/client";
import { createStore } from "../components/create-store.ts";
import { noteFailure } from "./reachability.ts";

const storageKey = "tirage.has-key";
const answerWithinMs = 10_000;

/** Whether a call was refused for want of a key that is known. */
export const isKeyWanted = createStore(false);

/** Takes an error of any call or stream. */
export function noteError(error: unknown): void {
  noteFailure(error);
  if (error instanceof TirageProblem && error.status === 401) isKeyWanted.set(true);
}

export function hasKey(): boolean {
  try {
    return storageKey in localStorage;
  } catch {
    return false;
  }
}

/** False: the installation does not know the key. */
export async function keepKey(key: string): Promise<boolean> {
  // Nothing else can be sent in a header, as every client must.
  if (!/^[!-~]+$/.test(key)) return false;
  const isKnown = await callSession({ method: "POST", headers: { authorization: `Bearer ${key}` } });
  if (isKnown) noteKey(() => localStorage.setItem(storageKey, ""));
  return isKnown;
}

/** What is shown goes with it. */
export async function forgetKey(): Promise<void> {
  await callSession({ method: "DELETE" });
  noteKey(() => localStorage.removeItem(storageKey));
  location.reload();
}

async function callSession(request: RequestInit): Promise<boolean> {
  const response = await fetch("/v1/session", { ...request, signal: AbortSignal.timeout(answerWithinMs) }).catch(
    (cause: unknown) => {
      throw new TirageConnectionError(String(cause), { cause });
    },
  );
  if (!response.ok && response.status !== 401) throw new Error(`The API answered ${response.status}; try again.`);
  return response.ok;
}

function noteKey(note: () => void): void {
  try {
    note();
  } catch {
    // No storage: the key cannot be forgotten before its cookie ends.
  }
}
