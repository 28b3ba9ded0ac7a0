import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Order, Product } from "@tirage/client";
import { productQuery } from "../../api/gallery.ts";
import { buttonClass } from "../../components/button.tsx";
import { Lightbox } from "../../components/lightbox.tsx";

/** The image of the order that the address names, also one that is not shown yet of a large order. */
export function OrderLightbox({ order, id, products }: { order: Order; id: string; products: readonly Product[] }) {
  const navigate = useNavigate({ from: "/orders/$id" });
  const at = products.findIndex((product) => product.id === id);
  const { data } = useQuery({ ...productQuery(id), enabled: at < 0 });
  const product = products[at] ?? data;
  const show = (shown: string | undefined) =>
    void navigate({ search: shown ? { product: shown } : {}, replace: true, resetScroll: false });
  if (product?.orderId !== order.id) return null;
  return (
    <Lightbox
      product={{ ...product, prompt: order.prompt }}
      neighbours={
        at < 0
          ? { position: `Image ${product.index + 1}` }
          : { previous: products[at - 1], next: products[at + 1], position: `Image ${at + 1} of ${products.length}` }
      }
      onShow={show}
      onClose={() => show(undefined)}
    >
      <Link to="/" search={{ from: order.id }} className={buttonClass()}>
        Use these settings
      </Link>
    </Lightbox>
  );
}
