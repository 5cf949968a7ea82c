//! Rows on their way into the database, many in one statement.

use sqlx::{Any, Transaction};

/// A value as SQL writes it.
pub(super) trait Literal {
    fn sql(&self) -> String;
}

impl Literal for i64 {
    fn sql(&self) -> String {
        self.to_string()
    }
}

impl Literal for f64 {
    fn sql(&self) -> String {
        format!("{self:?}")
    }
}

impl Literal for &str {
    fn sql(&self) -> String {
        format!("'{}'", self.replace('\'', "''"))
    }
}

impl Literal for String {
    fn sql(&self) -> String {
        self.as_str().sql()
    }
}

impl<T: Literal> Literal for Option<T> {
    fn sql(&self) -> String {
        self.as_ref().map_or_else(|| "NULL".to_owned(), Literal::sql)
    }
}

/// Rows by table, in the order in which tables were first written to: what is referred to goes first.
#[derive(Default)]
pub(super) struct Rows(Vec<(&'static str, Vec<String>)>);

const AT_ONCE: usize = 500;

impl Rows {
    /// A row; `into` is the table with its columns.
    pub fn add(&mut self, into: &'static str, values: &[&dyn Literal]) {
        let row = values.iter().map(|value| value.sql()).collect::<Vec<_>>().join(", ");
        match self.0.iter_mut().find(|(table, _)| *table == into) {
            Some((_, rows)) => rows.push(row),
            None => self.0.push((into, vec![row])),
        }
    }

    pub async fn write(&mut self, tx: &mut Transaction<'static, Any>) -> sqlx::Result<()> {
        for (into, rows) in &mut self.0 {
            for rows in rows.chunks(AT_ONCE) {
                let sql = format!("INSERT INTO {into} VALUES ({})", rows.join("), ("));
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await?;
            }
            rows.clear();
        }
        Ok(())
    }
}
