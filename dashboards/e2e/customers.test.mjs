// Customer service keeps the customer file: who they are, whom to talk to, where the machines stand; and
// sees in it what is open. What their role may not read is not missed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot } from './browser.mjs';
import { customer, PASSWORD, person, ticket } from './house.mjs';

let opened;
let page;
let house;
let about;
const again = Date.now() % 100_000;
const name = `Kept House ${again}`;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const account = await person(opened, `counter${again}`, 'customer_service');
  house = await customer(opened, 'Filed House');
  about = await ticket(opened, house, 'Fan belt slips');
  await page.goto(`${opened.url}/customers`);
  await page.getByLabel('E-mail address').fill(account.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
});

after(async () => {
  await opened?.browser.close();
});

const dialog = () => page.getByRole('dialog');
async function save() {
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().waitFor({ state: 'detached' });
}

test('the list says what is open and is searched by the address', async () => {
  await page.getByLabel('Find a customer').fill(house.customer.name);
  const row = page.getByTestId('customer').filter({ hasText: house.customer.name });
  await row.getByText('1 open ticket').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('q'), house.customer.name);
  await row.getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: house.customer.name }).waitFor();
  await page
    .getByRole('link', { name: new RegExp(about.title) })
    .first()
    .waitFor();
  await page.getByText(house.asset.name).waitFor();
});

test('a customer is entered with a contact and a site', async () => {
  await page.goto(`${opened.url}/customers`);
  await page.getByRole('button', { name: 'New customer' }).click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Give a name first.').waitFor();
  await dialog().getByLabel('Name').fill(name);
  await dialog().getByLabel('High risk').check();
  await dialog().getByLabel('Notes').fill('Call before every visit.');
  await save();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText('Call before every visit.').waitFor();

  await page.getByRole('button', { name: 'Add a contact' }).click();
  await dialog().getByLabel('Name').fill('Mira Holm');
  await dialog().getByLabel('Phone').fill('+49 40 555 77');
  await save();
  const contact = page.getByTestId('contact').filter({ hasText: 'Mira Holm' });
  await contact.getByRole('link', { name: '+494055577' }).waitFor();

  await page.getByRole('button', { name: 'Add a site' }).click();
  await dialog().getByLabel('Name').fill('North hall');
  await dialog().getByLabel('Degrees north').fill('53.54');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('A place has both degrees, or none.').waitFor();
  await dialog().getByLabel('Degrees east').fill('9.98');
  await save();
  await page.getByTestId('site').filter({ hasText: 'North hall' }).waitFor();
  await shot(page, 'customer');
});

test('what is changed has a reason, and the second of two is told', async () => {
  const contact = page.getByTestId('contact').filter({ hasText: 'Mira Holm' });
  await contact.getByRole('button', { name: 'Change…' }).click();
  await dialog().getByLabel('What they do there').fill('Plant manager');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Say why it is changed.').waitFor();
  await dialog().getByLabel('Why it is changed').fill('she told us');

  const { items } = await ask(opened, 'GET', `/api/v1/contacts?q=Mira`);
  const same = items.find(({ customer_name: of }) => of === name);
  await ask(opened, 'PATCH', `/api/v1/contacts/${same.id}`, { role: 'Boss', why: 'meanwhile' });
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByRole('alert').filter({ hasText: /\S/ }).waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).last().click();
  await page.reload();
  await contact.getByText('Boss').waitFor();
  await contact.getByRole('button', { name: 'Change…' }).click();
  await dialog().getByLabel('What they do there').fill('Plant manager');
  await dialog().getByLabel('Why it is changed').fill('she told us');
  await save();
  await contact.getByText('Plant manager').waitFor();
});

test('the search leads to a contact in the file', async () => {
  await page.keyboard.press('Control+k');
  await dialog().getByRole('combobox', { name: 'Search' }).fill(`Mira ${again}`);
  await dialog().getByRole('group', { name: 'Contacts' }).getByRole('option').first().click();
  await page.locator('[data-testid=contact].chosen').getByText('Mira Holm').waitFor();
});

test('a request is opened by whoever may not read its changes', async () => {
  const { items } = await ask(opened, 'GET', `/api/v1/requests?ticket=${about.id}`);
  await page.goto(`${opened.url}/requests/${items[0].id}`);
  await page.getByRole('heading', { level: 1, name: about.title }).waitFor();
  await page.getByRole('heading', { name: 'What was said' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'History' }).count(), 0);
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
