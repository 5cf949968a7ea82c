// Parts of a dashboard, as Grafana 11 and later read them.

export const DATASOURCE = { type: 'influxdb', uid: 'aftercare-influxdb' };

/** Canonical units of telemetry/src/quantity.rs, and what Grafana calls them. */
export const UNITS = {
  Cel: 'celsius',
  Pa: 'pressurepa',
  A: 'amp',
  V: 'volt',
  W: 'watt',
  J: 'joule',
  'm3/s': 'flowcms',
  'm/s2': 'accMS2',
  'm/s': 'velocityms',
  Hz: 'hertz',
  '%RH': 'humidity',
  '/': 'percentunit',
  m: 'lengthm',
  m3: 'm3',
  kg: 'masskg',
  s: 's',
  Ohm: 'ohm'
};

const target = (query) => ({ refId: 'A', datasource: DATASOURCE, query });

/** A list that is filled by a query. */
export const listed = (name, label, query, more = {}) => ({
  type: 'query',
  name,
  label,
  datasource: DATASOURCE,
  query: { refId: name, query },
  definition: query,
  refresh: 2,
  sort: 1,
  multi: false,
  includeAll: false,
  ...more
});

/** All of a list that depends on what was chosen before; nobody has to see it. */
export const ALL_OF = {
  multi: true,
  includeAll: true,
  current: { text: ['All'], value: ['$__all'] }
};

/** Texts to choose from; the first is the default. */
export const chosen = (name, label, texts) => ({
  type: 'custom',
  name,
  label,
  query: texts.join(','),
  options: texts.map((text, i) => ({ text, value: text, selected: i === 0 })),
  current: { text: texts[0], value: texts[0] },
  multi: false,
  includeAll: false
});

/** A text to type in. */
export const typed = (name, label, description) => ({
  type: 'textbox',
  name,
  label,
  description,
  query: '',
  current: { text: '', value: '' },
  options: [{ text: '', value: '', selected: true }]
});

const byName = (name, properties) => ({
  matcher: { id: 'byName', options: name },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value }))
});

const byRegexp = (regexp, properties) => ({
  ...byName('', properties),
  matcher: { id: 'byRegexp', options: regexp }
});

const escaped = (text) => text.replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&');

/** Series are named by figure and unit, such as `mean Cel`: the unit decides how it is shown. */
const BY_UNIT = Object.entries(UNITS).map(([unit, grafana]) =>
  byRegexp(`/ ${escaped(unit)}$/`, { unit: grafana })
);

/** The band between `min` and `max` of a unit. */
const BANDS = Object.keys(UNITS).map((unit) =>
  byName(`max ${unit}`, { 'custom.fillBelowTo': `min ${unit}` })
);

const panel = (type, title, description, query, gridPos, more) => ({
  type,
  title,
  description,
  datasource: DATASOURCE,
  gridPos,
  targets: [target(query)],
  ...more
});

const LINE = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  fillOpacity: 0,
  showPoints: 'auto',
  pointSize: 4,
  // A line never crosses a gap: windows without readings are null, and nulls stay open.
  spanNulls: false
};

/** A chart over time. `custom` changes how series are drawn; `repeat` is a variable. */
export const chart = (title, description, query, gridPos, options = {}) => {
  const { unit, custom, overrides = [], repeat, repeatAcross = 2 } = options;
  return panel('timeseries', title, description, query, gridPos, {
    fieldConfig: {
      defaults: { ...(unit && { unit }), custom: { ...LINE, ...custom } },
      overrides
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'none' }
    },
    ...(repeat && { repeat, repeatDirection: 'h', maxPerRow: repeatAcross })
  });
};

/** Overrides of a chart of one point: unit, band, and single readings as dots. */
export const POINT_OVERRIDES = [
  ...BY_UNIT,
  ...BANDS,
  byRegexp('/^(min|max) /', { 'custom.lineWidth': 0, 'custom.fillOpacity': 20 }),
  // Between two readings nothing is known, so no line joins them.
  byRegexp('/^reading /', { 'custom.drawStyle': 'points' })
];

/** Overrides of a chart with one line for each window of a repair. */
export const WINDOW_OVERRIDES = BY_UNIT;

/** A table; `columns` are the first columns from left to right, and their properties. */
export const table = (title, description, query, gridPos, columns = {}) =>
  panel('table', title, description, query, gridPos, {
    fieldConfig: {
      defaults: { custom: { align: 'auto', filterable: true, inspect: false } },
      overrides: Object.entries(columns)
        .filter(([, properties]) => Object.keys(properties).length > 0)
        .map(([name, properties]) => byName(name, properties))
    },
    transformations: [
      {
        id: 'organize',
        options: {
          indexByName: Object.fromEntries(Object.keys(columns).map((name, i) => [name, i]))
        }
      }
    ],
    options: { showHeader: true, cellHeight: 'sm', frameIndex: 0 }
  });

/** Marks on the charts. */
const marks = (name, query) => ({
  name,
  datasource: DATASOURCE,
  enable: true,
  hide: false,
  iconColor: 'orange',
  target: { ...target(query), refId: 'Anno' }
});

export const dashboard = (uid, title, description, { variables, annotations = {}, panels }) => ({
  uid,
  title,
  description,
  tags: ['aftercare'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  graphTooltip: 1,
  timezone: 'browser',
  time: { from: 'now-6h', to: 'now' },
  refresh: '',
  links: [
    {
      type: 'dashboards',
      title: 'Aftercare',
      tags: ['aftercare'],
      icon: '',
      tooltip: '',
      targetBlank: false,
      asDropdown: true,
      includeVars: true,
      keepTime: true
    }
  ],
  templating: { list: variables },
  annotations: { list: Object.entries(annotations).map(([name, query]) => marks(name, query)) },
  panels: panels.map((panel, i) => ({ id: i + 1, ...panel }))
});
