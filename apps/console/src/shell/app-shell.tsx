import { Link, Outlet } from "@tanstack/react-router";
import { Activity } from "react";
import { isKeyWanted } from "../api/access-key.ts";
import { Announcer } from "../components/announcer.tsx";
import { Toasts } from "../components/toasts.tsx";
import { Keyboard } from "../palette/keyboard.tsx";
import { AccessKeyPage } from "./access-key-page.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ForgetKeyButton } from "./forget-key-button.tsx";
import { Navigation } from "./navigation.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";
import { useFocusOnNavigation } from "./use-focus-on-navigation.ts";

/** What every page has around it. */
export function AppShell() {
  useFocusOnNavigation("content");
  const isWanted = isKeyWanted.use();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-40 rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-surface">
        <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
          <Link to="/" className="flex items-center gap-2.5 rounded-lg py-1 font-semibold tracking-tight">
            <img src="/favicon.svg" alt="" width="28" height="28" />
            Tirage
          </Link>
          <div className="order-last w-full sm:order-none sm:w-auto sm:grow">
            <Navigation />
          </div>
          <div className="ml-auto flex items-center gap-1">
            <a href="/docs" className="rounded-lg px-3 py-2 text-sm text-ink-soft hover:bg-raised hover:text-ink">
              API
            </a>
            <Keyboard />
            <ThemeToggle />
          </div>
        </div>
        <ConnectionBanner />
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-7xl min-h-dvh grow px-4 py-6 outline-none sm:px-6 sm:py-8"
      >
        {isWanted && <AccessKeyPage />}
        {/* What was entered there is still there when the key is. */}
        <Activity mode={isWanted ? "hidden" : "visible"}>
          <Outlet />
        </Activity>
      </main>
      <footer className="mx-auto flex w-full max-w-7xl gap-4 px-4 py-6 text-xs text-ink-soft sm:px-6">
        <Link to="/health" className="hover:underline">
          Health
        </Link>
        <a href="/docs" className="hover:underline">
          API reference
        </a>
        <ForgetKeyButton />
      </footer>
      <Announcer />
      <Toasts />
    </div>
  );
}
