import type { Product } from "@tirage/client";
import type { ReactNode } from "react";
import { buttonClass, IconButton } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";
import { ProductFacts } from "./product-facts.tsx";
import { useModal } from "./use-modal.ts";

/** An image and what it shows. */
export type ShownProduct = Product & { readonly prompt: string };

/**
 * One image large, over the page, with what is known of it. ← and → go to its neighbours, Escape closes it, and the focus
 * returns to the tile (`data-product`) of the image that was shown last.
 */
export function Lightbox({
  product,
  neighbours: { previous, next, position },
  onShow,
  onClose,
  children,
}: {
  product: ShownProduct;
  neighbours: { previous?: Product | undefined; next?: Product | undefined; position?: string };
  onShow: (id: string) => void;
  onClose: () => void;
  /** More to do with the image. */
  children?: ReactNode;
}) {
  const modal = useModal(onClose, () => document.querySelector(`[data-product="${CSS.escape(product.id)}"]`));
  const show = (other: Product | undefined) => other && onShow(other.id);
  return (
    <dialog
      {...modal}
      aria-label={`Image: ${product.prompt}`}
      onKeyDown={({ key }) => {
        if (key === "ArrowLeft") show(previous);
        if (key === "ArrowRight") show(next);
      }}
      className="m-auto h-dvh max-h-none w-full max-w-none border-line bg-surface p-0 sm:h-[calc(100dvh-3rem)] sm:w-[calc(100%-3rem)] sm:rounded-2xl sm:border"
    >
      <div className="flex h-full flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <div className="relative flex min-h-72 grow items-center justify-center bg-raised p-4 lg:min-h-0 lg:min-w-0">
          <img
            key={product.id}
            src={product.urls.content}
            alt={product.prompt}
            width={product.width}
            height={product.height}
            className="max-h-full max-w-full rounded-lg object-contain"
          />
          {previous && <Step side="left" name="Previous image" onClick={() => show(previous)} />}
          {next && <Step side="right" name="Next image" onClick={() => show(next)} />}
        </div>
        <aside
          aria-label="About this image"
          className="shrink-0 space-y-5 border-line p-5 lg:w-88 lg:overflow-y-auto lg:border-l"
        >
          <div className="flex items-start justify-between gap-2">
            <p aria-live="polite" className="pt-2 text-sm text-ink-soft">
              {position}
            </p>
            <IconButton name="Close" icon="close" onClick={onClose} />
          </div>
          <div>
            <p className="text-xs text-ink-soft">Prompt</p>
            <div className="flex items-start gap-1">
              <p className="max-h-40 min-w-0 overflow-y-auto text-sm">{product.prompt}</p>
              <span className="-my-2">
                <CopyButton text={product.prompt} name="Copy the prompt" what="Prompt" />
              </span>
            </div>
          </div>
          <ProductFacts product={product} />
          <div className="flex flex-wrap gap-2">
            <a href={product.urls.content} download className={buttonClass({ kind: "primary" })}>
              <Icon name="download" />
              Download
            </a>
            {children}
          </div>
        </aside>
      </div>
    </dialog>
  );
}

function Step({ side, name, onClick }: { side: "left" | "right"; name: string; onClick: () => void }) {
  return (
    <IconButton
      name={name}
      icon={side === "left" ? "arrowLeft" : "arrowRight"}
      onClick={onClick}
      className={`absolute top-1/2 -translate-y-1/2 border border-line bg-surface shadow-md ${side === "left" ? "left-3" : "right-3"}`}
    />
  );
}
