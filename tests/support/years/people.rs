//! Who works here, who the customers are, and what machines they have.

use super::random::Random;
use super::rows::Rows;
use super::{DAY_US, Years};

pub(super) struct Machine {
    pub id: String,
    pub name: String,
    pub serial: String,
    pub customer: String,
    pub site: String,
    pub contact: String,
}

pub(super) struct House {
    pub machines: Vec<Machine>,
    pub technicians: Vec<String>,
}

const FIRST: [&str; 12] = [
    "Nordic", "Golden", "Harbour", "River", "Alpine", "Sunrise", "Central", "United", "Green",
    "Silver", "东方", "長江",
];
const SECOND: [&str; 12] = [
    "Foods",
    "Dairy",
    "Steel",
    "Textiles",
    "Logistics",
    "Plastics",
    "Brewery",
    "Hospital",
    "Printing",
    "Bakery",
    "机械",
    "食品",
];
const STREETS: [&str; 6] =
    ["Quay", "Mill Lane", "Station Road", "Market Street", "Dock", "Ring Road"];
const AREAS: [&str; 8] = ["north", "south", "east", "west", "centre", "harbour", "hills", "coast"];
const NAMES: [&str; 12] = [
    "Kari", "Mei", "Anders", "Li Wei", "Sofia", "Jonas", "Yuki", "Peter", "Chen Jie", "Maria",
    "Tom", "Aisha",
];
const SURNAMES: [&str; 10] =
    ["Berg", "Larsen", "Wang", "Novak", "Rossi", "Tanaka", "Silva", "Olsen", "Huang", "Meyer"];
const KINDS: [(&str, &str, [&str; 3]); 4] = [
    ("compressor", "Compressor", ["GA-37", "GA-55", "GX-11"]),
    ("pump", "Pump", ["CR-32", "NB-80", "MQ-3"]),
    ("chiller", "Chiller", ["RTAC-140", "WSAN-20", "CGAM-60"]),
    ("packer", "Packer", ["BP-200", "BP-400", "VX-9"]),
];
const ZONES: [&str; 4] = ["Europe/Oslo", "Europe/Berlin", "Asia/Shanghai", "UTC"];

fn role_of(number: usize) -> &'static str {
    // Of every twenty accounts.
    match number % 20 {
        0 => "manager",
        1 => "engineer",
        2 => "quality",
        3 => "dispatcher",
        4 | 5 => "customer_service",
        6..=11 => "technician",
        _ => "customer",
    }
}

pub(super) fn settle(years: &Years, random: &mut Random, rows: &mut Rows) -> House {
    let since = years.until_us - years.days * DAY_US;
    let mut technicians = Vec::new();
    let person = |random: &mut Random| format!("{} {}", random.of(&NAMES), random.of(&SURNAMES));
    for number in 0..years.accounts {
        let (id, role) = (format!("account-{number}"), role_of(number));
        rows.add(
            "accounts (id, email, name, role, language, limited, state, created_at, version)",
            &[
                &id,
                &format!("{id}@example.com"),
                &person(random),
                &role,
                &"en",
                &i64::from(role == "customer"),
                &"active",
                &since,
                &1_i64,
            ],
        );
        rows.add(
            "api_tokens (id, name, scope, secret_sha256, created_at, account_id)",
            &[&format!("token-{number}"), &id, &role, &digest(&id), &since, &id],
        );
        if role == "technician" {
            rows.add(
                "technicians (account_id, skills, areas, hours, turn, version)",
                &[&id, &"[]", &format!("[\"{}\"]", random.of(&AREAS)), &HOURS, &0_i64, &1_i64],
            );
            technicians.push(id);
        }
    }
    let places = customers(years, since, random, rows);
    let machines = (0..years.assets).map(|number| machine(number, since, &places, random, rows));
    let machines = machines.collect();
    House { machines, technicians }
}

const HOURS: &str = "{\"time_zone\":\"UTC\",\"schedule\":{\"week\":{\"monday\":[{\"from\":\"08:00\",\
    \"to\":\"16:00\"}]},\"holidays\":[]}}";

struct Place {
    customer: String,
    site: String,
    contact: String,
}

fn customers(years: &Years, since: i64, random: &mut Random, rows: &mut Rows) -> Vec<Place> {
    let mut places = Vec::new();
    for number in 0..years.customers {
        let id = random.id(since);
        let name = format!("{} {} {}", random.of(&FIRST), random.of(&SECOND), number + 1);
        rows.add(
            "customers (id, name, segment, language, high_risk, priority_lane, notes, created_at, \
             version)",
            &[
                &id,
                &name,
                &random.of(&["", "", "key account", "industry"]),
                &random.of(&["en", "en", "zh-Hans", "zh-Hant"]),
                &i64::from(random.chance(0.03)),
                &i64::from(random.chance(0.05)),
                &"",
                &since,
                &1_i64,
            ],
        );
        let contact = random.id(since);
        for contact in [contact.clone(), random.id(since)] {
            let who = format!("{} {}", random.of(&NAMES), random.of(&SURNAMES));
            let phone = format!("+47{:08}", random.below(100_000_000));
            rows.add(
                "contacts (id, customer_id, name, email, phone, language, role, created_at, version)",
                &[&contact, &id, &who, &format!("{contact}@example.com"), &phone, &"en",
                    &random.of(&["", "plant manager", "operator"]), &since, &1_i64],
            );
        }
        for part in 0..1 + random.below(2) {
            let site = random.id(since);
            let address = format!("{} {}", random.of(&STREETS), 1 + random.below(200));
            rows.add(
                "sites (id, customer_id, name, address, area, time_zone, latitude, longitude, \
                 access_notes, created_at, version)",
                &[
                    &site,
                    &id,
                    &format!("{} {}", random.of(&["Plant", "Depot", "Workshop"]), part + 1),
                    &address,
                    &random.of(&AREAS),
                    &random.of(&ZONES),
                    &(59.0 + random.uniform()),
                    &(10.0 + random.uniform()),
                    &"",
                    &since,
                    &1_i64,
                ],
            );
            places.push(Place { customer: id.clone(), site, contact: contact.clone() });
        }
        // Customers who sign in see one customer's machines.
        let account = 20 * (number / 8) + 12 + number % 8;
        if account < years.accounts {
            rows.add(
                "account_customers (account_id, customer_id)",
                &[&format!("account-{account}"), &id],
            );
        }
    }
    places
}

fn machine(
    number: usize,
    since: i64,
    places: &[Place],
    random: &mut Random,
    rows: &mut Rows,
) -> Machine {
    let (kind, called, models) = random.of(&KINDS);
    let place = &places[random.below(places.len())];
    let machine = Machine {
        id: random.id(since),
        name: format!("{called} {}", number + 1),
        serial: format!("{}-{:06}", random.of(&["AX", "BK", "CT"]), number),
        customer: place.customer.clone(),
        site: place.site.clone(),
        contact: place.contact.clone(),
    };
    rows.add(
        "assets (id, name, kind, model, serial, learning_s, site_id, created_at, version)",
        &[
            &machine.id,
            &machine.name,
            &kind,
            &random.of(&models),
            &machine.serial,
            &0.0,
            &place.site,
            &since,
            &1_i64,
        ],
    );
    machine
}

/// As tokens are kept.
fn digest(secret: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
