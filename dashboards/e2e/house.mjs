// A small service house, made through the API: a customer with a site and a machine, a technician
// with an account, and a ticket with a work order.
import { ask } from './browser.mjs';

export const PASSWORD = 'correct horse battery';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** At every hour: a test may run at night. */
const ALWAYS = Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from: '00:00', to: '24:00' }]]));

/** Somebody with an account and a password. */
export async function person(server, name, role) {
  const email = `${name.toLowerCase()}.${Date.now()}@example.com`;
  const { account, password_code } = await ask(server, 'POST', '/api/v1/accounts', {
    email,
    name,
    role
  });
  const code = password_code.link.split('password=')[1];
  await ask(server, 'POST', '/api/v1/password', { code, password: PASSWORD });
  return account;
}

/** A technician, with what they know. */
export async function technician(server, name, skills = []) {
  const account = await person(server, name, 'technician');
  await ask(server, 'PUT', `/api/v1/technicians/${account.id}`, {
    hours: { time_zone: 'UTC', schedule: { week: ALWAYS } },
    skills,
    why: 'begins to work here'
  });
  return account;
}

/** A customer with a contact, a site and a machine; names end in a number, so that it can be made again. */
export async function customer(server, name = 'Harbour Cold Store') {
  const again = Date.now() % 100_000;
  const made = await ask(server, 'POST', '/api/v1/customers', { name: `${name} ${again}` });
  const site = await ask(server, 'POST', '/api/v1/sites', {
    customer_id: made.id,
    name: 'Hall 2',
    address: 'Quay Road 7',
    access_notes: 'Ring at the gate; helmets at the desk.',
    time_zone: 'UTC',
    latitude: 53.54,
    longitude: 9.98
  });
  const contact = await ask(server, 'POST', '/api/v1/contacts', {
    customer_id: made.id,
    name: 'Li Wei',
    email: 'li.wei@example.com',
    phone: '+49 40 555 010'
  });
  const asset = await ask(server, 'POST', '/api/v1/assets', {
    name: `Pump ${again}`,
    kind: 'pump',
    model: 'NB 40',
    serial: `SN-${again}`,
    site_id: site.id
  });
  return { customer: made, site, contact, asset };
}

/** A ticket, from a request on the phone; whose machine it is may be left out. */
export async function ticket(server, { customer: of, site, contact, asset }, title) {
  const request = await ask(server, 'POST', '/api/v1/requests', {
    channel: 'phone',
    customer_id: of?.id,
    site_id: site?.id,
    contact_id: contact?.id,
    asset_id: asset.id,
    subject: title,
    text: `${title}. Since this morning.`
  });
  await ask(server, 'POST', `/api/v1/requests/${request.id}/classification`, {
    urgency: 'urgent',
    scope: 'local',
    kind: 'product_quality'
  });
  const opened = await ask(server, 'POST', `/api/v1/requests/${request.id}/ticket`, {});
  return ask(server, 'GET', `/api/v1/tickets/${opened.ticket_id}`);
}

/** What is to be done about a ticket. */
export function workOrder(server, of, more = {}) {
  return ask(server, 'POST', '/api/v1/work-orders', {
    ticket_id: of.id,
    title: 'Replace the bearing',
    instructions: 'Isolate before opening the casing.',
    planned_minutes: 60,
    steps: ['Isolate', 'Replace the bearing', 'Run for ten minutes'],
    ...more
  });
}

/** Who goes when, from `inMinutes` on. */
export function visit(server, order, account, inMinutes = 30) {
  const from = Date.now() + inMinutes * 60_000;
  return ask(server, 'POST', '/api/v1/visits', {
    work_order_id: order.id,
    technician_id: account.id,
    starts_at: new Date(from).toISOString(),
    ends_at: new Date(from + 60 * 60_000).toISOString(),
    why: 'agreed with the customer'
  });
}

/** A playbook that fits the machines of these customers. */
export function playbook(server, name) {
  return ask(server, 'POST', '/api/v1/playbooks', {
    name,
    content: {
      applies: { models: ['NB 40'] },
      steps: [
        { text: 'Clear the hall', role: 'technician', minutes: 1 },
        { text: 'Close the main valve', role: 'technician', team: 'cold', minutes: 60 },
        { text: 'Call the customer', role: 'customer_service', minutes: 120 }
      ],
      contacts: [{ name: 'Fire brigade', reached_at: '+49 40 112' }],
      material: ['Gas detector', 'Gloves']
    },
    why: 'it happens'
  });
}

/** It fits no ticket any more: no other test meets it. */
export function retire(server, { id }) {
  return ask(server, 'PATCH', `/api/v1/playbooks/${id}`, {
    retired: true,
    why: 'the test is over'
  });
}
