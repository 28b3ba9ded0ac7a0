import { Link, useNavigate } from "@tanstack/react-router";
import type { Order, Product } from "@tirage/client";
import { buttonClass } from "../../components/button.tsx";
import { Lightbox } from "../../components/lightbox.tsx";

/** The image of the order that the address names. */
export function OrderLightbox({ order, id, products }: { order: Order; id: string; products: readonly Product[] }) {
  const navigate = useNavigate({ from: "/orders/$id" });
  const at = products.findIndex((product) => product.id === id);
  const product = products[at];
  const show = (shown: string | undefined) =>
    void navigate({ search: shown ? { product: shown } : {}, replace: true, resetScroll: false });
  if (!product) return null;
  return (
    <Lightbox
      product={{ ...product, prompt: order.prompt }}
      neighbours={{
        previous: products[at - 1],
        next: products[at + 1],
        position: `Image ${at + 1} of ${products.length}`,
      }}
      onShow={show}
      onClose={() => show(undefined)}
    >
      <Link to="/" search={{ from: order.id }} className={buttonClass()}>
        Use these settings
      </Link>
    </Lightbox>
  );
}
