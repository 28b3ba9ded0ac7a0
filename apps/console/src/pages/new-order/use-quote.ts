import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { OrderRequestInput } from "@tirage/contracts";
import { useEffect, useState } from "react";
import { client } from "../../api/client.ts";

/** Typing is over when nothing was typed for this long. */
const quietMs = 300;

/** What the order would cost and take, by the API; asked when the form rests. Undefined: there is nothing to ask. */
export function useQuote(request: OrderRequestInput | undefined) {
  const asked = useRested(request && JSON.stringify({ ...request, prompt: "quote", metadata: {} }));
  const quote = useQuery({
    queryKey: ["quote", asked],
    queryFn: ({ signal }) => client.quotes.create(JSON.parse(asked ?? "") as OrderRequestInput, { signal }),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
  });
  return { quote: asked === undefined ? undefined : quote.data, isFailed: quote.isError };
}

function useRested(value: string | undefined): string | undefined {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), quietMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
