//! What every sensor board does, whatever it is made of.
#![no_std]
