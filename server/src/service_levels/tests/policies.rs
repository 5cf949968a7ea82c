//! What policies say, and what no policy can say.

use super::*;

#[tokio::test]
async fn the_presets_are_there_as_the_handbooks_say() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let policies = show(&town, "/api/v1/sla-policies").await?;
        let target = |name: &str, kind: &str| {
            let mut items = policies["items"].as_array().into_iter().flatten();
            let policy = items.find(|p| p["name"] == name).cloned().unwrap_or_default();
            let targets = policy["content"]["targets"].as_array().cloned().unwrap_or_default();
            targets.iter().find(|t| t["kind"] == kind).map(|t| t["seconds"].clone())
        };
        for (name, kind, hours) in [
            ("A", "first_response", Some(4)),
            ("A", "resolution", Some(24)),
            ("A", "return_handling", Some(48)),
            ("B", "first_response", Some(2)),
            ("B", "resolution", Some(48)),
            ("B", "return_handling", Some(24)),
            ("B", "call_back", Some(7 * 24)),
            ("B", "shipment_update", Some(2)),
            ("C", "return_handling", Some(24)),
            ("C", "repair", Some(84)),
            ("C", "first_response", None),
        ] {
            let seconds = hours.map(|hours: i64| json!(hours * 3_600));
            assert_eq!(target(name, kind), seconds, "{name} {kind}");
        }
        let goals = policies["items"][1]["content"]["goals"].to_string();
        assert!(goals.contains("call-backs answered"), "{goals}");
    }
    Ok(())
}

#[tokio::test]
async fn a_preview_says_what_a_policy_would_promise() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/sla-policies/A/preview";
        // Friday, 16:00 in Berlin, on the weekend of the change to summer time.
        let friday = json!({"priority": "high", "start": "2026-03-27T15:00:00Z",
            "time_zone": "europe/berlin"});
        let (status, preview) = post(&town, path, friday).await?;
        assert_eq!(status, StatusCode::OK, "{preview}");
        let due = |at: usize| preview["targets"][at]["due_at"].clone();
        // An hour on Friday, three on Monday, from 09:00 on, which is 07:00 UTC now.
        assert_eq!(due(0), "2026-03-30T10:00:00Z");
        // Eight hours of Friday are left, sixteen of Monday follow.
        assert_eq!(due(1), "2026-03-30T14:00:00Z");
        let nowhere = json!({"priority": "high", "start": "2026-03-27T15:00:00Z",
            "time_zone": "Middle/Earth"});
        assert_eq!(post(&town, path, nowhere).await?.0, StatusCode::BAD_REQUEST);
    }
    Ok(())
}

#[tokio::test]
async fn what_can_never_be_due_is_no_policy() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let policy = |target: Value| json!({"targets": [target], "due_soon_percent": 75});
        let path = "/api/v1/sla-policies/gold";
        for target in [
            json!({"kind": "resolution", "seconds": 0}),
            json!({"kind": "resolution", "seconds": 100_000_000_000_i64}),
            json!({"kind": "resolution", "seconds": 3_600, "calendar": "nobody's"}),
        ] {
            let (status, problem) = put(&town, path, policy(target.clone())).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{target}: {problem}");
        }
        let hour = json!({"kind": "resolution", "seconds": 3_600});
        let twice = json!({"targets": [hour, hour], "due_soon_percent": 75});
        assert_eq!(put(&town, path, twice).await?.0, StatusCode::BAD_REQUEST);
        let (status, _) = town.ask("admin", Method::GET, path, None).await?;
        assert_eq!(status, StatusCode::NOT_FOUND, "nothing of it was kept");
        let closed = json!({"week": {}, "holidays": []});
        let (status, _) = put(&town, "/api/v1/calendars/never", closed).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    Ok(())
}

#[tokio::test]
async fn hours_that_are_too_few_for_a_policy_are_refused() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let year =
            json!({"kind": "repair", "seconds": 50 * 40 * 3_600, "calendar": "working-hours"});
        let policy = json!({"targets": [year], "due_soon_percent": 75});
        let (status, _) = put(&town, "/api/v1/sla-policies/gold", policy).await?;
        assert_eq!(status, StatusCode::OK);
        let mornings = json!({"week": {"monday": [{"from": "09:00", "to": "12:00"}]}});
        let path = "/api/v1/calendars/working-hours";
        let (status, problem) = put(&town, path, mornings).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        let versions = show(&town, path).await?;
        assert_eq!(versions["items"].as_array().map(Vec::len), Some(1));
    }
    Ok(())
}

#[tokio::test]
async fn another_default_policy_holds_for_what_is_promised_from_now_on() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let why = json!({"why": "our own handbook"});
        let path = "/api/v1/sla-policies/B/default";
        let (status, _) = town.ask("manager", Method::POST, path, Some(&why)).await?;
        assert_eq!(status, StatusCode::OK);
        let (status, _) =
            town.ask("manager", Method::POST, "/api/v1/sla-policies/Z/default", Some(&why)).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let ticket = ticket(&town).await?;
        let clock = clock(&town, &ticket, "first_response").await?;
        assert_eq!((&clock["policy"], &clock["target_s"]), (&json!("B"), &json!(7_200)));
    }
    Ok(())
}

#[tokio::test]
async fn changes_of_one_policy_at_once_are_versions_one_after_the_other() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let changes = (0..6).map(|_| resolve_within(&town, 8, "working-days"));
        for changed in futures_util::future::join_all(changes).await {
            changed?;
        }
        let versions = show(&town, "/api/v1/sla-policies/A").await?;
        let numbers: Vec<_> = versions["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|v| v["version"].as_i64().unwrap_or_default())
            .collect();
        assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1], "each is a version, with who and why");
    }
    Ok(())
}
