//! Files that other programs wrote, and files that nobody should have written.

use std::fs::File;
use std::io::{Seek as _, Write as _};

use exchange::{Format, ReadError, Rows};

fn file(text: impl AsRef<[u8]>) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_ref()).unwrap();
    file.rewind().unwrap();
    file
}

/// Each row as `place: board/channel/unit time value` or `place: cause`.
fn told(format: Format, text: impl AsRef<[u8]>) -> Vec<String> {
    let rows = Rows::open(format, file(text)).unwrap().map(Result::unwrap);
    rows.map(|row| match row.reading {
        Ok(r) => format!(
            "{}: {}/{}/{} {} {:?}",
            row.place, r.series.board, r.series.channel, r.series.unit, r.measured_at_us, r.value
        ),
        Err(cause) => format!("{}: {cause}", row.place),
    })
    .collect()
}

#[test]
fn csv_of_a_spreadsheet_is_read_whatever_the_order_of_its_columns() {
    let text = "\u{feff}time,value,board,channel,unit,note\r\n\
                2026-01-01T01:00:00+01:00, 5 ,b1,t,Cel,x\r\n\
                2026-01-01T00:00:00.0000015Z,-1e-3,b1,\"a,\"\"b\",,\r\n";
    assert_eq!(
        told(Format::Csv, text),
        ["2: b1/t/Cel 1767225600000000 5.0", "3: b1/a,\"b/ 1767225600000001 -0.001",]
    );
}

#[test]
fn a_bad_line_of_csv_is_named_and_the_others_are_read() {
    let text = "board,channel,unit,time,value\n\
                b1,t,Cel,yesterday,5\n\
                b1,t,Cel,2026-01-01T00:00:00Z,warm\n\
                b1,t,Cel\n\
                b1,t,Cel,2026-01-01T00:00:00Z,NaN\n\
                b1,t,Cel,2026-01-01T00:00:01Z,5\n";
    assert_eq!(
        told(Format::Csv, text),
        [
            "2: time \"yesterday\" is not RFC 3339",
            "3: value \"warm\" is no number",
            "4: 3 columns instead of 5",
            "5: b1/t/Cel 1767225600000000 NaN",
            "6: b1/t/Cel 1767225601000000 5.0",
        ]
    );
}

#[test]
fn line_protocol_by_the_standard_rules_is_read() {
    let text = "# a comment\n\n\
                pump,board=b1,channel=oil\\ temperature,unit=%RH value=5i 1767225600000001999\n\
                m,channel=t,board=b1,unit=a\\,b\\=c value=2.5,state=\"on\" -1\n\
                reading,board=b1,channel=t,unit=% value=1e-3 0\n\
                reading,board=b1,channel=t,unit=%25RH value=7u 1000";
    assert_eq!(
        told(Format::Lines, text),
        [
            "3: b1/oil temperature/%RH 1767225600000001 5.0",
            "4: b1/t/a,b=c -1 2.5",
            "5: b1/t/ 0 0.001",
            "6: b1/t/%RH 1 7.0",
        ]
    );
}

#[test]
fn a_bad_line_of_line_protocol_is_named_and_the_others_are_read() {
    let long = format!("reading,board={} value=1 0", "x".repeat(70_000));
    let text = format!(
        "reading,board=b1,channel=t value=1 5000\n\
         no line at all\n\
         reading,board=b1 value=1 5000\n\
         reading,board=b1,channel=t value=\"warm\" 5000\n\
         reading,board=b1,channel=t value=1\n\
         reading,board=b1,channel=t value=NaN 5000\n\
         {long}\n\
         reading,board=b1,channel=t other=1 5000\n\
         reading,board=b1,channel=t value=2 6000\n"
    );
    let told = told(Format::Lines, text);
    assert_eq!(told.first().unwrap(), "1: b1/t/ 5 1.0");
    assert!(told[1].starts_with("2: not line protocol: "), "{told:?}");
    assert_eq!(told[2], "3: the line has no tag channel");
    assert_eq!(told[3], "4: value is no number");
    assert_eq!(told[4], "5: the line has no time");
    assert!(told[5].starts_with("6: not line protocol: "), "{told:?}");
    assert_eq!(told[6], "7: the line is longer than 65536 bytes");
    assert_eq!(told[7], "8: the line has no field value");
    assert_eq!(told[8], "9: b1/t/ 6 2.0");
}

#[test]
fn a_file_of_another_kind_is_refused_with_its_reason() {
    let refused = |format, text: &str| Rows::open(format, file(text)).err().unwrap();
    for format in [Format::Csv, Format::Parquet, Format::Lines] {
        assert!(matches!(refused(format, ""), ReadError::Empty));
    }
    let said = refused(Format::Csv, "timestamp,value\n1,2\n").to_string();
    assert_eq!(
        said,
        "the first line has no column \"board\"; it has to be board,channel,unit,time,value"
    );
    let said = refused(Format::Parquet, "board,channel,unit,time,value\n").to_string();
    assert!(said.starts_with("the file is damaged or cut short: "), "{said}");
}
