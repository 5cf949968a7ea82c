//! Files that cannot be imported, and exports that cannot be made: a clear word, nothing half-done.

use std::path::{Path, PathBuf};

use system_tests::{Aftercare, Said, awkward_recording, binary};
use tokio::process::Command;

fn file(dir: &Path, name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let file = dir.join(name);
    std::fs::write(&file, text)?;
    Ok(file)
}

async fn imported(server: &Aftercare, files: &[&Path]) -> anyhow::Result<Said> {
    Said::by(server.command("import").args(files)).await
}

#[tokio::test]
async fn a_file_that_cannot_be_imported_is_refused_with_its_reason_and_nothing_goes_in()
-> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    let good = awkward_recording(dir.path(), 10)?;
    let truncated = dir.path().join("truncated.parquet");
    let whole = dir.path().join("whole.parquet");
    server.import(&good).await?;
    server.export(&whole).await?;
    let bytes = std::fs::read(&whole)?;
    std::fs::write(&truncated, &bytes[..bytes.len() - 9])?;
    let before = server.everything(dir.path()).await?;
    let line = "b9,t,Cel,2026-01-01T00:00:00Z,1\n";
    let other = file(dir.path(), "other.csv", &format!("board,channel,unit,time,value\n{line}"))?;
    for (bad, cause) in [
        (file(dir.path(), "empty.csv", "")?, "the file is empty"),
        (file(dir.path(), "header.csv", "time,value\n")?, "has no column \"board\""),
        (file(dir.path(), "readings.txt", line)?, "the ending names no format"),
        (truncated, "the file is damaged or cut short"),
        (dir.path().join("missing.csv"), "cannot read"),
    ] {
        // The good file beside it waits until all are good.
        let said = imported(&server, &[&other, &bad]).await?;
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
        let name = bad.display().to_string();
        assert!(said.err.contains(cause) && said.err.contains(&name), "{said:?}");
    }
    assert_eq!(server.everything(dir.path()).await?, before);
    Ok(())
}

#[tokio::test]
async fn lines_that_are_no_readings_are_named_and_the_others_go_in() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    let lines = "pump,board=b1,channel=pressure,unit=bar value=2 1767225600000000000\n\
                 this is no line\n\
                 pump,board=b1,channel=pressure,unit=bar value=1e400 1767225601000000000\n\
                 pump,board=b1,channel=pressure,unit=bar value=2 -1\n\
                 pump,board=b1,channel=pressure,unit=bar value=2 4102444800000000000\n\
                 pump,board=b\\ 1,channel=pressure,unit=bar value=2 1767225601000000000\n\
                 pump,board=b1,channel=pressure,unit=bar value=3 1767225602000000000\n";
    let file = file(dir.path(), "lines.lp", lines)?;
    let tried = Said::by(server.command("import").arg(&file).arg("--dry-run")).await?;
    assert_eq!(tried.code, Some(1));
    assert!(
        tried.out.contains("2 readings of 1 series would be sent; 5 were refused"),
        "{tried:?}"
    );
    assert_eq!(server.everything(dir.path()).await?.lines().count(), 1, "nothing was sent");

    let said = imported(&server, &[&file]).await?;
    assert_eq!(said.code, Some(1));
    for cause in [
        "lines.lp:2: not line protocol: ",
        "lines.lp:3: the value is not finite",
        "lines.lp:4: the time is before 1970",
        "lines.lp:5: the time is more than a day ahead of now",
        "lines.lp:6: board \"b 1\": the name holds ' '",
        "5 readings were refused",
    ] {
        assert!(said.err.contains(cause), "{cause}: {said:?}");
    }
    assert_eq!(
        server.everything(dir.path()).await?,
        "board,channel,unit,time,value\n\
         b1,pressure,Pa,2026-01-01T00:00:00.000000Z,200000.0\n\
         b1,pressure,Pa,2026-01-01T00:00:02.000000Z,300000.0\n"
    );
    Ok(())
}

#[tokio::test]
async fn an_export_that_fails_leaves_no_file_and_replaces_none() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Aftercare::server(&dir.path().join("data"), &[]).await?;
    let out = dir.path().join("out");
    std::fs::create_dir(&out)?;
    let export = async |more: &[&str], name: &str, token: &str| {
        let mut command = Command::new(binary());
        command.args(["export", "--output"]).arg(out.join(name)).args(more);
        Said::by(command.env("AFTERCARE_TOKEN", token)).await
    };
    let here = ["--server", server.http.as_str()];
    let elsewhere = ["--server", "http://127.0.0.1:9"];
    let unknown = ["--server", server.http.as_str(), "--asset", "Pump 8"];
    let device = ["--server", server.http.as_str(), "--force", "--format", "csv"];
    let both = ["--asset", "a", "--board", "b"];
    let token = system_tests::TOKEN;
    for (more, name, token, code, cause) in [
        (&here[..], "a.csv", "", 1, "AFTERCARE_TOKEN is not set"),
        (&here, "a.csv", "wrong", 1, "401 Unauthorized"),
        (&here, "a.xlsx", token, 1, "the ending names no format"),
        (&elsewhere, "a.csv", token, 1, "cannot reach the server at http://127.0.0.1:9"),
        (&unknown, "a.csv", token, 1, "there is no machine \"Pump 8\""),
        (&["--from", "yesterday"], "a.csv", token, 2, "give a day such as"),
        (&both, "a.csv", token, 2, "cannot be used with"),
        (&here, "nowhere/a.csv", token, 1, "cannot write"),
        (&device, "/dev/null", token, 1, "is no regular file"),
    ] {
        let said = export(more, name, token).await?;
        assert_eq!((said.code, said.out.as_str()), (Some(code), ""), "{said:?}");
        assert!(said.err.contains(cause), "{cause}: {said:?}");
        assert_eq!(std::fs::read_dir(&out)?.count(), 0, "nothing half-written");
    }
    assert_eq!(export(&here, "a.csv", token).await?.code, Some(0));
    std::fs::write(out.join("a.csv"), "mine")?;
    let said = export(&here, "a.csv", token).await?;
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("is there already; --force replaces it"), "{said:?}");
    assert_eq!(std::fs::read_to_string(out.join("a.csv"))?, "mine");
    Ok(())
}
