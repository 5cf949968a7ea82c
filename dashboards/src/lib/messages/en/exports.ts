/** Files to keep or to hand on. */
export const exports = {
  title: 'Export',
  lead: 'Everything that you may see, as CSV tables that spreadsheets and other programs read.',
  kinds: {
    customers: 'Customers',
    contacts: 'Contacts',
    sites: 'Sites',
    assets: 'Machines',
    requests: 'Requests',
    tickets: 'Tickets',
    work_orders: 'Work orders',
    visits: 'Visits',
    surveys: 'Surveys'
  },
  readings:
    'Readings of a machine are saved from its history; all of them, also as Parquet and for InfluxDB, by “aftercare export” in a shell.',
  none: 'There is nothing that you may export.',
  evidence: 'Evidence report',
  evidenceLead:
    'Readings, steps and signatures as they stand now, signed. “aftercare verify” checks every byte of it without this server.',
  page: 'Open the report',
  document: 'Signed document (JSON)'
};
