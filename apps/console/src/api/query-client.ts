import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { noteError } from "./access-key.ts";
import { onReachableAgain } from "./reachability.ts";

const freshForMs = 5_000;

/** What the API answered, kept for all pages. The client has tried again already: a failure is final here. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteError }),
  mutationCache: new MutationCache({ onError: noteError }),
  defaultOptions: {
    // Being offline is told by the calls themselves: an API on this machine needs no network.
    queries: { retry: false, staleTime: freshForMs, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

onReachableAgain(() => void queryClient.invalidateQueries());
