import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** The catalogue; it changes with the API's version only. */
export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => client.models.list({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
