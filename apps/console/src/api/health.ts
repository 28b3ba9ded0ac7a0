import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => client.health({ signal }),
  refetchInterval: 5_000,
});

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => client.models.list({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
