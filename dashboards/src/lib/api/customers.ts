import { type Transport, withBody } from './transport';
import type {
  Asset,
  Change,
  Contact,
  ContactChange,
  Contract,
  Customer,
  CustomerChange,
  NewContact,
  NewCustomer,
  NewSite,
  Page,
  Site,
  SiteChange,
  Survey
} from './types';

const customerAt = (id: string) => `/api/v1/customers/${encodeURIComponent(id)}`;
const contactAt = (id: string) => `/api/v1/contacts/${encodeURIComponent(id)}`;
const siteAt = (id: string) => `/api/v1/sites/${encodeURIComponent(id)}`;
const ofCustomer = (id: string) => new URLSearchParams({ customer: id });

/** The customer file: who they are, where their machines stand, and whom to talk to. */
export class CustomersApi {
  constructor(private readonly transport: Transport) {}

  /** By name. */
  list(): Promise<Customer[]> {
    return this.transport.all('/api/v1/customers');
  }

  show(id: string): Promise<Customer> {
    return this.transport.json(customerAt(id));
  }

  add(customer: NewCustomer): Promise<Customer> {
    return this.transport.json('/api/v1/customers', withBody('POST', customer));
  }

  change(id: string, change: CustomerChange, version: number): Promise<Customer> {
    return this.transport.json(customerAt(id), withBody('PATCH', change, version));
  }

  contacts(customerId: string): Promise<Contact[]> {
    return this.transport.all(`/api/v1/contacts?${ofCustomer(customerId)}`);
  }

  contact(id: string): Promise<Contact> {
    return this.transport.json(contactAt(id));
  }

  addContact(contact: NewContact): Promise<Contact> {
    return this.transport.json('/api/v1/contacts', withBody('POST', contact));
  }

  changeContact(id: string, change: ContactChange, version: number): Promise<Contact> {
    return this.transport.json(contactAt(id), withBody('PATCH', change, version));
  }

  sites(customerId: string): Promise<Site[]> {
    return this.transport.all(`/api/v1/sites?${ofCustomer(customerId)}`);
  }

  addSite(site: NewSite): Promise<Site> {
    return this.transport.json('/api/v1/sites', withBody('POST', site));
  }

  changeSite(id: string, change: SiteChange, version: number): Promise<Site> {
    return this.transport.json(siteAt(id), withBody('PATCH', change, version));
  }

  machines(customerId: string): Promise<Asset[]> {
    return this.transport.all(`/api/v1/assets?${ofCustomer(customerId)}`);
  }

  contracts(customerId: string): Promise<Contract[]> {
    return this.transport.all(`/api/v1/contracts?${ofCustomer(customerId)}`);
  }

  /** The newest of them. */
  surveys(customerId: string): Promise<Survey[]> {
    return this.#first(`/api/v1/surveys?${ofCustomer(customerId)}`);
  }

  /** The newest first. */
  history(customerId: string): Promise<Change[]> {
    const query = new URLSearchParams({ subject_kind: 'customer', subject_id: customerId });
    return this.transport.all(`/api/v1/changes?${query}`);
  }

  /** The first of those that have some words, for a choice while somebody types. */
  find(words: string): Promise<Customer[]> {
    return this.#first(`/api/v1/customers?${new URLSearchParams({ q: words })}`);
  }

  findContacts(words: string): Promise<Contact[]> {
    return this.#first(`/api/v1/contacts?${new URLSearchParams({ q: words })}`);
  }

  findMachines(words: string): Promise<Asset[]> {
    return this.#first(`/api/v1/assets?${new URLSearchParams({ q: words })}`);
  }

  async #first<T>(path: string): Promise<T[]> {
    const page: Page<T> = await this.transport.json(path);
    return page.items;
  }
}
