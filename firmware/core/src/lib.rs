//! What every sensor board does, whatever it is made of: sample, judge, keep, report, obey.
//!
//! No I/O, no clock, no allocator, no `unsafe`: a board owns the wires, the agent owns the
//! decisions. Readings go through one pipeline, a module a step: [`schedule`] says when,
//! [`filter`] makes one reading of many samples, [`calibration`] makes it true, [`health`] judges
//! the sensor, [`reporting`] decides whether it is news, [`ring`] and [`storage`] keep it until
//! its acknowledgement has come.
#![no_std]

#[cfg(test)]
extern crate std;

pub mod agent;
pub mod boot;
pub mod calibration;
mod cbor;
mod checksum;
pub mod clock;
pub mod config;
pub mod filter;
pub mod health;
pub mod limits;
mod outbox;
mod pack;
pub mod refusal;
pub mod reporting;
pub mod ring;
pub mod schedule;
pub mod sensor;
mod settings;
pub mod storage;
