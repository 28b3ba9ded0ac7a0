import { QueryClient } from "@tanstack/react-query";
import type { GalleryProduct, Order, Page } from "@tirage/client";
import { expect, test } from "vitest";
import { dropOrder, leaveOutDeleted } from "./deleted-orders.ts";

const order = (id: string) => ({ id }) as Order;
const image = (id: string, orderId: string) => ({ id, orderId }) as GalleryProduct;
const page = <Entry>(...data: Entry[]): Page<Entry> => ({ data, nextCursor: "next" });
const pages = <Entry>(...pages: Page<Entry>[]) => ({ pages, pageParams: [] });

test("dropOrder: gone from every list, which is read again when nothing of it is left; what comes late does not bring it back", () => {
  const cache = new QueryClient();
  cache.setQueryData(["orders", "", ""], pages(page(order("a"), order("b")), page(order("c"))));
  cache.setQueryData(["orders", "failed", ""], pages(page(order("b"))));
  cache.setQueryData(["gallery", {}], pages(page(image("1", "a"), image("2", "b"))));
  cache.setQueryData(["product", "1"], image("1", "a"));
  cache.setQueryData(["product", "2"], image("2", "b"));

  dropOrder(cache, "b");

  expect(cache.getQueryData(["orders", "", ""])).toEqual(pages(page(order("a")), page(order("c"))));
  expect(cache.getQueryData(["gallery", {}])).toEqual(pages(page(image("1", "a"))));
  expect(cache.getQueryData(["product", "1"])).toEqual(image("1", "a"));
  expect(cache.getQueryData(["product", "2"])).toBe(undefined);
  expect(cache.getQueryState(["orders", "failed", ""])?.isInvalidated).toBe(true);
  expect(cache.getQueryState(["orders", "", ""])?.isInvalidated).toBe(false);
  expect(leaveOutDeleted(page(order("b"), order("d")))).toEqual(page(order("d")));
});
