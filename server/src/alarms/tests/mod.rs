//! Rules of alarms on real databases.
