import type { Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { useEffect, useRef } from "react";
import { announce } from "../../components/announcer.tsx";
import { describeEnd, describeImages } from "./describe-progress.ts";

const quarters = 4;

/** Tells screen readers of each quarter and of the end, while the order runs; not of an order that had ended before. */
export function useAnnouncements(order: Order): void {
  const { requested, produced } = order.progress.products;
  const quarter = Math.floor((produced / requested) * quarters);
  const hasEnded = isTerminal(order.status);
  const told = useRef({ quarter, hasEnded });
  useEffect(() => {
    const before = told.current;
    told.current = { quarter, hasEnded };
    if (hasEnded && !before.hasEnded) announce(describeEnd(order));
    else if (!hasEnded && quarter > before.quarter) announce(describeImages(order));
  }, [quarter, hasEnded, order]);
}
