/**
 * A key that no other device makes, for something that may have to be sent twice. `randomUUID` is
 * missing where a site serves the page without TLS.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A UUIDv7 (RFC 9562), for something that the server has to know by the same name later. */
export function newId(atMs: number = Date.now()): string {
  const time = atMs.toString(16).padStart(12, '0');
  const random = newKey();
  // The version, and the two bits of the variant.
  const variant = ((parseInt(random.charAt(3), 16) & 0x3) | 0x8).toString(16);
  const [a, b] = [random.slice(0, 3), random.slice(4, 7)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${b}-${random.slice(7, 19)}`;
}
