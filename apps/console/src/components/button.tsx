import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";

const base =
  "inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-busy:cursor-not-allowed aria-busy:opacity-50";
const kinds = {
  primary: "bg-accent text-on-accent shadow-xs hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink shadow-xs hover:bg-raised",
  quiet: "text-ink-soft hover:bg-raised hover:text-ink",
  danger: "border border-bad bg-surface text-bad hover:bg-bad-soft",
} as const;
const sizes = { small: "h-8 px-2.5 text-sm", medium: "h-10 px-4 text-sm", large: "h-12 px-5 text-base" } as const;

interface ButtonLook {
  kind?: keyof typeof kinds;
  size?: keyof typeof sizes;
}

/** The look of a button, for links that look like one. */
export const buttonClass = ({ kind = "secondary", size = "medium" }: ButtonLook = {}, more?: string): string =>
  classNames(base, kinds[kind], sizes[size], more);

type ButtonProps = ComponentProps<"button"> & ButtonLook & { icon?: IconName; isBusy?: boolean };

/** While busy it cannot be pressed, and says so; it keeps the focus, unless it would submit a form. */
export function Button({ kind, size, icon, isBusy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || (isBusy && rest.type === "submit")}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? undefined : onClick}
      className={buttonClass({ kind, size }, className)}
    >
      {isBusy ? <Icon name="spinner" className="animate-spin" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A square button with a name that only a screen reader, and the pointer's tip, tell. */
export function IconButton({
  name,
  icon,
  className,
  ...rest
}: Omit<ComponentProps<"button">, "name" | "children"> & { name: string; icon: IconName }) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      {...rest}
      className={classNames(base, kinds.quiet, "size-9", className)}
    >
      <Icon name={icon} className="size-5" />
    </button>
  );
}
