//! What customers sent back, a return for every twenty-fifth ticket.

use sqlx::{Any, Transaction};

use super::people::House;
use super::random::Random;
use super::rows::Rows;
use super::{DAY_US, Years};

const WORDS: &str = "{\"en\":\"Defective\",\"zh-Hans\":\"故障\",\"zh-Hant\":\"故障\"}";

pub(super) async fn come(
    tx: &mut Transaction<'static, Any>,
    years: &Years,
    house: &House,
    random: &mut Random,
    rows: &mut Rows,
) -> sqlx::Result<()> {
    let taken: i64 = sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM returns")
        .fetch_one(&mut **tx)
        .await?;
    let span = (years.days * DAY_US) as f64;
    for number in (taken + 1..).take(years.tickets.div_ceil(25)) {
        let asked = years.until_us - (span * random.uniform()) as i64;
        let (id, machine) = (random.id(asked), &house.machines[random.below(house.machines.len())]);
        let kind = random.of(&["return", "exchange", "repair_exchange"]);
        let mut steps = vec![("requested", asked)];
        for (state, usual) in [
            ("approved", DAY_US),
            ("received", 4 * DAY_US),
            ("inspected", DAY_US),
            ("closed", 2 * DAY_US),
        ] {
            let at = steps[steps.len() - 1].1 + random.around(usual, 0.5);
            if at < years.until_us {
                steps.push((state, at));
            } else {
                break;
            }
        }
        let (state, since) = steps[steps.len() - 1];
        rows.add(
            "returns (id, number, kind, state, customer_id, site_id, asset_id, quantity, reason, \
             reason_words, note, method, place, policy_version, priority_lane, stocked, secret, created_at, \
             created_by, closed_at, version)",
            &[&id, &number, &kind, &state, &machine.customer, &machine.site, &machine.id, &1_i64,
                &"defective", &WORDS, &"", &"pick_up", &"", &0_i64, &0_i64, &0_i64, &id, &asked,
                &"account-4", &(state == "closed").then_some(since), &(steps.len() as i64)],
        );
        for (place, (state, at)) in steps.iter().enumerate() {
            rows.add(
                "return_steps (id, return_id, state, at, left_at)",
                &[&random.id(*at), &id, state, at, &steps.get(place + 1).map(|(_, left)| *left)],
            );
        }
    }
    Ok(())
}
