import type { Order } from "@tirage/client";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { formatCount } from "../../components/format.ts";

/** Says what cancelling does to what waits and to what runs, before it is done. */
export function CancelDialog({
  order,
  onConfirm,
  onClose,
}: {
  order: Order;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { items, products } = order.progress;
  return (
    <Dialog title="Cancel this order?" onClose={onClose}>
      <ul className="list-disc space-y-2 pl-5 text-sm">
        {items.pending > 0 && (
          <li>
            <strong>{formatCount(items.pending, "generation")} queued</strong>: stopped at once, and free.
          </li>
        )}
        {items.processing > 0 && (
          <li>
            <strong>{formatCount(items.processing, "generation")} running</strong>: the provider is asked to stop. What
            it has begun may be charged all the same; images that arrive are kept.
          </li>
        )}
        <li>
          <strong>{formatCount(products.produced, "image")}</strong> so far: kept.
        </li>
      </ul>
      <p className="mt-3 text-sm text-ink-soft">Each generation then says what became of it.</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Keep it running</Button>
        <Button
          kind="danger"
          icon="ban"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          Cancel the order
        </Button>
      </div>
    </Dialog>
  );
}
