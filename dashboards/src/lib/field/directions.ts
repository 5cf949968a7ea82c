interface Place {
  latitude: number | null;
  longitude: number | null;
  address: string | null;
}

const MAP = 'https://www.openstreetmap.org';

/**
 * A link that shows the way to a place; null where nobody has said where it is. Only a link: nothing is
 * loaded before somebody follows it. Android asks with `geo:` (RFC 5870) which map to open.
 */
export function directionsTo(
  { latitude, longitude, address }: Place,
  userAgent = navigator.userAgent
): string | null {
  const isAndroid = /android/i.test(userAgent);
  if (latitude !== null && longitude !== null) {
    const at = `${latitude},${longitude}`;
    return isAndroid ? `geo:${at}?q=${at}` : `${MAP}/directions?${new URLSearchParams({ to: at })}`;
  }
  const words = address?.trim();
  if (!words) return null;
  return isAndroid
    ? `geo:0,0?q=${encodeURIComponent(words)}`
    : `${MAP}/search?${new URLSearchParams({ query: words })}`;
}
