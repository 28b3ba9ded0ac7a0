import { queryOptions, useQuery } from "@tanstack/react-query";
import { isSandboxed } from "@tirage/contracts";
import { client } from "./client.ts";

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => client.health({ signal }),
  refetchInterval: 5_000,
});

/** Whether the provider's calls are known to be of the sandbox, and to have been since an instant. */
export const useIsSandboxed = (provider: string, since?: string): boolean =>
  useQuery({ ...healthQuery, refetchInterval: false, select: (health) => isSandboxed(health, provider, since) }).data ??
  false;
