import type { Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { useEffect, useState } from "react";
import { Button } from "../../components/button.tsx";
import { showToast } from "../../components/toasts.tsx";
import { describeEnd } from "./describe-progress.ts";

/** Lets the browser tell of the order's end while another page or window is looked at. */
export function NotifyButton({ order }: { order: Order }) {
  const [isWanted, setIsWanted] = useState(false);
  const hasEnded = isTerminal(order.status);
  useEffect(() => {
    if (isWanted && hasEnded && document.hidden)
      new Notification(describeEnd(order), { body: order.prompt, tag: order.id });
  }, [isWanted, hasEnded, order]);
  if (hasEnded || isWanted || !("Notification" in window)) return null;
  const ask = async () => {
    const answer = await Notification.requestPermission();
    setIsWanted(answer === "granted");
    if (answer === "granted") showToast({ tone: "good", message: "You will be notified when it is done" });
    else showToast({ tone: "bad", message: "The browser does not allow notifications here" });
  };
  return (
    <Button kind="quiet" icon="bell" onClick={() => void ask()}>
      Notify me
    </Button>
  );
}
