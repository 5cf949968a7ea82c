import { IMPORTS, OF_ASSET, OF_BOARDS, POINTS, THIS } from './flux.mjs';
import { CHOICE, TICKET_MARKS } from './machine.mjs';
import { WINDOW_OVERRIDES, chart, chosen, dashboard, table, typed } from './parts.mjs';

/** `before` and `after`: where each window starts; both are as long. */
const WINDOWS = `import "date"
import "math"
${IMPORTS}${POINTS}
after = if "\${after:raw}" == "" then v.timeRangeStart else time(v: "\${after:raw}")
before = if "\${before:raw}" == "" then date.sub(d: \${length:raw}, from: after) else time(v: "\${before:raw}")
readings = (start) => from(bucket: v.defaultBucket)
  |> range(start: start, stop: date.add(d: \${length:raw}, to: start))
  |> filter(fn: (r) => r._measurement == "reading" and r._field == "value" and ${OF_BOARDS})
`;

const OVERLAY = `${WINDOWS}
${THIS}overlaid = (start, name) => readings(start: start)
  |> filter(fn: (r) => r.channel =~ channels)
  |> aggregateWindow(every: \${every:raw}, fn: mean, createEmpty: true, timeSrc: "_start",
    offset: duration(v: int(v: start) % int(v: \${every:raw})))
  |> keep(columns: ["_time", "_value", "board", "channel", "unit"])
  |> named(of: this)
  |> calibrated()
  |> map(fn: (r) => ({
    _time: time(v: int(v: r._time) - int(v: start) + int(v: v.timeRangeStart)),
    _value: r._value,
    series: name + " " + r.symbol,
  }))
  |> group()
union(tables: [overlaid(start: before, name: "before"), overlaid(start: after, name: "after")])
  |> pivot(rowKey: ["_time"], columnKey: ["series"], valueColumn: "_value")
  |> sort(columns: ["_time"])`;

const STATISTICS = `${WINDOWS}
these = points |> ${OF_ASSET} |> filter(fn: (r) => r.point =~ /^(\${point:regex})$/)
of_window = (start, name) => {
  figures = (tables=<-, figure) => tables
    |> toFloat()
    |> map(fn: (r) => ({r with _time: start, figure: figure}))
    |> keep(columns: ["_time", "_value", "board", "channel", "unit", "figure"])
  as_reported = union(tables: [
    readings(start: start) |> count() |> figures(figure: "readings"),
    readings(start: start) |> mean() |> figures(figure: "mean"),
    readings(start: start) |> stddev() |> figures(figure: "deviation"),
    readings(start: start) |> min() |> figures(figure: "min"),
    readings(start: start) |> max() |> figures(figure: "max"),
  ]) |> named(of: these)
  // A falling line swaps the extremes; a deviation knows no offset.
  return as_reported |> map(fn: (r) => ({r with
    _value: if r.figure == "readings" then r._value
      else if r.figure == "deviation" then r._value * math.abs(x: r.scale)
      else r._value * r.scale + r.offset,
    figure: name + " " + (if r.scale > 0.0 then r.figure
      else if r.figure == "min" then "max" else if r.figure == "max" then "min" else r.figure),
  }))
}
union(tables: [of_window(start: before, name: "before"), of_window(start: after, name: "after")])
  |> group()
  |> pivot(rowKey: ["point", "symbol", "board", "channel"], columnKey: ["figure"], valueColumn: "_value")
  |> map(fn: (r) => ({r with "change of mean": r["after mean"] - r["before mean"]}))
  |> rename(columns: {symbol: "as"})
  |> sort(columns: ["point"])`;

const START =
  'RFC 3339 in UTC, such as 2026-01-31T08:00:00Z. Empty: the window after starts with the time shown; the window before ends where the window after starts.';

export const repair = dashboard(
  'aftercare-repair',
  'Aftercare: repair before and after',
  'Two windows of a machine, one over the other. Whether a repair worked is for Aftercare to say: these figures know no load and no interval of confidence.',
  {
    variables: [
      ...CHOICE,
      typed('before', 'Before starts at', START),
      typed('after', 'After starts at', START),
      chosen('length', 'Length of both', ['1h', '15m', '6h', '24h', '7d']),
      chosen('every', 'Means of', ['1m', '10s', '10m', '1h'])
    ],
    annotations: { Tickets: TICKET_MARKS },
    panels: [
      table(
        'Figures of both windows',
        'From the readings themselves. One row for each series that spoke for the point at the start of a window; deviation is the standard deviation.',
        STATISTICS,
        { x: 0, y: 0, w: 24, h: 9 },
        {
          point: {},
          as: { displayName: 'unit' },
          'before mean': {},
          'after mean': {},
          'change of mean': {},
          'before deviation': {},
          'after deviation': {},
          'before min': {},
          'after min': {},
          'before max': {},
          'after max': {},
          'before readings': {},
          'after readings': {}
        }
      ),
      chart(
        '$point',
        'Both windows are shifted to where the time shown starts, so only the distance from there counts. A stretch without readings is a gap.',
        OVERLAY,
        { x: 0, y: 9, w: 12, h: 8 },
        { repeat: 'point', overrides: WINDOW_OVERRIDES }
      )
    ]
  }
);
