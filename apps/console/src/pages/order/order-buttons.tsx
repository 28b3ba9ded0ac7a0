import { Link } from "@tanstack/react-router";
import type { Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { useState } from "react";
import { BudgetDialog } from "../../components/budget-dialog.tsx";
import { Button, buttonClass } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import { readBudget, readSavedForm } from "../new-order/saved-form.ts";
import { CancelDialog } from "./cancel-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { NotifyButton } from "./notify-button.tsx";
import type { OrderActions } from "./use-order-actions.ts";

/** What can be done with the order, as it is now. In an order in which none moves when another comes. */
export function OrderButtons({ order, actions }: { order: Order; actions: OrderActions }) {
  const [asked, setAsked] = useState<"cancel" | "cost" | "delete">();
  const close = () => setAsked(undefined);
  const costMicroUsd = order.cost.estimatedMicroUsd ?? 0;
  const budgetMicroUsd = readBudget(readSavedForm().budget);
  const orderAgain = () => void actions.orderAgain();
  const { items, products } = order.progress;
  const hasEnded = isTerminal(order.status);
  return (
    <>
      {hasEnded ? (
        <Button
          key="again"
          kind="primary"
          icon="spark"
          className="min-w-36"
          isBusy={actions.isPlacing}
          onClick={() => (costMicroUsd > budgetMicroUsd ? setAsked("cost") : orderAgain())}
        >
          Order again
        </Button>
      ) : (
        <Button
          key="cancel"
          kind="danger"
          icon="ban"
          className="min-w-36"
          isBusy={actions.isCancelling}
          onClick={() => setAsked("cancel")}
        >
          {actions.isCancelling ? "Cancelling…" : "Cancel"}
        </Button>
      )}
      <Link to="/" search={{ from: order.id }} className={buttonClass()}>
        Tweak
      </Link>
      {products.produced > 0 ? (
        <a href={order.urls.archive} download className={buttonClass()}>
          <Icon name="download" />
          Download all
        </a>
      ) : (
        <Button icon="download" disabled>
          Download all
        </Button>
      )}
      {hasEnded && items.failed + items.cancelled > 0 && (
        <Button icon="repeat" isBusy={actions.isRetrying} onClick={actions.retry}>
          {items.failed > 0 ? `Retry ${items.failed} failed` : `Run ${items.cancelled} cancelled`}
        </Button>
      )}
      {hasEnded && (
        <Button
          kind="quiet"
          icon="trash"
          isBusy={actions.isDeleting}
          disabled={actions.isRetrying}
          onClick={() => setAsked("delete")}
        >
          Delete
        </Button>
      )}
      <NotifyButton order={order} />
      {asked === "cancel" && <CancelDialog order={order} onConfirm={actions.cancel} onClose={close} />}
      {asked === "delete" && <DeleteDialog order={order} onConfirm={actions.remove} onClose={close} />}
      {asked === "cost" && (
        <BudgetDialog
          costMicroUsd={costMicroUsd}
          budgetMicroUsd={budgetMicroUsd}
          onConfirm={orderAgain}
          onClose={close}
        />
      )}
    </>
  );
}
