import { IMPORTS, OF_ASSET, OF_BOARDS, POINTS, SHOWN, THIS, TICKETS } from './flux.mjs';
import { ALL_OF, POINT_OVERRIDES, chart, dashboard, listed, table } from './parts.mjs';

export const ASSETS = `${POINTS}
points |> group() |> distinct(column: "asset") |> sort()`;

export const BOARDS = `${POINTS}
points |> ${OF_ASSET} |> group() |> distinct(column: "board") |> sort()`;

export const QUANTITIES = `${POINTS}
points |> ${OF_ASSET} |> group() |> distinct(column: "quantity") |> sort()`;

export const POINT_NAMES = `${POINTS}
points
  |> ${OF_ASSET}
  |> filter(fn: (r) => r.quantity =~ /^(\${quantity:regex})$/)
  |> group()
  |> distinct(column: "point")
  |> sort()`;

/** Variables that choose points of a machine. */
export const CHOICE = [
  listed('asset', 'Machine', ASSETS),
  listed('quantity', 'Quantity', QUANTITIES, ALL_OF),
  listed('point', 'Point', POINT_NAMES, ALL_OF),
  listed('board', 'Board', BOARDS, { ...ALL_OF, hide: 2 })
];

export const TICKET_MARKS = `${TICKETS}
tickets
  |> ${OF_ASSET}
  |> filter(fn: (r) => r._time >= v.timeRangeStart and r._time < v.timeRangeStop)
  |> map(fn: (r) => ({time: r._time, text: r.number + ": " + r.title + " (" + r.state + ")"}))`;

/**
 * Few readings are shown themselves; many as minimum, maximum and mean of windows: of readings, and
 * of rollups where a window is a minute or longer or the readings are no longer kept.
 */
const READINGS = `${IMPORTS}${POINTS}${THIS}
rows = (bucket, measurement, field) => from(bucket: bucket)
  |> ${SHOWN}
  |> filter(fn: (r) => r._measurement == measurement and r._field == field
    and ${OF_BOARDS} and r.channel =~ channels)
readings = rows(bucket: v.defaultBucket, measurement: "reading", field: "value")
total = (tables) => {
  found = tables |> spoken(of: this |> limit(n: 1)) |> group() |> sum() |> findColumn(fn: (key) => true, column: "_value")
  return if length(arr: found) > 0 then found[0] else 0
}

few = 3000
short = int(v: v.windowPeriod) < 60000000000
rolled = if short then 0
  else total(tables: rows(bucket: v.defaultBucket + "_1h", measurement: "rollup", field: "count") |> sum())
kept = if rolled > few then 0 else total(tables: readings |> count())
single = kept > 0 and kept <= few and kept >= rolled

windows = (tables=<-, fn, figure) => tables
  |> aggregateWindow(every: v.windowPeriod, fn: fn, createEmpty: true, timeSrc: "_start")
  |> set(key: "figure", value: figure)
  |> keep(columns: ["_time", "_value", "board", "channel", "unit", "figure"])
of_readings = () => union(tables: [
  readings |> windows(fn: min, figure: "min"),
  readings |> windows(fn: max, figure: "max"),
  readings |> windows(fn: mean, figure: "mean"),
])
of_rollups = () => {
  bucket = v.defaultBucket + (if int(v: v.windowPeriod) < 3600000000000 then "_1m" else "_1h")
  rollup = (field) => rows(bucket: bucket, measurement: "rollup", field: field)
  every = if short then 1m else v.windowPeriod
  sums = (field) => rollup(field: field) |> toFloat()
    |> aggregateWindow(every: every, fn: sum, createEmpty: true, timeSrc: "_start")
  means = union(tables: [sums(field: "sum"), sums(field: "count")])
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
    |> map(fn: (r) => ({r with _value: r.sum / r.count, figure: "mean"}))
    |> keep(columns: ["_time", "_value", "board", "channel", "unit", "figure"])
  extreme = (fn, figure) => rollup(field: figure)
    |> aggregateWindow(every: every, fn: fn, createEmpty: true, timeSrc: "_start")
    |> set(key: "figure", value: figure)
    |> keep(columns: ["_time", "_value", "board", "channel", "unit", "figure"])
  return union(tables: [extreme(fn: min, figure: "min"), extreme(fn: max, figure: "max"), means])
}
figures = if single then readings
    |> set(key: "figure", value: "reading")
    |> keep(columns: ["_time", "_value", "board", "channel", "unit", "figure"])
  else if short and kept > 0 then of_readings()
  else of_rollups()

figures
  |> named(of: this)
  |> calibrated()
  // A falling line swaps the ends of the band.
  |> map(fn: (r) => ({r with figure: if r.scale > 0.0 then r.figure
    else if r.figure == "min" then "max" else if r.figure == "max" then "min" else r.figure}))
  |> map(fn: (r) => ({_time: r._time, _value: r._value, series: r.figure + " " + r.symbol}))
  |> group()
  |> pivot(rowKey: ["_time"], columnKey: ["series"], valueColumn: "_value")
  |> sort(columns: ["_time"])`;

const OF_MACHINE = `${TICKETS}
tickets
  |> ${OF_ASSET}
  |> sort(columns: ["_time"], desc: true)
  |> rename(columns: {_time: "deviates since"})
  |> keep(columns: ["number", "state", "title", "deviates since", "opened_at"])`;

export const machine = dashboard(
  'aftercare-machine',
  'Aftercare: machine',
  'One machine: each of its points, and its tickets.',
  {
    variables: CHOICE,
    annotations: { Tickets: TICKET_MARKS },
    panels: [
      chart(
        '$point',
        'Up to 3000 readings are shown as dots. More are shown as mean and band from minimum to maximum of windows; a window without readings is a gap. Windows of a minute and longer come from rollups, which follow the readings by half a minute.',
        READINGS,
        { x: 0, y: 0, w: 12, h: 8 },
        { repeat: 'point', overrides: POINT_OVERRIDES }
      ),
      table(
        'Tickets of $asset',
        'All of them, whenever they were opened.',
        OF_MACHINE,
        { x: 0, y: 8, w: 24, h: 7 },
        {
          number: {},
          state: {},
          title: {},
          'deviates since': {},
          opened_at: { displayName: 'opened' }
        }
      )
    ]
  }
);
