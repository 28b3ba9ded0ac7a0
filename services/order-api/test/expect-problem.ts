import { problem } from "@tirage/contracts";
import { expect } from "vitest";
import type { InjectedResponse } from "./start-order-api.ts";

/** A problem as every problem must be; answers its pointers. */
export function expectProblem(response: InjectedResponse, status: number, type: string): string[] {
  expect(response.statusCode, response.body).toBe(status);
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
  const body = problem.parse(response.json());
  const requestId = response.headers["x-request-id"];
  expect(body).toMatchObject({ status, type: `/problems/${type}`, instance: requestId, requestId, traceId: null });
  expect(response.body).not.toMatch(/node_modules|\.ts:\d/);
  return (body.errors ?? []).map(({ pointer }) => pointer);
}
