import { OF_BOARDS, SHOWN } from './flux.mjs';
import { ALL_OF, chart, chosen, dashboard, listed, table } from './parts.mjs';

const BOARDS = `from(bucket: v.defaultBucket + "_1h")
  |> range(start: 0)
  |> filter(fn: (r) => r._measurement == "rollup" and r._field == "count")
  |> last()
  |> group()
  |> distinct(column: "board")
  |> sort()`;

/** `hours`: whole hours of the time shown, by board; also those in which nothing was received. */
const HOURS = `import "date"

hours = from(bucket: v.defaultBucket + "_1h")
  |> range(start: date.truncate(t: v.timeRangeStart, unit: 1h), stop: date.truncate(t: v.timeRangeStop, unit: 1h))
  |> filter(fn: (r) => r._measurement == "rollup" and r._field == "count" and ${OF_BOARDS})
  |> group(columns: ["board", "_start", "_stop"])
  |> aggregateWindow(every: 1h, fn: sum, createEmpty: true, timeSrc: "_start")
  |> fill(value: 0)
  |> group(columns: ["board"])
  |> keep(columns: ["_time", "_value", "board"])
usual = hours
  |> filter(fn: (r) => r._value > 0)
  |> toFloat()
  |> quantile(q: 0.5, method: "exact_mean")
ledger = join(tables: {of: hours, usual: usual}, on: ["board"])
  |> rename(columns: {_value_of: "received", _value_usual: "expected"})
`;

const SHARE = `${HOURS}
ledger
  |> map(fn: (r) => ({_time: r._time, board: r.board, _value: float(v: r.received) / r.expected}))
  |> group()
  |> pivot(rowKey: ["_time"], columnKey: ["board"], valueColumn: "_value")
  |> sort(columns: ["_time"])`;

const ENTRIES = `${HOURS}
ledger
  |> group()
  |> map(fn: (r) => ({
    hour: r._time,
    board: r.board,
    received: r.received,
    expected: r.expected,
    missing: if float(v: r.received) < r.expected then r.expected - float(v: r.received) else 0.0,
  }))
  |> sort(columns: ["hour", "board"], desc: true)`;

const GAPS = `from(bucket: v.defaultBucket + "_1m")
  |> ${SHOWN}
  |> filter(fn: (r) => r._measurement == "rollup" and r._field == "count" and ${OF_BOARDS})
  |> keep(columns: ["_time", "_value", "board"])
  |> group(columns: ["board"])
  |> sort(columns: ["_time"])
  |> elapsed(unit: 1s)
  |> map(fn: (r) => ({
    board: r.board,
    from: time(v: int(v: r._time) - (r.elapsed - 60) * 1000000000),
    to: r._time,
    length: r.elapsed - 60,
  }))
  |> filter(fn: (r) => r.length >= int(v: \${gap:raw}) / 1000000000)
  |> group()
  |> sort(columns: ["from"], desc: true)`;

const SEEN = `from(bucket: v.defaultBucket)
  |> range(start: 0, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "reading" and r._field == "value" and ${OF_BOARDS})
  |> last()
  |> group(columns: ["board"])
  |> max(column: "_time")
  |> group()
  |> map(fn: (r) => ({
    board: r.board,
    seen: r._time,
    age: (int(v: v.timeRangeStop) - int(v: r._time)) / 1000000000,
  }))
  |> sort(columns: ["board"])`;

export const ledger = dashboard(
  'aftercare-ledger',
  'Aftercare: ledger',
  'What boards sent and what was expected of them, by the hour.',
  {
    variables: [
      listed('board', 'Board', BOARDS, ALL_OF),
      chosen('gap', 'Gaps from', ['5m', '2m', '15m', '1h', '6h'])
    ],
    panels: [
      chart(
        'Received of expected',
        'Whole hours. Expected is what the board usually sends: the median of its hours with readings in the time shown. So a board that always loses the same share looks well here, and one that was silent all the time is only under Last seen.',
        SHARE,
        { x: 0, y: 0, w: 24, h: 9 },
        { unit: 'percentunit', custom: { drawStyle: 'bars', fillOpacity: 40 } }
      ),
      table(
        'Hours',
        'The same as figures.',
        ENTRIES,
        { x: 0, y: 9, w: 12, h: 12 },
        {
          hour: {},
          board: {},
          received: {},
          expected: { decimals: 0 },
          missing: { decimals: 0 }
        }
      ),
      table(
        'Gaps',
        'Minutes between two readings of a board in which it sent nothing at all.',
        GAPS,
        { x: 12, y: 9, w: 12, h: 6 },
        { board: {}, from: {}, to: {}, length: { unit: 's' } }
      ),
      table(
        'Last seen',
        'The newest measured time of each board up to the end of the time shown.',
        SEEN,
        { x: 12, y: 15, w: 12, h: 6 },
        { board: {}, seen: {}, age: { unit: 's', displayName: 'age at the end of the time shown' } }
      )
    ]
  }
);
