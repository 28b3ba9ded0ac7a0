import { Link } from "@tanstack/react-router";
import type { Health } from "@tirage/client";
import { buttonClass } from "../../components/button.tsx";
import { classNames } from "../../components/class-names.ts";
import { Icon } from "../../components/icon.tsx";
import { Section } from "../../components/section.tsx";
import { listChecks } from "./list-checks.ts";

/** What a first run needs, point by point, and what to do about what is missing. */
export function Checklist({ health, asOfMs }: { health: Health; asOfMs: number | undefined }) {
  const checks = listChecks(health, asOfMs === undefined);
  const isWhole = checks.every(({ isGood }) => isGood);
  return (
    <Section title={isWhole ? "Ready for orders" : "Not everything is there"} asOfMs={asOfMs}>
      <ul className="card divide-y divide-line">
        {checks.map(({ name, isGood, state, advice }) => (
          <li key={name} className="flex items-start gap-3 px-4 py-3 text-sm">
            <Icon
              name={isGood ? "check" : "cross"}
              className={classNames("mt-0.5 size-5", isGood ? "text-good" : "text-bad")}
            />
            <p className="min-w-0">
              <span className="sr-only">{isGood ? "Good: " : "Missing: "}</span>
              <span className="font-semibold">{name}</span> <span>{state}</span>
              <span className="block text-ink-soft first-letter:uppercase">{advice}</span>
            </p>
          </li>
        ))}
      </ul>
      {isWhole && (
        <Link to="/" className={buttonClass({ kind: "primary" }, "mt-4")}>
          Order images
        </Link>
      )}
    </Section>
  );
}
