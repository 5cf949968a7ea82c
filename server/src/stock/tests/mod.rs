//! What stock promises.

mod ledger;
mod reservations;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

/// Three depots of the house and a part, of which nothing is there yet.
struct Store<'a> {
    town: &'a Town,
    pub part: String,
    pub north: String,
    pub south: String,
    /// Of `own-technician`.
    pub van: String,
}

impl<'a> Store<'a> {
    async fn of(town: &'a Town) -> anyhow::Result<Self> {
        let part = json!({"part_number": "6204", "name": "Bearing",
            "price": {"minor": 900, "currency": "EUR"}});
        let north =
            json!({"name": "North", "kind": "warehouse", "latitude": 54.0, "longitude": 10.0});
        let south =
            json!({"name": "South", "kind": "warehouse", "latitude": 48.0, "longitude": 10.0});
        let van = json!({"name": "Van", "kind": "van", "technician_id": "own-technician"});
        Ok(Self {
            part: made(town, "/api/v1/parts", part).await?,
            north: made(town, "/api/v1/depots", north).await?,
            south: made(town, "/api/v1/depots", south).await?,
            van: made(town, "/api/v1/depots", van).await?,
            town,
        })
    }

    async fn post(&self, what: &str, body: Value) -> anyhow::Result<(StatusCode, Value)> {
        let path = format!("/api/v1/stock/{what}");
        let mut body = body;
        body["part_id"] = json!(self.part);
        body["why"] = json!("in a test");
        self.town.ask("dispatcher", Method::POST, &path, Some(&body)).await
    }

    async fn receive(&self, depot: &str, quantity: i64) -> anyhow::Result<Value> {
        let body = json!({"depot_id": depot, "quantity": quantity});
        let (status, level) = self.post("receipts", body).await?;
        assert_eq!(status, StatusCode::OK, "{level}");
        Ok(level)
    }

    async fn level(&self, depot: &str) -> anyhow::Result<Value> {
        let path = format!("/api/v1/stock?part={}&depot={depot}", self.part);
        let (_, page) = self.town.ask("technician", Method::GET, &path, None).await?;
        Ok(page["items"][0].clone())
    }

    /// On hand, reserved, picked.
    async fn figures(&self, depot: &str) -> anyhow::Result<(i64, i64, i64)> {
        let level = self.level(depot).await?;
        let figure = |key: &str| level[key].as_i64().unwrap_or_default();
        Ok((figure("on_hand"), figure("reserved"), figure("picked")))
    }

    async fn moves(&self, depot: &str) -> anyhow::Result<Vec<Value>> {
        let path = format!("/api/v1/stock/moves?part={}&depot={depot}", self.part);
        let (_, page) = self.town.ask("technician", Method::GET, &path, None).await?;
        Ok(page["items"].as_array().cloned().unwrap_or_default())
    }

    async fn minimum(&self, depot: &str, minimum: i64) -> anyhow::Result<Value> {
        let body = json!({"part_id": self.part, "depot_id": depot, "minimum": minimum, "why": "w"});
        let path = "/api/v1/stock/minimum";
        let (status, level) = self.town.ask("dispatcher", Method::PUT, path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{level}");
        Ok(level)
    }
}

async fn made(town: &Town, path: &str, body: Value) -> anyhow::Result<String> {
    let (status, made) = town.ask("dispatcher", Method::POST, path, Some(&body)).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    Ok(made["id"].as_str().unwrap_or_default().to_owned())
}
