// Flux that several panels share. Grafana puts in `v.…` and the variables of the dashboard.

/** Everything that was ever named, whenever it began. */
const EVER = 'range(start: 1700-01-01T00:00:00Z, stop: 2255-01-01T00:00:00Z)';

/** The time shown. */
export const SHOWN = 'range(start: v.timeRangeStart, stop: v.timeRangeStop)';

/** Boards of the variable; the storage engine understands this condition. */
export const OF_BOARDS = 'r.board =~ /^(${board:regex})$/';

/**
 * `points`: which series speaks for which point, and when.
 * `spoken()`: adds to rows of series what they speak for, once for each stretch of time.
 * `named()`: the same for rows with a time, which decides.
 * `calibrated()`: corrects what was reported, as Aftercare does; a straight line does this to means
 * and extremes as well.
 *
 * The function `join`, not the package: that one fails where there are no rows at all.
 */
export const POINTS = `points = from(bucket: v.defaultBucket + "_names")
  |> ${EVER}
  |> filter(fn: (r) => r._measurement == "point")
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
  |> map(fn: (r) => ({r with valid_from: r._time, valid_to: time(v: r.valid_to)}))
  |> drop(columns: ["_time", "_start", "_stop", "_measurement"])
  |> group(columns: ["board", "channel", "unit"])
spoken = (tables=<-, of=points) => join(
    tables: {rows: tables |> group(columns: ["board", "channel", "unit"]), points: of},
    on: ["board", "channel", "unit"],
  )
named = (tables=<-, of=points) => tables
  |> spoken(of: of)
  |> filter(fn: (r) => r._time >= r.valid_from and r._time < r.valid_to)
calibrated = (tables=<-) => tables |> map(fn: (r) => ({r with _value: r._value * r.scale + r.offset}))
`;

/** `tickets`: all of them, each at the time since when its machine deviates. */
export const TICKETS = `tickets = from(bucket: v.defaultBucket + "_names")
  |> ${EVER}
  |> filter(fn: (r) => r._measurement == "ticket")
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
  |> group()
  |> map(fn: (r) => ({r with opened_at: time(v: r.opened_at)}))
`;

export const OPEN = 'filter(fn: (r) => r.state != "closed" and r.state != "cancelled")';

/** The machine of the variable. */
export const OF_ASSET = 'filter(fn: (r) => r.asset == ${asset:doublequote})';

/** What `THIS` needs at the top of a query. */
export const IMPORTS = `import "regexp"
import "strings"
`;

/**
 * `this`: the series that spoke for the point of the variables.
 * `channels`: their channels; a condition on them keeps the others from being read and joined.
 */
export const THIS = `this = points
  |> filter(fn: (r) => r.asset == \${asset:doublequote} and r.point == \${point:doublequote})
names = this |> group() |> findColumn(fn: (key) => true, column: "channel")
channels = regexp.compile(v: "^(" + strings.joinStr(arr: names, v: "|") + ")$")
`;
