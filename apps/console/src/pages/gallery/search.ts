import { itemStatuses, type OrderStatus } from "@tirage/contracts";

/** Which images are shown, and which of them large, as the page's address holds it. */
export interface GallerySearch {
  /** Of the image's order. */
  status?: OrderStatus;
  provider?: string;
  model?: string;
  /** Part of the prompt. */
  search?: string;
  /** The id of the image that is shown large. */
  product?: string;
}

/** What filters, without what is shown large. */
export type GalleryFilter = Omit<GallerySearch, "product">;

const isStatus = (value: unknown): value is OrderStatus => itemStatuses.some((status) => status === value);
const readText = (value: unknown, characters: number): string | undefined =>
  typeof value === "string" && value !== "" ? value.slice(0, characters) : undefined;

/** What is none of ours is left out, so that an old address still shows images. */
export function readGallerySearch(search: Record<string, unknown>): GallerySearch {
  const provider = readText(search.provider, 64);
  const model = readText(search.model, 200);
  const text = readText(search.search, 200);
  const product = readText(search.product, 64);
  return {
    ...(isStatus(search.status) && { status: search.status }),
    ...(provider && { provider }),
    ...(model && { model }),
    ...(text && { search: text }),
    ...(product && { product }),
  };
}
