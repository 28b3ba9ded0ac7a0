import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => client.health({ signal }),
  refetchInterval: 5_000,
});
