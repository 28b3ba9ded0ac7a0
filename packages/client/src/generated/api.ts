/** Generated from the OpenAPI document of order-api: `node tools/generate-client-types.ts`. */
export interface paths {
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as OpenAPI 3.1 */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is alive */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is alive */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether orders can be accepted */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ready: true;
                            /** @description What is away without keeping orders from being accepted. */
                            degraded: string[];
                        };
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the Prometheus text format */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a problem type means */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    type: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            type: string;
                            title: string;
                            status: number;
                            advice: string;
                        };
                        "text/html": string;
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List orders, newest first */
        get: {
            parameters: {
                query?: {
                    status?: components["schemas"]["OrderStatusInput"];
                    model?: string;
                    createdAfter?: string;
                    createdBefore?: string;
                    limit?: number;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrderPage"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Place an order */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Makes repeating the request safe: within 24 hours the same key and body get the first answer again. */
                    "idempotency-key"?: string;
                    /** @description `wait=N` waits up to N seconds (at most 60) for the order to end, and answers it as it then is. */
                    prefer?: string;
                    /** @description The longest the order may take, as `90`, `90s`, `5m` or `1h30m45s`, at least 5 seconds: it expires that long after it was placed. Instead of `expiresAt`. */
                    "cancel-after"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OrderRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Order"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Place up to 100 orders, all or none */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Makes repeating the request safe: within 24 hours the same key and body get the first answer again. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OrderBatchRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrderBatch"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop queued work at once, and ask the provider to stop what runs
         * @description Each item then says what became of it: `not_started` and `aborted` cost nothing, `billed` was charged, and what was completed all the same is kept.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Order"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run the failed and cancelled items of an ended order again, none of the completed ones */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Order"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One order */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Order"];
                    };
                };
                /** @description Unchanged since the ETag sent */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Remove an order that has ended, with its items and images, for good
         * @description Asked again it answers 204 again, and every other address of the order 404. What its provider calls came to stays in the accounts. Its bytes are removed within a minute, or once the store is back. An Idempotency-Key that placed it answers as before for its 24 hours, and orders nothing.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plan and price an order without placing it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OrderRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Quote"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The items of an order, by index */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ItemPage"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The products of an order, by index */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProductPage"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an order's provider calls came to: outputs paid and delivered, calls that may be paid twice */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrderLedger"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow an order: its state first and on every change, each new product, and its end */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The last event that was heard. Sent by the browser. */
                    "last-event-id"?: string;
                };
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events `order` (full state), `product` and, last, `end` (the order as it ended), or `deleted` (`id`, `deletedAt`) when it is gone. A stream that is resumed by `Last-Event-ID` tells the order only if it has changed since, and only the products that have come since. Comments tell every 15 seconds that the stream is alive. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow all orders: the newest hundred first, or what changed since, then every change and new product */
        get: {
            parameters: {
                query?: {
                    /** @description `false` leaves the events of products out. */
                    products?: "true" | "false";
                };
                header?: {
                    /** @description The last event that was heard. Sent by the browser. */
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events `order` (full state; drop a `version` that you have), `product` (each that comes, after its order) and `deleted` (`id`, `deletedAt`). A stream that is resumed by `Last-Event-ID` tells those of the newest thousand orders that have changed since, their new products and the orders that were deleted since, and may repeat those of some seconds before. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One product */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GalleryProduct"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a product; ranges are served */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/*": string;
                    };
                };
                /** @description The bytes */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/*": string;
                    };
                };
                /** @description Unchanged */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A small preview of a product: WebP, at most 512 pixels wide and high */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/webp": string;
                    };
                };
                /** @description Unchanged */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All products of an order so far, as a ZIP with a manifest
         * @description Images are numbered by their place in the order. `manifest.json`, the last file, has the request and, for each image, its file, seed, provider request, worker, SHA-256, size in pixels and in bytes; its `complete` says whether the order had ended and nothing is missing. An archive that cannot be finished is cut off, which every reader of ZIP files notices.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A UUID. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The archive */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the products of all orders, newest first */
        get: {
            parameters: {
                query?: {
                    status?: components["schemas"]["OrderStatusInput"];
                    provider?: string;
                    model?: string;
                    /** @description Part of the prompt, in upper or lower case. */
                    search?: string;
                    createdAfter?: string;
                    createdBefore?: string;
                    limit?: number;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GalleryPage"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models that are known; others of a known provider can be ordered too */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelList"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every service with its replicas and versions, and what they depend on */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live workers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorkerList"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits and what is in flight, per stream and provider */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueueList"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{provider}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a provider no more calls until it is resumed
         * @description Nothing fails: orders are accepted and wait, and calls that are under way end. It outlasts restarts and the loss of the broker's data, and does not end by itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description An enabled provider. */
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProviderPause"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{provider}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a provider calls again, whatever it was paused for
         * @description After an outage or a refused account one call at a time shows whether the provider is back; a pause that the provider asked for by 429 is still kept.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description An enabled provider. */
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProviderPause"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a worker take no new work until it is resumed
         * @description What it runs ends there; once its `drain.state` is `drained`, its process can be ended and hands no work back. It is bound to this run of the worker, outlasts the loss of the broker's data, and does not end by itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A live worker, as `GET /v1/workers` lists it. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Worker"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a drained worker take work again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A live worker, as `GET /v1/workers` lists it. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Worker"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What could not be handled, newest first */
        get: {
            parameters: {
                query?: {
                    code?: string;
                    stream?: string;
                    orderId?: string;
                    limit?: number;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetterPage"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Discard up to 1,000 dead letters */
        delete: {
            parameters: {
                query?: {
                    code?: string;
                    stream?: string;
                    orderId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetterCounts"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its sequence in the stream DEAD. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetter"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Discard a dead letter */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its sequence in the stream DEAD. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a dead letter again, with another payload when one is given
         * @description The first replay decides as what the letter is published: another payload, or none, is answered 409 from then on, also when an answer was lost and the letter is still there. The same one may be repeated. A replay that is refused decides nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its sequence in the stream DEAD. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["DeadLetterCorrectionInput"];
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetterReplay"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run up to 1,000 dead letters again, oldest of them first */
        post: {
            parameters: {
                query?: {
                    code?: string;
                    stream?: string;
                    orderId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetterCounts"];
                    };
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the API key for a cookie, as the console does
         * @description The cookie `tirage_session` stands for the key for 7 days, or until the installation no longer knows the key. No script can read it; requests other than GET are taken with it from pages of the same origin only. Programs send the key with each request instead.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description With `Set-Cookie` */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Forget the cookie */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description With `Set-Cookie` */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What went wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example fal
         * @example replicate
         */
        ProviderNameInput: string;
        /** @enum {string} */
        PriorityInput: "interactive" | "standard" | "bulk";
        /** @enum {string} */
        ShortfallInput: "accept" | "top_up";
        ParametersInput: {
            [key: string]: unknown;
        };
        FailureInput: {
            code: string;
            message: string;
            retryable: boolean;
            providerStatus?: number;
        };
        OutputInput: {
            index: number;
            storageKey: string;
            contentType: string;
            bytes: number;
            width: number;
            height: number;
            sha256: string;
            seed: number;
        };
        /** @enum {string} */
        CancelOutcomeInput: "not_started" | "aborted" | "billed";
        PlanInput: {
            /** @description Provider calls the order makes. */
            generations: number;
            /** @description Outputs asked of one call. */
            batchSize: number;
            /** @description Outputs asked of the last call. */
            lastBatchSize: number;
            /** @description Outputs asked of all calls together. */
            totalProducts: number;
        };
        /** @enum {string} */
        ItemStatusInput: "pending" | "processing" | "completed" | "failed" | "cancelled";
        /** @enum {string} */
        OrderStatusInput: "pending" | "processing" | "completed" | "failed" | "cancelled";
        ProgressInput: {
            items: {
                total: number;
                pending: number;
                processing: number;
                completed: number;
                failed: number;
                cancelled: number;
            };
            products: {
                requested: number;
                produced: number;
            };
        };
        OrderSnapshotInput: {
            id: string;
            status: components["schemas"]["OrderStatusInput"];
            /** @description Completed with fewer products than requested. */
            partial: boolean;
            /** @description Raised by every change; also the ETag. */
            version: number;
            provider: components["schemas"]["ProviderNameInput"];
            model: string;
            modelVersion: string | null;
            prompt: string;
            parameters: components["schemas"]["ParametersInput"];
            metadata: {
                [key: string]: string;
            };
            priority: components["schemas"]["PriorityInput"];
            shortfall: components["schemas"]["ShortfallInput"];
            seed: number;
            plan: components["schemas"]["PlanInput"];
            progress: components["schemas"]["ProgressInput"];
            /** @description Why the order failed, or why products are missing. */
            error: components["schemas"]["FailureInput"] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Not dispatched before; null when it may start at once. */
            startAt?: string | null;
            /** @description Its deadline, if it has one. */
            expiresAt?: string | null;
            startedAt: string | null;
            finishedAt: string | null;
            urls: {
                self: string;
                items: string;
                products: string;
            };
        };
        /** @description Millionths of a dollar by the catalogue's price; null when the catalogue has none. */
        OrderCostInput: {
            /** @description Of the whole plan. */
            estimatedMicroUsd: number | null;
            /** @description Of the products delivered so far. */
            actualMicroUsd: number | null;
            /** @description Of the outputs that the provider charged, delivered or not, once the order has ended. Null before, and of an order of more than 100 generations, of which the ledger tells. */
            chargedMicroUsd: number | null;
        };
        OrderInput: {
            id: string;
            status: components["schemas"]["OrderStatusInput"];
            /** @description Completed with fewer products than requested. */
            partial: boolean;
            /** @description Raised by every change; also the ETag. */
            version: number;
            provider: components["schemas"]["ProviderNameInput"];
            model: string;
            modelVersion: string | null;
            prompt: string;
            parameters: components["schemas"]["ParametersInput"];
            metadata: {
                [key: string]: string;
            };
            priority: components["schemas"]["PriorityInput"];
            shortfall: components["schemas"]["ShortfallInput"];
            seed: number;
            plan: components["schemas"]["PlanInput"];
            progress: components["schemas"]["ProgressInput"];
            /** @description Why the order failed, or why products are missing. */
            error: components["schemas"]["FailureInput"] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Not dispatched before; null when it may start at once. */
            startAt?: string | null;
            /** @description Its deadline, if it has one. */
            expiresAt?: string | null;
            startedAt: string | null;
            finishedAt: string | null;
            urls: {
                self: string;
                items: string;
                products: string;
                events: string;
                /** @description All products and their manifest, as a ZIP. */
                archive: string;
                cancel: string;
                retry: string;
            };
            cost: components["schemas"]["OrderCostInput"];
            /** @description When a retry was asked for last; null when none was. */
            retriedAt: string | null;
            /** @description The trace that placing the order began; null when nothing is traced. */
            traceId: string | null;
        };
        ItemTimelineInput: {
            /**
             * Format: date-time
             * @description The order was accepted and the item queued.
             */
            createdAt: string;
            /** @description A worker first took it. */
            claimedAt: string | null;
            /** @description Its call began to be sent to the provider, the last time it was sent. */
            submittedAt: string | null;
            /** @description The provider accepted the call. */
            acceptedAt: string | null;
            /** @description The provider was done. */
            generatedAt: string | null;
            /** @description Every output was in the store. */
            storedAt: string | null;
            /** @description The item ended, in whatever way. */
            finishedAt: string | null;
        };
        ItemInput: {
            id: string;
            orderId: string;
            /** @description From 0; people are shown it from 1. */
            index: number;
            batchSize: number;
            attempt: number;
            status: components["schemas"]["ItemStatusInput"];
            produced: number;
            batchesCompleted: number;
            seed: number;
            /** @description Who runs it or ran it; null when no worker has. */
            workerId: string | null;
            providerRequestId: string | null;
            error: components["schemas"]["FailureInput"] | null;
            /** @description Of a cancelled item: `not_started` and `aborted` are free, `billed` is not. */
            outcome: components["schemas"]["CancelOutcomeInput"] | null;
            /** @description How we learnt what came of a submit whose answer was lost; null when no answer was lost. */
            recovery: ("callback" | "listing" | "resubmitted") | null;
            /** @description How often the call of this attempt was sent; more than once only where an earlier one was refused or lost. */
            submits: number;
            /** @description Of its outputs, by the catalogue's price; null until they are there. */
            costMicroUsd: number | null;
            /** Format: date-time */
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            timeline: components["schemas"]["ItemTimelineInput"];
        };
        ProductInput: {
            id: string;
            orderId: string;
            /** @description Null once its item was deleted: products outlive their item. */
            itemId: string | null;
            /** @description Position within the order, by generation and output; from 0, people are shown it from 1. */
            index: number;
            contentType: string;
            bytes: number;
            width: number;
            height: number;
            sha256: string;
            seed: number;
            provider: string;
            model: string;
            /** @description Who made it. */
            workerId: string | null;
            providerRequestId: string | null;
            /** @description From the provider's acceptance of the call to its outputs being stored. */
            durationMs: number | null;
            /** Format: date-time */
            createdAt: string;
            urls: {
                content: string;
                thumbnail: string;
            };
        };
        GalleryProductInput: {
            id: string;
            orderId: string;
            /** @description Null once its item was deleted: products outlive their item. */
            itemId: string | null;
            /** @description Position within the order, by generation and output; from 0, people are shown it from 1. */
            index: number;
            contentType: string;
            bytes: number;
            width: number;
            height: number;
            sha256: string;
            seed: number;
            provider: string;
            model: string;
            /** @description Who made it. */
            workerId: string | null;
            providerRequestId: string | null;
            /** @description From the provider's acceptance of the call to its outputs being stored. */
            durationMs: number | null;
            /** Format: date-time */
            createdAt: string;
            urls: {
                content: string;
                thumbnail: string;
            };
            /** @description Of its order. */
            prompt: string;
            orderStatus: components["schemas"]["OrderStatusInput"];
        };
        OrderPageInput: {
            data: components["schemas"]["OrderInput"][];
            nextCursor: string | null;
        };
        ItemPageInput: {
            data: components["schemas"]["ItemInput"][];
            nextCursor: string | null;
        };
        ProductPageInput: {
            data: components["schemas"]["ProductInput"][];
            nextCursor: string | null;
        };
        GalleryPageInput: {
            data: components["schemas"]["GalleryProductInput"][];
            nextCursor: string | null;
        };
        OrderBatchInput: {
            data: components["schemas"]["OrderInput"][];
        };
        EstimatedTimeInput: {
            /** @description (waiting + own generations) x median / slots; null when any of them is not known. Orders take turns, so it may be less or more. */
            durationMs: number | null;
            /** @description Accepted before and not ended, of the same provider. */
            waitingGenerations: number | null;
            /** @description Of the model's recent generations; null when there were none. */
            medianGenerationMs: number | null;
            /** @description Generations that run at once; null while the broker is away. */
            slots: number | null;
        };
        QuoteInput: {
            /** @description Provider calls the order makes. */
            generations: number;
            /** @description Outputs asked of one call. */
            batchSize: number;
            /** @description Outputs asked of the last call. */
            lastBatchSize: number;
            /** @description Outputs asked of all calls together. */
            totalProducts: number;
            /** @description Millionths of a dollar; null when the price is unknown. */
            estimatedCostMicroUsd: number | null;
            estimatedTime: components["schemas"]["EstimatedTimeInput"];
            warnings: string[];
        };
        DeadLetterInput: {
            /** @description Its sequence in the stream DEAD. */
            id: string;
            /** @description Stable and short, such as malformed, crash_loop or max_deliveries. */
            code: string;
            reason: string;
            stream: string;
            /** @description Of the original message; of the advisory when the code is max_deliveries. */
            subject: string;
            /** @description The consumer that could not handle it. */
            durable: string;
            deliveryCount: number;
            /** Format: date-time */
            deadAt: string;
            orderId: string | null;
            index: number | null;
            /** @description The trace of the original message; null when it had none. */
            traceId: string | null;
            body: string;
            /** @enum {string} */
            bodyEncoding: "utf8" | "base64";
            headers: {
                [key: string]: string;
            };
        };
        DeadLetterPageInput: {
            data: components["schemas"]["DeadLetterInput"][];
            nextCursor: string | null;
        };
        DeadLetterReplayInput: {
            id: string;
            /**
             * @description `retried`: its item had ended, so a new attempt was asked for.
             * @enum {string}
             */
            action: "republished" | "retried";
        };
        DeadLetterCorrectionInput: {
            /** @description Replaces the body: the whole payload, as the message's schema wants it. What it concerns stays. */
            payload: {
                [key: string]: unknown;
            };
        };
        DeadLetterCountsInput: {
            replayed: number;
            discarded: number;
            /** @description Left as they are: they cannot be replayed. */
            refused: number;
        };
        DrainInput: {
            /**
             * @description `drained`: it asks for nothing and runs nothing; ending its process hands no work back.
             * @enum {string}
             */
            state: "draining" | "drained";
            /** @description Generations that it has still to end. */
            left: number;
            /**
             * Format: date-time
             * @description When it was asked for; names the wish.
             */
            since: string;
        };
        GateInput: {
            provider: string;
            /**
             * @description `stopped`: the account was refused and must be mended; `probing`: one submit at a time shows whether the provider is back.
             * @enum {string}
             */
            state: "open" | "paused" | "stopped" | "probing";
            /** @description No submits before; null when they are taken. */
            until: string | null;
            /** @description `held`: its queue is paused, by a person or for what another worker met. */
            reason: ("throttled" | "out" | "stopped" | "held") | null;
            /**
             * @description `closed`: submits get answers.
             * @enum {string}
             */
            circuit: "closed" | "open" | "probing";
            /** @description What the provider said when it went out or was stopped. */
            detail: string | null;
        };
        ProviderPauseInput: {
            provider: string;
            /** @description When a person paused it; null when it is not paused by anybody. */
            pausedAt: string | null;
        };
        ModelInput: {
            provider: string;
            model: string;
            title: string;
            maximumBatchSize: number;
            requiresVersion: boolean;
            priceMicroUsd: {
                /** @enum {string} */
                per: "output" | "megapixel" | "second";
                amount: number;
            } | null;
            parameters: {
                [key: string]: {
                    /** @enum {string} */
                    type: "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";
                    minimum?: number;
                    maximum?: number;
                    options?: (string | number)[];
                    default?: unknown;
                    description?: string;
                };
            };
        };
        ModelListInput: {
            data: components["schemas"]["ModelInput"][];
        };
        ReplicaInput: {
            service: string;
            id: string;
            version: string;
            /** Format: date-time */
            startedAt: string;
            /** @description Generations this worker runs at once. */
            slots?: number;
            /** @description Items running now. */
            running?: string[];
            completed?: number;
            failed?: number;
            /** @description The item that this worker ended last, since its start. */
            lastItem?: {
                itemId: string;
                /** @enum {string} */
                outcome: "completed" | "failed";
                /** Format: date-time */
                endedAt: string;
            };
            /** @description Of a worker that takes no new work, until it is resumed. */
            drain?: components["schemas"]["DrainInput"];
            /** @description Providers that are a sandbox to this worker: another base URL, and the word `sandbox` for a key. */
            sandboxed?: string[];
            /** @description Of each provider that charges, as this worker sees it. */
            gates?: components["schemas"]["GateInput"][];
        };
        WorkerInput: {
            service: string;
            id: string;
            version: string;
            /** Format: date-time */
            startedAt: string;
            /** @description Generations this worker runs at once. */
            slots?: number;
            /** @description Items running now. */
            running?: string[];
            completed?: number;
            failed?: number;
            /** @description The item that this worker ended last, since its start. */
            lastItem?: {
                itemId: string;
                /** @enum {string} */
                outcome: "completed" | "failed";
                /** Format: date-time */
                endedAt: string;
            };
            /** @description Of a worker that takes no new work, until it is resumed. */
            drain?: components["schemas"]["DrainInput"];
            /** @description Providers that are a sandbox to this worker: another base URL, and the word `sandbox` for a key. */
            sandboxed?: string[];
            /** @description Of each provider that charges, as this worker sees it. */
            gates?: components["schemas"]["GateInput"][];
            /** Format: date-time */
            lastSeenAt: string;
        };
        WorkerListInput: {
            data: components["schemas"]["WorkerInput"][];
        };
        QueueInput: {
            /** @description The stream and consumer, or the run queue of a provider. */
            name: string;
            stream: string;
            provider: string | null;
            /** @description Waiting, not yet delivered. */
            depth: number;
            /** @description Delivered and not yet settled. */
            inFlight: number;
            redelivered: number;
            /** @description Deliveries so far, redeliveries among them. */
            delivered: number;
            /** @description Over the last minute at most, as this replica has seen it; null until it has been asked twice. */
            deliveredPerMinute: number | null;
            /** @description Nothing is delivered before; far away when a person paused it. */
            pausedUntil?: string | null;
            /** @description `person`: until somebody resumes it; `gate`: a worker's gate, until `pausedUntil`. */
            pausedBy?: ("person" | "gate") | null;
            /** @description Of a provider's work: the least open of its workers' gates. */
            gate?: components["schemas"]["GateInput"] | null;
            /** @description Age of the oldest message still kept; null when empty. */
            oldestAgeMs: number | null;
        };
        QueueListInput: {
            data: components["schemas"]["QueueInput"][];
        };
        DependencyInput: {
            /** @enum {string} */
            name: "database" | "broker" | "store";
            reachable: boolean;
            /** @description Of the server; null where it does not say. */
            version: string | null;
        };
        HealthInput: {
            /**
             * @description `degraded`: something is away, or a service has no replica; orders may be accepted all the same.
             * @enum {string}
             */
            status: "ok" | "degraded";
            dependencies: components["schemas"]["DependencyInput"][];
            /** @description Every service, also without a replica; null while the broker, which knows them, is away. */
            services: {
                service: string;
                replicas: components["schemas"]["WorkerInput"][];
            }[] | null;
            /** @description Providers that can be ordered from. */
            providers: string[];
            /** @description Where people look at traces, with `{traceId}` in the id's place; null when nobody said. */
            traceUrlTemplate: string | null;
        };
        OrderLedgerInput: {
            /** @description Calls that the provider accepted, those of every attempt. */
            accepted: number;
            /** @description Outputs that the provider charges for by its answers so far, those included that it filtered or that could not be had. */
            paid: number;
            /** @description Products of the order. */
            delivered: number;
            /** @description Calls that were sent again while it was unknown whether the first is charged: they may be charged twice. */
            paidTwice: number;
            /** @description Calls of which nobody could find out whether the provider accepted them and charges them. */
            unknown: number;
        };
        OrderRequestInput: {
            /** @description `fal` or `replicate`. */
            provider: string;
            /** @description The provider's name of the model, e.g. `fal-ai/flux/schnell`. */
            model: string;
            /** @description The version of a Replicate community model. */
            modelVersion?: string;
            prompt: string;
            /** @default {} */
            parameters?: components["schemas"]["ParametersInput"];
            /** @description Provider calls; or give `quantity`. */
            generations?: number;
            /** @description Products; or give `generations`. */
            quantity?: number;
            /** @description Outputs asked of one call: 1 when `generations` are given, else what the model makes. More than it makes is split into more calls, and the quote warns of it. */
            batchSize?: number;
            /**
             * @default exact
             * @enum {string}
             */
            remainder?: "exact" | "overshoot";
            /** @default accept */
            shortfall?: components["schemas"]["ShortfallInput"];
            /** @default standard */
            priority?: components["schemas"]["PriorityInput"];
            /** @description Generation n gets seed + n; chosen at random and recorded when absent. */
            seed?: number;
            /**
             * Format: date-time
             * @description Not dispatched before.
             */
            startAt?: string;
            /**
             * Format: date-time
             * @description What has not ended by then is stopped and fails with deadline_exceeded.
             */
            expiresAt?: string;
            /** @default {} */
            metadata?: {
                [key: string]: string;
            };
        };
        OrderBatchRequestInput: {
            orders: components["schemas"]["OrderRequestInput"][];
        };
        ProblemInput: {
            type: string;
            title: string;
            status: number;
            /** @description What is wrong and what to do. */
            detail: string;
            /** @description The same as `requestId`. */
            instance: string;
            /** @description As in the logs and in `X-Request-Id`. */
            requestId: string;
            /** @description The trace that the request is part of; null when nothing is traced. */
            traceId: string | null;
            errors?: {
                pointer: string;
                detail: string;
            }[];
        };
        /**
         * @example fal
         * @example replicate
         */
        ProviderName: string;
        /** @enum {string} */
        Priority: "interactive" | "standard" | "bulk";
        /** @enum {string} */
        Shortfall: "accept" | "top_up";
        Parameters: {
            [key: string]: unknown;
        };
        Failure: {
            code: string;
            message: string;
            retryable: boolean;
            providerStatus?: number;
        };
        Output: {
            index: number;
            storageKey: string;
            contentType: string;
            bytes: number;
            width: number;
            height: number;
            sha256: string;
            seed: number;
        };
        /** @enum {string} */
        CancelOutcome: "not_started" | "aborted" | "billed";
        Plan: {
            /** @description Provider calls the order makes. */
            generations: number;
            /** @description Outputs asked of one call. */
            batchSize: number;
            /** @description Outputs asked of the last call. */
            lastBatchSize: number;
            /** @description Outputs asked of all calls together. */
            totalProducts: number;
        };
        /** @enum {string} */
        ItemStatus: "pending" | "processing" | "completed" | "failed" | "cancelled";
        /** @enum {string} */
        OrderStatus: "pending" | "processing" | "completed" | "failed" | "cancelled";
        Progress: {
            items: {
                total: number;
                pending: number;
                processing: number;
                completed: number;
                failed: number;
                cancelled: number;
            };
            products: {
                requested: number;
                produced: number;
            };
        };
        OrderSnapshot: {
            id: string;
            status: components["schemas"]["OrderStatus"];
            /** @description Completed with fewer products than requested. */
            partial: boolean;
            /** @description Raised by every change; also the ETag. */
            version: number;
            provider: components["schemas"]["ProviderName"];
            model: string;
            modelVersion: string | null;
            prompt: string;
            parameters: components["schemas"]["Parameters"];
            metadata: {
                [key: string]: string;
            };
            priority: components["schemas"]["Priority"];
            shortfall: components["schemas"]["Shortfall"];
            seed: number;
            plan: components["schemas"]["Plan"];
            progress: components["schemas"]["Progress"];
            /** @description Why the order failed, or why products are missing. */
            error: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Not dispatched before; null when it may start at once. */
            startAt?: string | null;
            /** @description Its deadline, if it has one. */
            expiresAt?: string | null;
            startedAt: string | null;
            finishedAt: string | null;
            urls: {
                self: string;
                items: string;
                products: string;
            };
        };
        /** @description Millionths of a dollar by the catalogue's price; null when the catalogue has none. */
        OrderCost: {
            /** @description Of the whole plan. */
            estimatedMicroUsd: number | null;
            /** @description Of the products delivered so far. */
            actualMicroUsd: number | null;
            /** @description Of the outputs that the provider charged, delivered or not, once the order has ended. Null before, and of an order of more than 100 generations, of which the ledger tells. */
            chargedMicroUsd: number | null;
        };
        Order: {
            id: string;
            status: components["schemas"]["OrderStatus"];
            /** @description Completed with fewer products than requested. */
            partial: boolean;
            /** @description Raised by every change; also the ETag. */
            version: number;
            provider: components["schemas"]["ProviderName"];
            model: string;
            modelVersion: string | null;
            prompt: string;
            parameters: components["schemas"]["Parameters"];
            metadata: {
                [key: string]: string;
            };
            priority: components["schemas"]["Priority"];
            shortfall: components["schemas"]["Shortfall"];
            seed: number;
            plan: components["schemas"]["Plan"];
            progress: components["schemas"]["Progress"];
            /** @description Why the order failed, or why products are missing. */
            error: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Not dispatched before; null when it may start at once. */
            startAt?: string | null;
            /** @description Its deadline, if it has one. */
            expiresAt?: string | null;
            startedAt: string | null;
            finishedAt: string | null;
            urls: {
                self: string;
                items: string;
                products: string;
                events: string;
                /** @description All products and their manifest, as a ZIP. */
                archive: string;
                cancel: string;
                retry: string;
            };
            cost: components["schemas"]["OrderCost"];
            /** @description When a retry was asked for last; null when none was. */
            retriedAt: string | null;
            /** @description The trace that placing the order began; null when nothing is traced. */
            traceId: string | null;
        };
        ItemTimeline: {
            /**
             * Format: date-time
             * @description The order was accepted and the item queued.
             */
            createdAt: string;
            /** @description A worker first took it. */
            claimedAt: string | null;
            /** @description Its call began to be sent to the provider, the last time it was sent. */
            submittedAt: string | null;
            /** @description The provider accepted the call. */
            acceptedAt: string | null;
            /** @description The provider was done. */
            generatedAt: string | null;
            /** @description Every output was in the store. */
            storedAt: string | null;
            /** @description The item ended, in whatever way. */
            finishedAt: string | null;
        };
        Item: {
            id: string;
            orderId: string;
            /** @description From 0; people are shown it from 1. */
            index: number;
            batchSize: number;
            attempt: number;
            status: components["schemas"]["ItemStatus"];
            produced: number;
            batchesCompleted: number;
            seed: number;
            /** @description Who runs it or ran it; null when no worker has. */
            workerId: string | null;
            providerRequestId: string | null;
            error: components["schemas"]["Failure"] | null;
            /** @description Of a cancelled item: `not_started` and `aborted` are free, `billed` is not. */
            outcome: components["schemas"]["CancelOutcome"] | null;
            /** @description How we learnt what came of a submit whose answer was lost; null when no answer was lost. */
            recovery: ("callback" | "listing" | "resubmitted") | null;
            /** @description How often the call of this attempt was sent; more than once only where an earlier one was refused or lost. */
            submits: number;
            /** @description Of its outputs, by the catalogue's price; null until they are there. */
            costMicroUsd: number | null;
            /** Format: date-time */
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            timeline: components["schemas"]["ItemTimeline"];
        };
        Product: {
            id: string;
            orderId: string;
            /** @description Null once its item was deleted: products outlive their item. */
            itemId: string | null;
            /** @description Position within the order, by generation and output; from 0, people are shown it from 1. */
            index: number;
            contentType: string;
            bytes: number;
            width: number;
            height: number;
            sha256: string;
            seed: number;
            provider: string;
            model: string;
            /** @description Who made it. */
            workerId: string | null;
            providerRequestId: string | null;
            /** @description From the provider's acceptance of the call to its outputs being stored. */
            durationMs: number | null;
            /** Format: date-time */
            createdAt: string;
            urls: {
                content: string;
                thumbnail: string;
            };
        };
        GalleryProduct: {
            id: string;
            orderId: string;
            /** @description Null once its item was deleted: products outlive their item. */
            itemId: string | null;
            /** @description Position within the order, by generation and output; from 0, people are shown it from 1. */
            index: number;
            contentType: string;
            bytes: number;
            width: number;
            height: number;
            sha256: string;
            seed: number;
            provider: string;
            model: string;
            /** @description Who made it. */
            workerId: string | null;
            providerRequestId: string | null;
            /** @description From the provider's acceptance of the call to its outputs being stored. */
            durationMs: number | null;
            /** Format: date-time */
            createdAt: string;
            urls: {
                content: string;
                thumbnail: string;
            };
            /** @description Of its order. */
            prompt: string;
            orderStatus: components["schemas"]["OrderStatus"];
        };
        OrderPage: {
            data: components["schemas"]["Order"][];
            nextCursor: string | null;
        };
        ItemPage: {
            data: components["schemas"]["Item"][];
            nextCursor: string | null;
        };
        ProductPage: {
            data: components["schemas"]["Product"][];
            nextCursor: string | null;
        };
        GalleryPage: {
            data: components["schemas"]["GalleryProduct"][];
            nextCursor: string | null;
        };
        OrderBatch: {
            data: components["schemas"]["Order"][];
        };
        EstimatedTime: {
            /** @description (waiting + own generations) x median / slots; null when any of them is not known. Orders take turns, so it may be less or more. */
            durationMs: number | null;
            /** @description Accepted before and not ended, of the same provider. */
            waitingGenerations: number | null;
            /** @description Of the model's recent generations; null when there were none. */
            medianGenerationMs: number | null;
            /** @description Generations that run at once; null while the broker is away. */
            slots: number | null;
        };
        Quote: {
            /** @description Provider calls the order makes. */
            generations: number;
            /** @description Outputs asked of one call. */
            batchSize: number;
            /** @description Outputs asked of the last call. */
            lastBatchSize: number;
            /** @description Outputs asked of all calls together. */
            totalProducts: number;
            /** @description Millionths of a dollar; null when the price is unknown. */
            estimatedCostMicroUsd: number | null;
            estimatedTime: components["schemas"]["EstimatedTime"];
            warnings: string[];
        };
        DeadLetter: {
            /** @description Its sequence in the stream DEAD. */
            id: string;
            /** @description Stable and short, such as malformed, crash_loop or max_deliveries. */
            code: string;
            reason: string;
            stream: string;
            /** @description Of the original message; of the advisory when the code is max_deliveries. */
            subject: string;
            /** @description The consumer that could not handle it. */
            durable: string;
            deliveryCount: number;
            /** Format: date-time */
            deadAt: string;
            orderId: string | null;
            index: number | null;
            /** @description The trace of the original message; null when it had none. */
            traceId: string | null;
            body: string;
            /** @enum {string} */
            bodyEncoding: "utf8" | "base64";
            headers: {
                [key: string]: string;
            };
        };
        DeadLetterPage: {
            data: components["schemas"]["DeadLetter"][];
            nextCursor: string | null;
        };
        DeadLetterReplay: {
            id: string;
            /**
             * @description `retried`: its item had ended, so a new attempt was asked for.
             * @enum {string}
             */
            action: "republished" | "retried";
        };
        DeadLetterCorrection: {
            /** @description Replaces the body: the whole payload, as the message's schema wants it. What it concerns stays. */
            payload: {
                [key: string]: unknown;
            };
        };
        DeadLetterCounts: {
            replayed: number;
            discarded: number;
            /** @description Left as they are: they cannot be replayed. */
            refused: number;
        };
        Drain: {
            /**
             * @description `drained`: it asks for nothing and runs nothing; ending its process hands no work back.
             * @enum {string}
             */
            state: "draining" | "drained";
            /** @description Generations that it has still to end. */
            left: number;
            /**
             * Format: date-time
             * @description When it was asked for; names the wish.
             */
            since: string;
        };
        Gate: {
            provider: string;
            /**
             * @description `stopped`: the account was refused and must be mended; `probing`: one submit at a time shows whether the provider is back.
             * @enum {string}
             */
            state: "open" | "paused" | "stopped" | "probing";
            /** @description No submits before; null when they are taken. */
            until: string | null;
            /** @description `held`: its queue is paused, by a person or for what another worker met. */
            reason: ("throttled" | "out" | "stopped" | "held") | null;
            /**
             * @description `closed`: submits get answers.
             * @enum {string}
             */
            circuit: "closed" | "open" | "probing";
            /** @description What the provider said when it went out or was stopped. */
            detail: string | null;
        };
        ProviderPause: {
            provider: string;
            /** @description When a person paused it; null when it is not paused by anybody. */
            pausedAt: string | null;
        };
        Model: {
            provider: string;
            model: string;
            title: string;
            maximumBatchSize: number;
            requiresVersion: boolean;
            priceMicroUsd: {
                /** @enum {string} */
                per: "output" | "megapixel" | "second";
                amount: number;
            } | null;
            parameters: {
                [key: string]: {
                    /** @enum {string} */
                    type: "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";
                    minimum?: number;
                    maximum?: number;
                    options?: (string | number)[];
                    default?: unknown;
                    description?: string;
                };
            };
        };
        ModelList: {
            data: components["schemas"]["Model"][];
        };
        Replica: {
            service: string;
            id: string;
            version: string;
            /** Format: date-time */
            startedAt: string;
            /** @description Generations this worker runs at once. */
            slots?: number;
            /** @description Items running now. */
            running?: string[];
            completed?: number;
            failed?: number;
            /** @description The item that this worker ended last, since its start. */
            lastItem?: {
                itemId: string;
                /** @enum {string} */
                outcome: "completed" | "failed";
                /** Format: date-time */
                endedAt: string;
            };
            /** @description Of a worker that takes no new work, until it is resumed. */
            drain?: components["schemas"]["Drain"];
            /** @description Providers that are a sandbox to this worker: another base URL, and the word `sandbox` for a key. */
            sandboxed?: string[];
            /** @description Of each provider that charges, as this worker sees it. */
            gates?: components["schemas"]["Gate"][];
        };
        Worker: {
            service: string;
            id: string;
            version: string;
            /** Format: date-time */
            startedAt: string;
            /** @description Generations this worker runs at once. */
            slots?: number;
            /** @description Items running now. */
            running?: string[];
            completed?: number;
            failed?: number;
            /** @description The item that this worker ended last, since its start. */
            lastItem?: {
                itemId: string;
                /** @enum {string} */
                outcome: "completed" | "failed";
                /** Format: date-time */
                endedAt: string;
            };
            /** @description Of a worker that takes no new work, until it is resumed. */
            drain?: components["schemas"]["Drain"];
            /** @description Providers that are a sandbox to this worker: another base URL, and the word `sandbox` for a key. */
            sandboxed?: string[];
            /** @description Of each provider that charges, as this worker sees it. */
            gates?: components["schemas"]["Gate"][];
            /** Format: date-time */
            lastSeenAt: string;
        };
        WorkerList: {
            data: components["schemas"]["Worker"][];
        };
        Queue: {
            /** @description The stream and consumer, or the run queue of a provider. */
            name: string;
            stream: string;
            provider: string | null;
            /** @description Waiting, not yet delivered. */
            depth: number;
            /** @description Delivered and not yet settled. */
            inFlight: number;
            redelivered: number;
            /** @description Deliveries so far, redeliveries among them. */
            delivered: number;
            /** @description Over the last minute at most, as this replica has seen it; null until it has been asked twice. */
            deliveredPerMinute: number | null;
            /** @description Nothing is delivered before; far away when a person paused it. */
            pausedUntil?: string | null;
            /** @description `person`: until somebody resumes it; `gate`: a worker's gate, until `pausedUntil`. */
            pausedBy?: ("person" | "gate") | null;
            /** @description Of a provider's work: the least open of its workers' gates. */
            gate?: components["schemas"]["Gate"] | null;
            /** @description Age of the oldest message still kept; null when empty. */
            oldestAgeMs: number | null;
        };
        QueueList: {
            data: components["schemas"]["Queue"][];
        };
        Dependency: {
            /** @enum {string} */
            name: "database" | "broker" | "store";
            reachable: boolean;
            /** @description Of the server; null where it does not say. */
            version: string | null;
        };
        Health: {
            /**
             * @description `degraded`: something is away, or a service has no replica; orders may be accepted all the same.
             * @enum {string}
             */
            status: "ok" | "degraded";
            dependencies: components["schemas"]["Dependency"][];
            /** @description Every service, also without a replica; null while the broker, which knows them, is away. */
            services: {
                service: string;
                replicas: components["schemas"]["Worker"][];
            }[] | null;
            /** @description Providers that can be ordered from. */
            providers: string[];
            /** @description Where people look at traces, with `{traceId}` in the id's place; null when nobody said. */
            traceUrlTemplate: string | null;
        };
        OrderLedger: {
            /** @description Calls that the provider accepted, those of every attempt. */
            accepted: number;
            /** @description Outputs that the provider charges for by its answers so far, those included that it filtered or that could not be had. */
            paid: number;
            /** @description Products of the order. */
            delivered: number;
            /** @description Calls that were sent again while it was unknown whether the first is charged: they may be charged twice. */
            paidTwice: number;
            /** @description Calls of which nobody could find out whether the provider accepted them and charges them. */
            unknown: number;
        };
        OrderRequest: {
            /** @description `fal` or `replicate`. */
            provider: string;
            /** @description The provider's name of the model, e.g. `fal-ai/flux/schnell`. */
            model: string;
            /** @description The version of a Replicate community model. */
            modelVersion?: string;
            prompt: string;
            /** @default {} */
            parameters: components["schemas"]["Parameters"];
            /** @description Provider calls; or give `quantity`. */
            generations?: number;
            /** @description Products; or give `generations`. */
            quantity?: number;
            /** @description Outputs asked of one call: 1 when `generations` are given, else what the model makes. More than it makes is split into more calls, and the quote warns of it. */
            batchSize?: number;
            /**
             * @default exact
             * @enum {string}
             */
            remainder: "exact" | "overshoot";
            /** @default accept */
            shortfall: components["schemas"]["Shortfall"];
            /** @default standard */
            priority: components["schemas"]["Priority"];
            /** @description Generation n gets seed + n; chosen at random and recorded when absent. */
            seed?: number;
            /**
             * Format: date-time
             * @description Not dispatched before.
             */
            startAt?: string;
            /**
             * Format: date-time
             * @description What has not ended by then is stopped and fails with deadline_exceeded.
             */
            expiresAt?: string;
            /** @default {} */
            metadata: {
                [key: string]: string;
            };
        };
        OrderBatchRequest: {
            orders: components["schemas"]["OrderRequest"][];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description What is wrong and what to do. */
            detail: string;
            /** @description The same as `requestId`. */
            instance: string;
            /** @description As in the logs and in `X-Request-Id`. */
            requestId: string;
            /** @description The trace that the request is part of; null when nothing is traced. */
            traceId: string | null;
            errors?: {
                pointer: string;
                detail: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
