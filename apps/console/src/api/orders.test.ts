import { QueryClient } from "@tanstack/react-query";
import type { Product } from "@tirage/client";
import { expect, test } from "vitest";
import { keepProducts, productsQuery } from "./orders.ts";
import { queryClient } from "./query-client.ts";

const product = (index: number) => ({ id: `p-${index}`, index }) as Product;
const indexesOf = (products: readonly Product[] | undefined) => products?.map(({ index }) => index);

test("keepProducts: told while the first reading is under way, both what is told and what is read", async () => {
  const cache = new QueryClient();
  const answer = Promise.withResolvers<Product[]>();
  const query = { ...productsQuery("o-1", 200), queryFn: () => answer.promise };
  const reading = cache.fetchQuery(query);

  keepProducts(cache, "o-1", [product(7)]);
  const before = indexesOf(cache.getQueryData(query.queryKey));
  answer.resolve([product(0), product(1)]);
  await reading;

  expect(before).toEqual([7]);
  expect(indexesOf(cache.getQueryData(query.queryKey))).toEqual([0, 1, 7]);
  cache.clear();
});

test("productsQuery: more of them are asked for, those that are known are there at once and read anew", async () => {
  queryClient.setQueryData(productsQuery("o-2", 200).queryKey, [product(0), product(1)]);
  const more = productsQuery("o-2", 400);

  const reading = queryClient.fetchQuery({ ...more, queryFn: async () => [product(2)] });
  const before = indexesOf(queryClient.getQueryData(more.queryKey));
  await reading;

  expect(before).toEqual([0, 1]);
  expect(indexesOf(queryClient.getQueryData(more.queryKey))).toEqual([0, 1, 2]);
  queryClient.clear();
});
