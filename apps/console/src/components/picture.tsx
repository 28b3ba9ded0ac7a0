import { type ComponentProps, useEffect, useState } from "react";
import { onReachableAgain } from "../api/reachability.ts";
import { classNames } from "./class-names.ts";

/** From the first of the sources that is there; what could not be read is read again once the API is back. */
export function Picture({
  sources,
  alt,
  className,
  ...size
}: { sources: readonly string[]; alt: string } & Pick<ComponentProps<"img">, "className" | "width" | "height">) {
  const [failureCount, setFailureCount] = useState(0);
  useEffect(() => onReachableAgain(() => setFailureCount(0)), []);
  const src = sources[failureCount];
  if (src === undefined) return <span role="img" aria-label={alt} className={classNames("block", className)} />;
  return (
    <img
      {...size}
      src={src}
      alt={alt}
      className={className}
      loading="lazy"
      decoding="async"
      onError={() => setFailureCount(failureCount + 1)}
    />
  );
}
