//! Surveys that an older version has written are carried over.

use system_tests::Database;

const CHANGE: i64 = 27;
const WRITTEN: &str = "
INSERT INTO customers (id, name, segment, language, high_risk, priority_lane, notes, created_at, version)
  VALUES ('c', 'Wang Ltd', '', 'en', 0, 0, '', 0, 1);
INSERT INTO sites (id, customer_id, name, address, area, time_zone, access_notes, created_at, version)
  VALUES ('s', 'c', 'Plant', '', '', 'UTC', '', 0, 1);
INSERT INTO assets (id, name, kind, learning_s, created_at, site_id)
  VALUES ('a', 'Pump', 'pump', 60, 0, 's'), ('b', 'Fan', 'fan', 60, 0, NULL);
INSERT INTO tickets (id, number, asset_id, signature, state, title, opened_at, since_at, deviations)
  VALUES ('t', 7, 'a', 'x', 'closed', 'high', 1, 1, '[]'), ('u', 8, 'b', 'x', 'closed', 'high', 1, 1, '[]');
INSERT INTO surveys (id, ticket_id, asset_id, secret, policy_version, criteria, state, rule, created_at,
  expires_at, answered_at, score, comment, tags) VALUES
  ('q1', 't', 'a', 'one', 3, '[]', 'answered', 'r', 5, 6, 7, 4.25, 'quick', '[\"slow\"]'),
  ('q2', 'u', 'b', 'two', 3, '[]', 'open', 'r', 5, 6, NULL, NULL, '', '[]');
INSERT INTO survey_answers (survey_id, criterion, value) VALUES ('q1', 'support', 4);
";

type Kept = (String, Option<String>, Option<String>, String, Option<f64>, String);

#[tokio::test]
async fn surveys_of_an_older_version_keep_their_answers_and_get_their_customer()
-> anyhow::Result<()> {
    sqlx::any::install_default_drivers();
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let (url, indexes) = match &database {
            Database::Sqlite => (
                format!("sqlite://{}?mode=rwc", dir.path().join("b.db").display()),
                "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'surveys' \
                 AND name NOT LIKE 'sqlite_%' ORDER BY name",
            ),
            Database::Postgres(postgres) => (
                postgres.url.clone(),
                "SELECT CAST(indexname AS TEXT) FROM pg_indexes WHERE tablename = 'surveys' \
                 AND indexname NOT IN ('surveys_pkey', 'surveys_secret') ORDER BY indexname",
            ),
        };
        let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await?;
        if matches!(database, Database::Sqlite) {
            sqlx::raw_sql("PRAGMA foreign_keys = ON").execute(&pool).await?;
        }
        let migrations = sqlx::migrate!();
        let (before, after): (Vec<_>, Vec<_>) = migrations.iter().partition(|m| m.version < CHANGE);
        for migration in before {
            sqlx::raw_sql(migration.sql.clone()).execute(&pool).await?;
        }
        sqlx::raw_sql(WRITTEN).execute(&pool).await?;
        for migration in after {
            let mut tx = pool.begin().await?;
            sqlx::raw_sql(migration.sql.clone()).execute(&mut *tx).await?;
            tx.commit().await?;
        }
        let kept: Vec<Kept> = sqlx::query_as(
            "SELECT id, customer_id, ticket_id, secret, score, tags FROM surveys ORDER BY id",
        )
        .fetch_all(&pool)
        .await?;
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            kept,
            [
                ("q1".into(), text("c"), text("t"), "one".into(), Some(4.25), "[\"slow\"]".into()),
                ("q2".into(), None, text("u"), "two".into(), None, "[]".into())
            ]
        );
        let answers: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT survey_id, criterion, value FROM survey_answers")
                .fetch_all(&pool)
                .await?;
        assert_eq!(answers, [("q1".into(), "support".into(), 4)]);
        let indexes: Vec<String> = sqlx::query_scalar(indexes).fetch_all(&pool).await?;
        let all = ["asked", "customer", "due", "scores", "ticket"];
        assert_eq!(indexes, all.map(|name| format!("surveys_{name}")));
        for refused in [
            "DELETE FROM surveys WHERE id = 'q1'",
            "UPDATE surveys SET customer_id = 'nobody'",
            "UPDATE surveys SET secret = 'one'",
            "UPDATE surveys SET ticket_id = NULL WHERE id = 'q1'",
        ] {
            assert!(sqlx::query(refused).execute(&pool).await.is_err(), "{refused}");
        }
    }
    Ok(())
}
