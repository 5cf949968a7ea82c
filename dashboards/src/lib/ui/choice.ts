import type { Asset, Contact, Customer } from '$lib/api/types';

/** Something to choose. */
export interface Choice<T> {
  id: string;
  title: string;
  /** What tells it from others of the same title. */
  detail: string;
  value: T;
}

const joined = (...words: (string | null)[]) => words.filter(Boolean).join(' · ');

export const contactChoice = (contact: Contact): Choice<Contact> => ({
  id: contact.id,
  title: contact.name,
  detail: joined(contact.customer_name, contact.phone, contact.email),
  value: contact
});

export const customerChoice = (customer: Customer): Choice<Customer> => ({
  id: customer.id,
  title: customer.name,
  detail: customer.segment,
  value: customer
});

export const machineChoice = (machine: Asset): Choice<Asset> => ({
  id: machine.id,
  title: machine.name,
  detail: joined(machine.model, machine.serial, machine.customer_name, machine.site_name),
  value: machine
});
