/**
 * A plain map: latitude and longitude as a grid (equirectangular, true to scale in the middle), without
 * pictures from anywhere else.
 */

export interface Place {
  latitude: number;
  longitude: number;
}

export interface Bounds {
  south: number;
  north: number;
  west: number;
  east: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A mark never stands nearer to the edge, so that its label has room; pixels. */
const EDGE_PX = 56;

/** A single site is shown with so much around it, degrees of latitude: some 20 km. */
const LEAST_DEGREES = 0.2;

const KM_PER_DEGREE = 111.2;

export function boundsOf(places: readonly Place[]): Bounds {
  const latitudes = places.map(({ latitude }) => latitude);
  const longitudes = places.map(({ longitude }) => longitude);
  return {
    south: Math.min(...latitudes),
    north: Math.max(...latitudes),
    west: Math.min(...longitudes),
    east: Math.max(...longitudes)
  };
}

/** Whether looking closer would show more. */
export function hasExtent({ south, north, west, east }: Bounds): boolean {
  return north - south > 0.0005 || east - west > 0.0005;
}

export class MapView {
  /** Pixels per degree of latitude. */
  readonly scale: number;
  readonly #middle: Place;
  /** A degree of longitude is shorter by this, in the middle of the map. */
  readonly #narrow: number;

  constructor(
    bounds: Bounds,
    readonly size: Size
  ) {
    const { south, north, west, east } = bounds;
    this.#middle = { latitude: (south + north) / 2, longitude: (west + east) / 2 };
    this.#narrow = Math.max(0.05, Math.cos((this.#middle.latitude * Math.PI) / 180));
    const room = (px: number) => Math.max(40, px - 2 * EDGE_PX);
    this.scale = Math.min(
      room(size.height) / Math.max(LEAST_DEGREES, north - south),
      room(size.width) / Math.max(LEAST_DEGREES, (east - west) * this.#narrow)
    );
  }

  /** Where a place lies, pixels from the top left. */
  at({ latitude, longitude }: Place): { x: number; y: number } {
    return {
      x: this.size.width / 2 + (longitude - this.#middle.longitude) * this.#narrow * this.scale,
      y: this.size.height / 2 - (latitude - this.#middle.latitude) * this.scale
    };
  }

  /** Meridians and parallels at round degrees, some four across. */
  grid(): {
    meridians: { x: number; degrees: number }[];
    parallels: { y: number; degrees: number }[];
  } {
    const { width, height } = this.size;
    const { latitude, longitude } = this.#middle;
    const wide = width / 2 / (this.scale * this.#narrow);
    const high = height / 2 / this.scale;
    const step = roundStep(Math.max(wide, high) / 2);
    const between = (low: number, top: number) => {
      const first = Math.ceil(low / step);
      const count = Math.max(0, Math.floor(top / step) - first + 1);
      // Multiplied, not added up: no 9.999999.
      return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toFixed(6)));
    };
    return {
      meridians: between(longitude - wide, longitude + wide).map((degrees) => ({
        degrees,
        x: this.at({ latitude, longitude: degrees }).x
      })),
      parallels: between(latitude - high, latitude + high).map((degrees) => ({
        degrees,
        y: this.at({ latitude: degrees, longitude }).y
      }))
    };
  }

  /** A round distance that is about a fifth of the map wide. */
  ruler(): { km: number; px: number } {
    const pxPerKm = this.scale / KM_PER_DEGREE;
    const km = roundStep(this.size.width / 5 / pxPerKm);
    return { km, px: km * pxPerKm };
  }
}

/** The largest of 1, 2, 5, 10, … that is not larger. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((digit) => digit * power <= most) ?? 1;
  return step * power;
}

export interface Cluster<T> {
  x: number;
  y: number;
  members: T[];
}

/** Things whose marks would lie on each other share one. */
export function clustered<T extends Place>(
  things: readonly T[],
  view: MapView,
  nearPx: number
): Cluster<T>[] {
  const clusters: Cluster<T>[] = [];
  for (const thing of things) {
    const { x, y } = view.at(thing);
    const near = clusters.find((other) => Math.hypot(other.x - x, other.y - y) < nearPx);
    if (near) near.members.push(thing);
    else clusters.push({ x, y, members: [thing] });
  }
  return clusters;
}

/** `53.5° N`; the minus of a coordinate is a letter. */
export function degreesText(degrees: number, positive: string, negative: string): string {
  if (degrees === 0) return '0°';
  return `${Math.abs(degrees)}° ${degrees < 0 ? negative : positive}`;
}
