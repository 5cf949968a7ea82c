/** Twelve months of each figure, from the table of the monthly report. */

export interface Month {
  /** Such as `2026-11`. */
  month: string;
  value: number | null;
  rows: number;
}

/** Months of each figure, the oldest first; parts of figures are left out. */
export function trendsOf(csv: string): Map<string, Month[]> {
  const trends = new Map<string, Month[]>();
  // Names, parts and months have neither commas nor quotes; lines of parts that do are left out anyway.
  for (const line of csv.split(/\r?\n/).slice(1)) {
    const [figure, part, month, value, , , rows] = line.split(',');
    if (!figure || part || !month) continue;
    const months = trends.get(figure) ?? [];
    months.push({ month, value: value ? Number(value) : null, rows: Number(rows) });
    trends.set(figure, months);
  }
  return trends;
}

export interface Place {
  x: number;
  y: number;
}

/**
 * Where the months of a trend lie in a picture of a size, and where a goal does. Months without a value
 * have no place: a line is never drawn across them.
 */
export function placesOf(
  months: readonly Month[],
  goal: number | null,
  { width, height, pad }: { width: number; height: number; pad: number }
): { places: (Place | null)[]; goalY: number | null; lines: Place[][] } {
  const values = months.flatMap(({ value }) => (value === null ? [] : [value]));
  const all = goal === null ? values : [...values, goal];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const step = months.length > 1 ? (width - 2 * pad) / (months.length - 1) : 0;
  const y = (value: number) =>
    high === low ? height / 2 : height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  const places = months.map(({ value }, i) =>
    value === null ? null : { x: pad + i * step, y: y(value) }
  );
  const lines: Place[][] = [[]];
  for (const place of places) {
    if (place) lines.at(-1)?.push(place);
    else lines.push([]);
  }
  return {
    places,
    goalY: goal === null || values.length === 0 ? null : y(goal),
    lines: lines.filter(({ length }) => length > 1)
  };
}
