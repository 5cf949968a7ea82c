//! Published drivers as [`board::sensor::Sensor`], one file a sensor.
#![no_std]
