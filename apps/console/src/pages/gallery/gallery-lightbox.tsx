import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { GalleryProduct } from "@tirage/client";
import { useEffect } from "react";
import { productQuery } from "../../api/gallery.ts";
import { Button, buttonClass } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { sentenceOf } from "../../components/error-state.tsx";
import { Lightbox } from "../../components/lightbox.tsx";

/** The image that the address names, also one that the list does not hold. */
export function GalleryLightbox({
  id,
  products,
  onEnd,
}: {
  id: string;
  products: readonly GalleryProduct[];
  /** Brings what comes after the last of them; undefined when nothing does. */
  onEnd: (() => void) | undefined;
}) {
  const navigate = useNavigate({ from: "/gallery" });
  const at = products.findIndex((product) => product.id === id);
  const { data, error } = useQuery({ ...productQuery(id), enabled: at < 0 });
  const product = products[at] ?? data;
  const isLast = at >= 0 && at === products.length - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each last image, however often it is drawn
  useEffect(() => {
    if (isLast) onEnd?.();
  }, [isLast]);
  const show = (product: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, product }), replace: true, resetScroll: false });
  if (error && !product) {
    return (
      <Dialog title="This image cannot be shown" onClose={() => show(undefined)}>
        <p className="text-sm">{sentenceOf(error)}</p>
        <Button className="mt-4" onClick={() => show(undefined)}>
          Back to the gallery
        </Button>
      </Dialog>
    );
  }
  if (!product) return null;
  return (
    <Lightbox
      product={product}
      neighbours={
        at < 0
          ? {}
          : {
              previous: products[at - 1],
              next: products[at + 1],
              position: `Image ${at + 1} of ${products.length}${onEnd ? " so far" : ""}`,
            }
      }
      onShow={show}
      onClose={() => show(undefined)}
    >
      <Link to="/" search={{ from: product.orderId }} className={buttonClass()}>
        Use these settings
      </Link>
      <Link to="/orders/$id" params={{ id: product.orderId }} className={buttonClass({ kind: "quiet" })}>
        Its order
      </Link>
    </Lightbox>
  );
}
