//! What an older version has written is carried over.

use system_tests::Database;

const BEFORE: [&str; 4] = [
    include_str!("../../../migrations/0001_first_light.sql"),
    include_str!("../../../migrations/0002_sessions.sql"),
    include_str!("../../../migrations/0003_calibrations.sql"),
    include_str!("../../../migrations/0004_reading_deletions.sql"),
];
const CHANGE: &str = include_str!("../../../migrations/0005_alarms_after_isa_18_2.sql");
const WRITTEN: &str = "
INSERT INTO assets (id, name, kind, learning_s, created_at) VALUES ('a', 'Pump', 'pump', 60, 0);
INSERT INTO tickets (id, number, asset_id, signature, state, title, opened_at, since_at, deviations)
  VALUES ('t', 7, 'a', 'deviation', 'closed', 'high', 1, 1, '[]');
INSERT INTO ticket_steps (id, ticket_id, at, from_state, to_state, who, why)
  VALUES ('s', 't', 5000000, 'resolved', 'closed', 'Ada', 'done');
INSERT INTO alarms (id, asset_id, signature, state, priority, summary, since_at, raised_at,
  cleared_at, deviations, ticket_id) VALUES
  ('l1', 'a', 'deviation', 'normal', 'medium', 'high', 1, 2, 3, '[]', 't'),
  ('l2', 'a', 'deviation', 'acknowledged_active', 'medium', 'high', 4, 5, NULL, '[]', NULL);
";

#[tokio::test]
async fn alarms_and_closed_tickets_of_an_older_version_are_carried_over() -> anyhow::Result<()> {
    sqlx::any::install_default_drivers();
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let url = match &database {
            Database::Sqlite => format!("sqlite://{}?mode=rwc", dir.path().join("b.db").display()),
            Database::Postgres(postgres) => postgres.url.clone(),
        };
        let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await?;
        for sql in BEFORE.into_iter().chain([WRITTEN, CHANGE]) {
            sqlx::raw_sql(sql).execute(&pool).await?;
        }
        let alarms: Vec<(String, String, String, Option<i64>)> = sqlx::query_as(
            "SELECT l.id, l.tag, l.state, o.cleared_at FROM alarms l \
             JOIN alarm_occurrences o ON o.alarm_id = l.id AND o.raised_at = l.raised_at \
             ORDER BY l.id",
        )
        .fetch_all(&pool)
        .await?;
        let (tag, active) = ("deviation".to_owned(), "acknowledged_active".to_owned());
        assert_eq!(
            alarms,
            [
                ("l1".to_owned(), tag.clone(), "normal".to_owned(), Some(3)),
                ("l2".to_owned(), tag, active, None)
            ]
        );
        let (closed, until): (i64, i64) =
            sqlx::query_as("SELECT closed_at, probation_until FROM tickets")
                .fetch_one(&pool)
                .await?;
        assert_eq!((closed, until), (5_000_000, 5_000_000 + 2_592_000_000_000));
    }
    Ok(())
}
