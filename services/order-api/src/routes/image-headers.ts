/** Of every image that is served: it never changes, so a copy is good for ever. */
export const imageHeaders = {
  "cache-control": "private, max-age=31536000, immutable",
  "x-content-type-options": "nosniff",
  // Were it ever more than an image, it still could not do anything on our origin.
  "content-security-policy": "default-src 'none'; sandbox",
} as const;
