/**
 * Whether an address may be fetched: its origin is one of `origins`, such as `https://queue.fal.run`, or below one that
 * starts with `*.`, such as `https://*.fal.media`. IP literals, other ports, other schemes and user information never
 * match a host name, so none of them needs a rule.
 */
export function isAllowedAddress(address: URL, origins: readonly string[]): boolean {
  if (address.username !== "" || address.password !== "") return false;
  return origins.some((origin) => {
    const [scheme = "", host = ""] = origin.split("://");
    if (!host.startsWith("*.")) return address.origin === origin;
    return address.origin.startsWith(`${scheme}://`) && address.host.endsWith(host.slice(1));
  });
}
