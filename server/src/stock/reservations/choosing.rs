//! Which depot keeps a part for a work order, and why: the van of whoever goes, else the nearest depot
//! with enough. Vans of others and shelves at other sites are left alone.

use sqlx::{Any, FromRow, Transaction};

use crate::http::Problem;
use crate::planning::Place;

/// A depot that has some of the part free.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub depot_id: String,
    pub name: String,
    pub free: i64,
    /// The van of whoever goes.
    pub own_van: bool,
    /// At the site of the machine.
    pub at_site: bool,
    /// Of everybody: a warehouse.
    pub shared: bool,
    pub place: Option<Place>,
}

/// Depots in the order in which they are asked, each with the reasons; and why each of the others not.
#[derive(Debug, PartialEq)]
pub(super) struct Ranking {
    pub depots: Vec<(String, Vec<String>)>,
    pub refused: Vec<String>,
}

/// Ranks the candidates for so many pieces at a site.
pub(super) fn rank(candidates: &[Candidate], site: Option<Place>, quantity: i64) -> Ranking {
    let km = |c: &Candidate| match c.at_site {
        true => Some(0.0),
        false => Some(site?.km_to(c.place?)),
    };
    let mut enough: Vec<&Candidate> = Vec::new();
    let mut refused = Vec::new();
    for c in candidates {
        if !(c.own_van || c.at_site || c.shared) {
            refused.push(format!("{} has {}, but is kept for others", c.name, c.free));
        } else if c.free < quantity {
            refused.push(format!("{} has {}, not {quantity}", c.name, c.free));
        } else {
            enough.push(c);
        }
    }
    // What is nowhere known to be comes last.
    let far = |c: &Candidate| km(c).unwrap_or(f64::INFINITY);
    enough.sort_by(|a, b| {
        b.own_van
            .cmp(&a.own_van)
            .then_with(|| far(a).total_cmp(&far(b)))
            .then_with(|| a.name.cmp(&b.name))
    });
    let depots = enough.iter().enumerate().map(|(place, c)| {
        let mut reasons = vec![format!("{} has {} free", c.name, c.free)];
        reasons.push(match (c.own_van, c.at_site, km(c)) {
            (true, _, _) => "it is the van of whoever goes".to_owned(),
            (_, true, _) => "it is at the site".to_owned(),
            (_, _, Some(km)) if place == 0 => format!("the nearest with enough: {km:.0} km"),
            (_, _, Some(km)) => format!("{km:.0} km away"),
            (_, _, None) => "how far it is, is not known".to_owned(),
        });
        (c.depot_id.clone(), reasons)
    });
    Ranking { depots: depots.collect(), refused }
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    free: i64,
    technician_id: Option<String>,
    site_id: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

fn place(latitude: Option<f64>, longitude: Option<f64>) -> Option<Place> {
    latitude.zip(longitude).map(|(latitude, longitude)| Place { latitude, longitude })
}

/// Where a work order is done, and who goes.
pub(super) struct Work {
    pub site_id: Option<String>,
    pub technician_id: Option<String>,
}

/// Ranks the depots that have some of a part free.
pub(super) async fn ranking(
    tx: &mut Transaction<'_, Any>,
    part_id: &str,
    quantity: i64,
    work: &Work,
) -> Result<Ranking, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT d.id, d.name, l.on_hand - l.reserved AS free, d.technician_id, d.site_id, \
         coalesce(d.latitude, s.latitude) AS latitude, coalesce(d.longitude, s.longitude) AS longitude \
         FROM stock_levels l JOIN depots d ON d.id = l.depot_id LEFT JOIN sites s ON s.id = d.site_id \
         WHERE l.part_id = $1 AND l.on_hand > l.reserved AND (d.site_id IS NULL OR d.site_id = $2) \
         ORDER BY d.name",
    )
    .bind(part_id)
    .bind(work.site_id.as_deref())
    .fetch_all(&mut **tx)
    .await?;
    let site: Option<(Option<f64>, Option<f64>)> =
        sqlx::query_as("SELECT latitude, longitude FROM sites WHERE id = $1")
            .bind(work.site_id.as_deref())
            .fetch_optional(&mut **tx)
            .await?;
    let candidates: Vec<_> = rows
        .into_iter()
        .map(|r| Candidate {
            own_van: r.technician_id.is_some() && r.technician_id == work.technician_id,
            at_site: r.site_id.is_some(),
            shared: r.technician_id.is_none() && r.site_id.is_none(),
            place: place(r.latitude, r.longitude),
            depot_id: r.id,
            name: r.name,
            free: r.free,
        })
        .collect();
    Ok(rank(&candidates, site.and_then(|(north, east)| place(north, east)), quantity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depot(name: &str, free: i64, latitude: Option<f64>) -> Candidate {
        let place = latitude.map(|latitude| Place { latitude, longitude: 0.0 });
        let (depot_id, name) = (name.to_owned(), name.to_owned());
        Candidate { depot_id, name, free, own_van: false, at_site: false, shared: true, place }
    }

    fn names(ranking: &Ranking) -> Vec<&str> {
        ranking.depots.iter().map(|(id, _)| id.as_str()).collect()
    }

    const SITE: Option<Place> = Some(Place { latitude: 50.0, longitude: 0.0 });

    #[test]
    fn the_van_of_whoever_goes_is_first_then_the_nearest() {
        let van = Candidate { own_van: true, shared: false, ..depot("van", 2, None) };
        let shelf = Candidate { at_site: true, shared: false, ..depot("shelf", 2, None) };
        let all = [
            depot("unknown", 9, None),
            depot("far", 9, Some(52.0)),
            depot("near", 2, Some(50.5)),
            shelf,
            van,
        ];
        let ranking = rank(&all, SITE, 2);
        assert_eq!(names(&ranking), ["van", "shelf", "near", "far", "unknown"]);
        assert_eq!(ranking.depots[0].1[1], "it is the van of whoever goes");
        assert_eq!(ranking.depots[2].1, ["near has 2 free", "56 km away"]);
    }

    #[test]
    fn what_has_too_few_or_is_kept_for_others_says_so() {
        let other = Candidate { shared: false, ..depot("other van", 9, Some(50.0)) };
        let ranking = rank(&[depot("near", 1, Some(50.1)), other], SITE, 2);
        assert!(ranking.depots.is_empty());
        assert_eq!(
            ranking.refused,
            ["near has 1, not 2", "other van has 9, but is kept for others"]
        );
    }
}
