//! Copies of the whole store while it is written to.
//!
//! The journal is copied first and the months after: readings that are sealed in between are in
//! both copies, which is harmless. Deletions in between are repeated on the copy. Rollups are
//! copied where they are all that is left of a month; the others are built again from its readings.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::refused;
use super::folder::{Holds, MonthFile};
use super::{Embedded, Inner};
use crate::{Resolution, StoreError};

impl Inner {
    /// Copies everything that is written by now into a folder that is not there yet.
    pub(super) fn backup(&self, into: &Path) -> Result<(), StoreError> {
        let _one_at_a_time = self.backups.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if into.exists() {
            return Err(StoreError::Query("the folder of a backup must not be there yet"));
        }
        // Under another name until it is whole.
        let mut partial = into.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let copied = self.copy(&partial).and_then(|()| {
            sync_files(&partial)?;
            fs::rename(&partial, into).map_err(|e| refused(e, into))?;
            sync(into.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
        });
        self.writer().deletions_during_backup = None;
        if copied.is_err() {
            let _ = fs::remove_dir_all(&partial);
        }
        copied
    }

    fn copy(&self, into: &Path) -> Result<(), StoreError> {
        if into.exists() {
            fs::remove_dir_all(into).map_err(|e| refused(e, into))?;
        }
        fs::create_dir_all(into).map_err(|e| refused(e, into))?;
        let name = |path: &Path| into.join(path.file_name().unwrap_or_default());
        {
            let mut writer = self.writer();
            writer.deletions_during_backup = Some(Vec::new());
            writer.journal.copy(&name(writer.journal.path()))?;
        }
        for month in self.folder.months(Holds::Readings) {
            self.copy_file(MonthFile::readings(month), into)?;
        }
        // After the months: what expired in between is here.
        for resolution in Resolution::ALL {
            for month in self.folder.months(Holds::Rollups(resolution)) {
                if !name(&self.folder.path(MonthFile::readings(month))).exists() {
                    self.copy_file(MonthFile::rollups(month, resolution), into)?;
                }
            }
        }
        let deletions = self.writer().deletions_during_backup.take().unwrap_or_default();
        if !deletions.is_empty() {
            let copy = Embedded::open(into, self.retention, Arc::clone(&self.clock))?;
            for (id, range) in deletions {
                copy.inner.delete(&mut copy.inner.writer(), id, range)?;
            }
        }
        Ok(())
    }

    fn copy_file(&self, file: MonthFile, into: &Path) -> Result<(), StoreError> {
        let copy = into.join(self.folder.path(file).file_name().unwrap_or_default());
        self.folder.copy(file, &copy)
    }
}

fn sync_files(dir: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(dir).map_err(|e| refused(e, dir))? {
        sync(&entry.map_err(|e| refused(e, dir))?.path())?;
    }
    sync(dir)
}

fn sync(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|e| refused(e, path))
}
