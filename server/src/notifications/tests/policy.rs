//! The rules as policy data.

use super::*;

pub(super) async fn rules(office: &Office, rules: Value) -> Result<Value, Problem> {
    let body = json!({
        "retry": {"first_s": 60, "longest_s": 3600, "give_up_after_s": 86_400}, "rules": rules,
        "why": "in a test",
    });
    let changed =
        super::super::change_rules(me(), State(office.app.clone()), Json(from_json(body)));
    Ok(serde_json::to_value(&changed.await?.0).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_of_the_rules_holds_and_the_old_one_stays_on_record() -> anyhow::Result<()> {
    for office in Office::each().await? {
        rules(&office, json!([])).await?;
        assert_eq!(office.tell(mended("resolved:7")).await?, Notified::default(), "no rule");
        let wanted = json!([
            {"event": "ticket_resolved", "audience": "customer", "channels": ["email"], "urgent": true},
        ]);
        assert_eq!(rules(&office, wanted.clone()).await?["version"], 3);
        assert_eq!(office.tell(mended("resolved:7")).await?.queued, 1);
        assert!(text(&office.message().await?, "rule").contains("version 3"));
        let query = axum::extract::Query::try_from_uri(&"/".parse()?)?;
        let page = super::super::list_rules(State(office.app.clone()), query).await?;
        let versions = serde_json::to_value(&page.0)?["items"].clone();
        assert_eq!(versions[0]["rules"], wanted);
        assert_eq!(versions[2]["by"], "aftercare");
        assert_eq!(versions[2]["retry"]["give_up_after_s"], 3 * 86_400);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_make_no_sense_are_refused() -> anyhow::Result<()> {
    let office = Office::on(Database::Sqlite, true).await?;
    let rule = |audience: &str, channels: Value| json!({"event": "ticket_resolved", "audience": audience, "channels": channels});
    for wrong in [
        json!([rule("everybody", json!(["email"]))]),
        json!([rule("role:", json!(["email"]))]),
        json!([rule("customer", json!([]))]),
        json!([rule("customer", json!(["email", "email"]))]),
        json!([rule("customer", json!(["email"])), rule("customer", json!(["webhook"]))]),
        json!([{"event": "test", "audience": "customer", "channels": ["email"]}]),
    ] {
        let answer = rules(&office, wrong.clone()).await;
        assert!(matches!(answer, Err(Problem::Invalid(_))), "{wrong}: {answer:?}");
    }
    Ok(())
}
