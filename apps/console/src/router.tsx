import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { readGallerySearch } from "./pages/gallery/search.ts";
import { readNewOrderSearch } from "./pages/new-order/search.ts";
import { readOperationsSearch } from "./pages/operations/search.ts";
import { readOrderSearch } from "./pages/order/search.ts";
import { readOrdersSearch } from "./pages/orders/search.ts";
import { AppShell } from "./shell/app-shell.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { PageError } from "./shell/page-error.tsx";
import { PagePending } from "./shell/page-pending.tsx";

const root = createRootRoute({ component: AppShell });

/** Each page is a script of its own; the one that is asked for comes first. Its search parameters are read here. */
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    validateSearch: readNewOrderSearch,
    component: lazyRouteComponent(() => import("./pages/new-order/new-order-page.tsx"), "NewOrderPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/orders",
    validateSearch: readOrdersSearch,
    component: lazyRouteComponent(() => import("./pages/orders/orders-page.tsx"), "OrdersPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/orders/$id",
    validateSearch: readOrderSearch,
    component: lazyRouteComponent(() => import("./pages/order/order-page.tsx"), "OrderPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/gallery",
    validateSearch: readGallerySearch,
    component: lazyRouteComponent(() => import("./pages/gallery/gallery-page.tsx"), "GalleryPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/operations",
    validateSearch: readOperationsSearch,
    component: lazyRouteComponent(() => import("./pages/operations/operations-page.tsx"), "OperationsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/health",
    component: lazyRouteComponent(() => import("./pages/health/health-page.tsx"), "HealthPage"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageError,
  defaultPendingComponent: PagePending,
});

// Once the first page is seen the others are fetched: they open also while the API, which serves them, is away.
const stop = router.subscribe("onRendered", () => {
  stop();
  for (const { options } of routes) void options.component?.preload?.();
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
