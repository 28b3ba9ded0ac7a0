/** `Cancel-After`: a deadline as the time that an order may take, in the form that Replicate gave the header. */
import type { OrderRequest } from "@tirage/contracts";
import type { Fault } from "./fault.ts";

/** Shorter ones would only buy calls that nobody gets an image from. */
const minimumSeconds = 5;
const pointer = "/headers/cancel-after";
const bareSeconds = /^(\d{1,6})$/;
const hoursMinutesSeconds = /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds of `90`, `90s`, `5m` or `1h30m45s`; undefined for what is none of these, or less than 5 seconds. */
export function readLifetimeMs(text: string): number | undefined {
  const [, bare] = bareSeconds.exec(text) ?? [];
  const [, hours, minutes, seconds] = hoursMinutesSeconds.exec(text) ?? [];
  const total = Number(bare ?? 0) + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return total < minimumSeconds ? undefined : total * 1_000;
}

/** The request with the deadline that its lifetime comes to, and what is wrong with that. */
export function limitLifetime(
  request: OrderRequest,
  lifetimeMs: number,
  createdAt: Date,
): { readonly request: OrderRequest; readonly faults: readonly Fault[] } {
  const { startAt, expiresAt } = request;
  if (expiresAt !== undefined) {
    return { request, faults: [{ pointer, detail: "give either Cancel-After or expiresAt, not both" }] };
  }
  const endsAt = new Date(createdAt.getTime() + lifetimeMs);
  const startsTooLate = startAt !== undefined && Date.parse(startAt) >= endsAt.getTime();
  return {
    request: { ...request, expiresAt: endsAt.toISOString() },
    faults: startsTooLate ? [{ pointer, detail: "would be over before startAt" }] : [],
  };
}
