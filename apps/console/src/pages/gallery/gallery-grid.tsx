import { Link } from "@tanstack/react-router";
import type { GalleryProduct } from "@tirage/client";
import { memo } from "react";
import { NearItem } from "../../components/near-item.tsx";
import { Picture } from "../../components/picture.tsx";
import { Skeleton } from "../../components/skeleton.tsx";

const gridClass = "grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5";

/** Tiles of one shape, so that nothing moves while they load; of thousands only those near what is seen are there. */
export function GalleryGrid({ products }: { products: readonly GalleryProduct[] }) {
  return (
    <ul className={gridClass}>
      {products.map((product) => (
        <NearItem key={product.id} className="aspect-square rounded-xl bg-raised">
          <Tile product={product} />
        </NearItem>
      ))}
    </ul>
  );
}

/** Drawn anew for another product only: the page is, for each image that is shown large. */
const Tile = memo(({ product }: { product: GalleryProduct }) => (
  <Link
    from="/gallery"
    to="/gallery"
    search={(before) => ({ ...before, product: product.id })}
    resetScroll={false}
    data-product={product.id}
    className="group relative block overflow-hidden rounded-xl border border-line bg-raised"
  >
    <Picture
      sources={[product.urls.thumbnail]}
      alt={product.prompt}
      width={product.width}
      height={product.height}
      className="aspect-square w-full object-cover transition-transform duration-300 group-hover:scale-105"
    />
  </Link>
));

export function GallerySkeleton() {
  return (
    <div aria-busy="true" className={gridClass}>
      <p className="sr-only">Loading images</p>
      {Array.from({ length: 20 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and never moved
        <Skeleton key={index} className="aspect-square rounded-xl" />
      ))}
    </div>
  );
}
