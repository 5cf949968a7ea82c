import { OPEN, POINTS, SHOWN, TICKETS } from './flux.mjs';
import { chart, dashboard, table } from './parts.mjs';

/** `received`: rollups of a minute, summed up in windows of `every` and named. */
const RECEIVED = `// Whole minutes, as many as give 200 windows: rollups of a minute fit in, and few rows are joined.
span = int(v: v.timeRangeStop) - int(v: v.timeRangeStart)
every = duration(v: (span / 200 / 60000000000 + 1) * 60000000000)
received = from(bucket: v.defaultBucket + "_1m")
  |> ${SHOWN}
  |> filter(fn: (r) => r._measurement == "rollup" and r._field == "count")
  |> aggregateWindow(every: every, fn: sum, createEmpty: false, timeSrc: "_start")
  |> keep(columns: ["_time", "_value", "board", "channel", "unit"])
  |> named()
  |> group(columns: ["asset"])
`;

/** The newest reading of every series up to the end of the time shown, however long ago. */
const NEWEST = `newest = from(bucket: v.defaultBucket)
  |> range(start: 0, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "reading" and r._field == "value")
  |> last()
  |> keep(columns: ["_time", "_value", "board", "channel", "unit"])
  |> named()
  |> calibrated()
  |> map(fn: (r) => ({r with age: (int(v: v.timeRangeStop) - int(v: r._time)) / 1000000000}))
`;

const MACHINES = `${POINTS}
${TICKETS}
${NEWEST}
${RECEIVED}
minutes = float(v: span) / 60000000000.0
last = newest |> group(columns: ["asset"]) |> max(column: "_time")

column = (tables=<-, name) => tables
  |> set(key: "figure", value: name)
  |> keep(columns: ["asset", "figure", "_value"])
  |> group(columns: ["figure"])
union(tables: [
  points |> group(columns: ["asset"]) |> distinct(column: "point") |> count() |> column(name: "points"),
  last |> map(fn: (r) => ({asset: r.asset, _value: r._time})) |> column(name: "last reading"),
  last |> map(fn: (r) => ({asset: r.asset, _value: r.age})) |> column(name: "age"),
  received |> sum() |> map(fn: (r) => ({asset: r.asset, _value: float(v: r._value) / minutes}))
    |> column(name: "readings per minute"),
  tickets |> ${OPEN} |> group(columns: ["asset"]) |> count(column: "number")
    |> rename(columns: {number: "_value"}) |> column(name: "open tickets"),
])
  |> pivot(rowKey: ["asset"], columnKey: ["figure"], valueColumn: "_value")
  |> sort(columns: ["asset"])`;

const RATE = `${POINTS}
${RECEIVED}
received
  |> ${SHOWN}
  |> aggregateWindow(every: every, fn: sum, createEmpty: true, timeSrc: "_start")
  |> map(fn: (r) => ({_time: r._time, asset: r.asset, _value: float(v: r._value) * 60000000000.0 / float(v: int(v: every))}))
  |> group()
  |> pivot(rowKey: ["_time"], columnKey: ["asset"], valueColumn: "_value")
  |> sort(columns: ["_time"])`;

const VALUES = `${POINTS}
${NEWEST}
newest
  |> group()
  |> rename(columns: {_value: "value", _time: "measured", symbol: "as"})
  |> keep(columns: ["asset", "point", "value", "as", "measured", "age", "board", "channel"])
  |> sort(columns: ["asset", "point"])`;

const TO_DO = `${TICKETS}
tickets
  |> ${OPEN}
  |> rename(columns: {_time: "deviates since"})
  |> keep(columns: ["number", "asset", "state", "title", "deviates since", "opened_at"])
  |> sort(columns: ["deviates since"], desc: true)`;

const AGE = { unit: 's', displayName: 'age at the end of the time shown' };

export const fleet = dashboard(
  'aftercare-fleet',
  'Aftercare: fleet',
  'All machines: when each was heard last, what comes in, what is open.',
  {
    variables: [],
    panels: [
      table(
        'Machines',
        'A machine without a last reading has none from the channels that speak for it now. Readings per minute are the mean over the time shown, from rollups of a minute.',
        MACHINES,
        { x: 0, y: 0, w: 14, h: 9 },
        {
          asset: {},
          'last reading': {},
          age: AGE,
          'readings per minute': { decimals: 1 },
          'open tickets': {},
          points: {}
        }
      ),
      table(
        'Open tickets',
        'Neither closed nor cancelled, as Aftercare said last.',
        TO_DO,
        { x: 14, y: 0, w: 10, h: 9 },
        {
          number: {},
          asset: {},
          state: {},
          title: {},
          'deviates since': {},
          opened_at: { displayName: 'opened' }
        }
      ),
      chart(
        'Readings per minute',
        'A gap means that nothing was received.',
        RATE,
        { x: 0, y: 9, w: 24, h: 8 },
        { unit: 'short' }
      ),
      table(
        'Newest values',
        'The newest reading of each channel that speaks for a point, up to the end of the time shown.',
        VALUES,
        { x: 0, y: 17, w: 24, h: 10 },
        {
          asset: {},
          point: {},
          value: {},
          as: { displayName: 'unit' },
          measured: {},
          age: AGE
        }
      )
    ]
  }
);
