import { useQuery } from "@tanstack/react-query";
import type { Model, Product } from "@tirage/client";
import type { ReactNode } from "react";
import { modelsQuery } from "../api/models.ts";
import { classNames } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";
import { formatBytes, formatDuration, formatMoney } from "./format.ts";
import { RelativeTime } from "./relative-time.tsx";

/** What is known of an image: what made it, how long that took, what it cost. */
export function ProductFacts({ product }: { product: Product }) {
  const { data: models } = useQuery(modelsQuery);
  const { seed, model, provider, durationMs, providerRequestId, width, height, bytes, workerId, createdAt } = product;
  const price = priceOf(product, models);
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 text-sm">
      <Fact name="Seed" copy={String(seed)}>
        {seed}
      </Fact>
      <Fact name="Made">
        <RelativeTime instant={createdAt} />
      </Fact>
      <Fact name="Model">{model}</Fact>
      <Fact name="Provider">{provider}</Fact>
      <Fact name="Took">{durationMs === null ? "not recorded" : formatDuration(durationMs)}</Fact>
      <Fact name="Price">{price === undefined ? "not known" : formatMoney(price)}</Fact>
      <Fact name="Size">
        {width} × {height}, {formatBytes(bytes)}
      </Fact>
      <Fact name="Worker">{workerId ?? "not recorded"}</Fact>
      {providerRequestId && (
        <Fact isWide name="Provider's request" copy={providerRequestId}>
          <span className="font-mono text-xs">{providerRequestId}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({
  name,
  copy,
  isWide = false,
  children,
}: {
  name: string;
  copy?: string;
  isWide?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={classNames("min-w-0", isWide && "col-span-2")}>
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd className="flex items-center gap-1 font-medium">
        <span className="min-w-0">{children}</span>
        {copy && (
          <span className="-my-2">
            <CopyButton text={copy} name={`Copy: ${name}`} what={name} />
          </span>
        )}
      </dd>
    </div>
  );
}

/** As the providers bill it, each image rounded up. */
const pixelsPerMegapixel = 1024 * 1024;

/** By the catalogue, in millionths of a dollar; undefined where it gives no price for one image. */
function priceOf({ model, provider, width, height }: Product, models: readonly Model[] | undefined) {
  const price = models?.find((entry) => entry.model === model && entry.provider === provider)?.priceMicroUsd;
  if (price?.per === "output") return price.amount;
  return price?.per === "megapixel" ? price.amount * Math.ceil((width * height) / pixelsPerMegapixel) : undefined;
}
