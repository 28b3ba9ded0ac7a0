import type { Order } from "@tirage/client";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { formatCount } from "../../components/format.ts";

/** Says what is lost before it is. */
export function DeleteDialog({
  order,
  onConfirm,
  onClose,
}: {
  order: Order;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { produced } = order.progress.products;
  return (
    <Dialog title="Delete this order?" onClose={onClose}>
      <p className="text-sm">
        The order {produced > 0 && <strong>and its {formatCount(produced, "image")} </strong>}
        will be removed for good. This cannot be undone, and what was paid stays paid.
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button
          kind="danger"
          icon="trash"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          Delete the order
        </Button>
      </div>
    </Dialog>
  );
}
