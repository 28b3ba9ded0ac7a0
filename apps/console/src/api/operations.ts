/** What the operations page follows: asked again every few seconds while the page is seen. */
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

const everyMs = 2_000;

export const queuesQuery = queryOptions({
  queryKey: ["queues"],
  queryFn: ({ signal }) => client.queues.list({ signal }),
  refetchInterval: everyMs,
});

export const workersQuery = queryOptions({
  queryKey: ["workers"],
  queryFn: ({ signal }) => client.workers.list({ signal }),
  refetchInterval: everyMs,
});
