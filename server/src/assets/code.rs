//! The short code on a machine's label: Crockford's base 32 with his check symbol
//! (<https://www.crockford.com/base32.html>), so that a code that is read out or typed wrongly is
//! nobody's instead of another machine's.

use sqlx::{Any, AnyPool, Transaction};

use crate::http::Problem;

/// Symbols of the values 0 to 31.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols before the check symbol: 35 bits.
const LENGTH: u32 = 7;

/// The check symbol of a value; none where it would be one of `*~$=`, which nobody can dictate: such
/// values are not given out.
fn check_symbol(value: u64) -> Option<char> {
    match value % 37 {
        36 => Some('U'),
        check => symbol(check),
    }
}

fn symbol(value: u64) -> Option<char> {
    let index = usize::try_from(value).ok()?;
    SYMBOLS.get(index).map(|symbol| char::from(*symbol))
}

/// The code of a value, when it may be given out.
fn written(value: u64) -> Option<String> {
    let check = check_symbol(value)?;
    let symbols = (0..LENGTH).rev().map(|place| symbol((value >> (5 * place)) & 31));
    let mut code: String = symbols.collect::<Option<_>>()?;
    code.push(check);
    Some(code)
}

fn value_of(symbol: char) -> Option<u64> {
    let symbol = match symbol {
        'O' => '0',
        'I' | 'L' => '1',
        symbol => symbol,
    };
    SYMBOLS.iter().position(|s| char::from(*s) == symbol).map(|index| index as u64)
}

/// Reads a code as people type it: in small letters, with hyphens or spaces, with O for 0 and I or L
/// for 1. None when it is no code, or one with a mistake.
pub(crate) fn read(text: &str) -> Option<String> {
    let plain = text.trim().to_uppercase();
    let symbols: Vec<char> = plain.chars().filter(|c| *c != '-' && *c != ' ').collect();
    let (check, symbols) = symbols.split_last()?;
    if symbols.len() != LENGTH as usize {
        return None;
    }
    let value = symbols.iter().try_fold(0, |value, s| Some((value << 5) | value_of(*s)?))?;
    let code = written(value)?;
    let same = code.ends_with(*check) || (*check != 'U' && value_of(*check) == Some(value % 37));
    same.then_some(code)
}

/// A code that no machine has yet.
pub(crate) async fn free(tx: &mut Transaction<'_, Any>) -> Result<String, sqlx::Error> {
    loop {
        let Some(code) = written(rand::random_range(0..1 << (5 * LENGTH))) else { continue };
        let taken: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE code = $1")
            .bind(&code)
            .fetch_optional(&mut **tx)
            .await?;
        if taken.is_none() {
            return Ok(code);
        }
    }
}

/// Gives codes to machines that an older version has registered; called at the start.
pub(crate) async fn give_to_older(database: &AnyPool) -> Result<(), sqlx::Error> {
    let older: Vec<String> =
        sqlx::query_scalar("SELECT id FROM assets WHERE code IS NULL").fetch_all(database).await?;
    for id in older {
        let mut tx = database.begin().await?;
        let code = free(&mut tx).await?;
        sqlx::query("UPDATE assets SET code = $2 WHERE id = $1 AND code IS NULL")
            .bind(id)
            .bind(code)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Refuses a text that is no code.
pub(super) fn needed(text: &str) -> Result<String, Problem> {
    read(text).ok_or_else(|| {
        Problem::Invalid("this is no code of a label: one of its signs was read wrongly".into())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_is_read_however_people_write_it(value in 0u64..1 << 35) {
            let Some(code) = written(value) else { return Ok(()) };
            let (front, back) = code.split_at(4);
            for spelling in [
                code.clone(),
                format!(" {}-{} ", front.to_lowercase(), back.to_lowercase()),
                code.replace('0', "o").replace('1', "l"),
            ] {
                prop_assert_eq!(read(&spelling), Some(code.clone()), "{}", spelling);
            }
        }

        #[test]
        fn one_wrong_sign_or_two_that_changed_places_are_noticed(
            value in 0u64..1 << 35, place in 0usize..7, other in 0usize..32,
        ) {
            let Some(code) = written(value) else { return Ok(()) };
            let mut wrong: Vec<char> = code.chars().collect();
            wrong[place] = char::from(SYMBOLS[other]);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(read(&wrong).is_some(), wrong == code);
            let mut swapped: Vec<char> = code.chars().collect();
            swapped.swap(place, place + 1);
            let swapped: String = swapped.into_iter().collect();
            // The check symbol U is no symbol of a value, so it cannot stand elsewhere.
            prop_assert_eq!(read(&swapped).is_some(), swapped == code);
        }
    }

    #[test]
    fn what_is_no_code_is_nobodys() {
        for wrong in ["", "-", "0000000", "000000000", "0000001*", "ÄÖÜ00000", "SN-48121"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read("0000000-0").as_deref(), Some("00000000"));
    }
}
